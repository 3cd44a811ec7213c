/** Data sections of an object as assembly: a label for each symbol and each place that something refers to. */

import type { ElfObject, ElfSection, Relocation } from "./elf-object.ts";
import { FLAG, SECTION } from "./elf-object.ts";
import { Inexpressible } from "./object-code.ts";
import type { Places } from "./places.ts";

/** `.section .rodata.cst4,"aM",@progbits,4` */
export function sectionLine({ name, flags, type, entryBytes }: ElfSection): string {
  if ([".text", ".data", ".bss"].includes(name)) return `\t${name}`;
  const letters = [
    ["a", FLAG.alloc],
    ["w", FLAG.write],
    ["x", FLAG.code],
    ["M", FLAG.merge],
    ["S", FLAG.strings],
    ["T", FLAG.tls],
  ] as const;
  const set = letters.filter(([, flag]) => (flags & flag) !== 0).map(([letter]) => letter);
  const kind = type === SECTION.noBits ? "@nobits" : "@progbits";
  const entry = (flags & FLAG.merge) === 0 ? "" : `,${entryBytes}`;
  return `\t.section\t${name},"${set.join("")}",${kind}${entry}`;
}

export const alignmentLine = (bytes: number): string[] =>
  bytes > 1 ? [`\t.p2align\t${Math.round(Math.log2(bytes))}`] : [];

/** Without labels first, because what data refers to gets labels; lines by their offset. Throws an Inexpressible. */
export function dataLines(
  object: ElfObject,
  section: ElfSection,
  places: Places,
): Map<number, string[]> {
  const starts = [...new Set([0, ...places.offsets(section.index)])].filter(
    (offset) => offset >= 0 && offset < section.size,
  );
  const lines = new Map<number, string[]>();
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? section.size;
    lines.set(start, blockLines({ object, section, places }, start, end));
  }
  return lines;
}

interface Where {
  readonly object: ElfObject;
  readonly section: ElfSection;
  readonly places: Places;
}

function blockLines(where: Where, start: number, end: number): string[] {
  const { section } = where;
  if (section.type === SECTION.noBits) return [`\t.zero\t${end - start}`];
  const inside = section.relocations.filter(({ offset }) => start <= offset && offset < end);
  const lines: string[] = [];
  let at = start;
  for (const relocation of inside) {
    lines.push(...plainLines(section, at, relocation.offset));
    const { line, bytes } = addressLine(where, relocation, start);
    lines.push(line);
    at = relocation.offset + bytes;
  }
  return [...lines, ...(isPadding(section, [at, end], inside) ? [] : plainLines(section, at, end))];
}

/** Zeros between a table of addresses and what is aligned behind it; an alignment puts them there again. */
function isPadding(
  { bytes, alignment }: ElfSection,
  [at, end]: readonly [number, number],
  relocations: readonly Relocation[],
): boolean {
  const isAligned = end - at < alignment && end % alignment === 0;
  return relocations.length > 0 && isAligned && bytes.subarray(at, end).every((byte) => byte === 0);
}

const ABSOLUTE: Readonly<Record<string, number>> = {
  "x86_64 1": 8,
  "x86_64 10": 4,
  "x86_64 11": 4,
  "aarch64 257": 8,
  "aarch64 258": 4,
};
const RELATIVE = ["x86_64 2", "aarch64 261"];

/** An entry of a jump table is relative to the table's start, which is where its block begins. */
function addressLine(
  { object, section, places }: Where,
  { type, offset, symbol, addend }: Relocation,
  table: number,
): { line: string; bytes: number } {
  const key = `${object.architecture} ${type}`;
  const bytes = ABSOLUTE[key];
  if (bytes !== undefined)
    return {
      bytes,
      line: `\t${bytes === 8 ? ".quad" : ".long"}\t${places.operand(symbol, addend)}`,
    };
  if (!RELATIVE.includes(key))
    throw new Inexpressible(
      `relocation ${type} of ${object.architecture} at ${section.name}+${offset}`,
    );
  const target = places.operand(symbol, addend - (offset - table));
  return { bytes: 4, line: `\t.long\t${target}-${places.label(section.index, table)}` };
}

const MIN_ZEROS = 8;

function plainLines(
  { bytes, flags, entryBytes, alignment }: ElfSection,
  start: number,
  end: number,
): string[] {
  if (start >= end) return [];
  const part = bytes.subarray(start, end);
  if (part.every((byte) => byte === 0) && part.length >= MIN_ZEROS)
    return [`\t.zero\t${part.length}`];
  if ((flags & FLAG.strings) !== 0 && entryBytes === 1) return stringLines(part);
  if (isText(part)) return stringLines(part);
  const unit =
    [8, 4].find((width) =>
      (flags & FLAG.merge) !== 0 ? entryBytes % width === 0 && part.length % width === 0 : false,
    ) ?? (alignment % 4 === 0 && part.length % 4 === 0 ? 4 : 1);
  return Array.from({ length: part.length / unit }, (_, index) =>
    numberLine(part, index * unit, unit),
  );
}

function numberLine(part: Buffer, at: number, unit: number): string {
  if (unit === 8) return `\t.quad\t${part.readBigInt64LE(at)}`;
  return unit === 4 ? `\t.long\t${part.readInt32LE(at)}` : `\t.byte\t${part.readUInt8(at)}`;
}

/** One string that ends where the block ends. */
const isText = (part: Buffer): boolean =>
  part.length > 1 &&
  part.indexOf(0) === part.length - 1 &&
  /^[\t\n\x20-\x7e]+$/.test(part.toString("latin1", 0, part.length - 1));

function stringLines(part: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < part.length;) {
    const end = part.indexOf(0, at);
    const isEnded = end >= 0;
    const text = [...part.subarray(at, isEnded ? end : undefined)].map(escaped).join("");
    lines.push(`\t${isEnded ? ".asciz" : ".ascii"}\t"${text}"`);
    at = isEnded ? end + 1 : part.length;
  }
  return lines;
}

const ESCAPES: Readonly<Record<number, string>> = {
  8: "\\b",
  9: "\\t",
  10: "\\n",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** As LLVM's assembly printer writes it. */
function escaped(byte: number): string {
  const known = ESCAPES[byte];
  if (known !== undefined) return known;
  return byte >= 32 && byte < 127
    ? String.fromCharCode(byte)
    : `\\${byte.toString(8).padStart(3, "0")}`;
}
