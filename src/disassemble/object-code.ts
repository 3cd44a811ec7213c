/**
 * Instructions of an object as assembly that can be assembled again: what llvm-objdump prints, with relocations written
 * as symbols and branch targets as labels.
 */

import type { Architecture } from "../tasks/dialect.ts";
import type { ElfObject, ElfSection, Relocation } from "./elf-object.ts";
import { type Places, quoted, sum } from "./places.ts";

export interface Instruction {
  readonly address: number;
  readonly text: string;
}

/** An instruction that cannot be written as assembly; the message names relocation and place. */
export class Inexpressible extends Error {}

/** By the sections' order in the object: objdump names them, and names may repeat. */
export function readDump(
  dump: string,
  sections: readonly ElfSection[],
): Map<number, Instruction[]> {
  const code = new Map<number, Instruction[]>();
  const queue = [...sections];
  let open: Instruction[] = [];
  for (const line of dump.split("\n")) {
    const [, name] = /^Disassembly of section (.*):$/.exec(line) ?? [];
    if (name !== undefined) {
      const section = queue.shift();
      if (section?.name !== name)
        throw new Inexpressible(`section ${name} of the dump is not where it was wanted`);
      code.set(section.index, (open = []));
    }
    const [, address, text] = /^\s*([0-9a-f]+):\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (address !== undefined && text !== undefined)
      open.push({ address: Number.parseInt(address, 16), text: withoutComment(text) });
  }
  return code;
}

const withoutComment = (text: string): string =>
  text
    .replace(/\s+(?:#|\/\/) .*$/, "")
    .replaceAll(/\s+/g, " ")
    .replace(
      /^(\w+l \$)(\d{10})(?=,)/,
      (_, before: string, digits: string) => before + signed(digits),
    )
    .trim();

/** objdump prints 32-bit immediates without sign, the compiler with it. */
const signed = (digits: string): number =>
  BigInt(digits) < 2n ** 32n ? Number(digits) | 0 : Number(digits);

export interface CodeSection {
  readonly object: ElfObject;
  readonly section: ElfSection;
  readonly places: Places;
}

/** One instruction with its operands by name. `next`: the address after it. Throws an Inexpressible. */
export function expressed(
  { address, text }: Instruction,
  next: number,
  { object, section, places }: CodeSection,
): string {
  const relocations = section.relocations.filter(
    ({ offset }) => address <= offset && offset < next,
  );
  if (relocations.length === 0) return withLocalTarget(text, section, places);
  return relocations.reduce((line, relocation) => {
    const how = { relocation, next, places };
    const done = EXPRESS[object.architecture](line, how);
    if (done !== undefined && done !== line) return done;
    throw new Inexpressible(
      `relocation ${relocation.type} of ${object.architecture} at ${section.name}+${relocation.offset} in "${text}"`,
    );
  }, text);
}

const TARGET = /(?:0x)?[0-9a-f]+ <[^>]*>$/;

/** A branch within its section. A call is to a function, a jump to a place of this one or, at a function's start, to that. */
function withLocalTarget(text: string, section: ElfSection, places: Places): string {
  const found = TARGET.exec(text)?.[0];
  if (found === undefined) return text;
  const offset = Number.parseInt(found, 16);
  return text.replace(TARGET, () => places.at(section.index, offset));
}

interface How {
  readonly relocation: Relocation;
  readonly next: number;
  readonly places: Places;
}

/** Undefined, or the text unchanged, where the relocation is not known. */
const EXPRESS: Readonly<Record<Architecture, (text: string, how: How) => string | undefined>> = {
  x86_64: expressX86,
  aarch64: expressAArch64,
};

const X86 = {
  direct64: 1,
  pc32: 2,
  plt32: 4,
  gotPc: [9, 41, 42, 43],
  direct32: [10, 11],
  gotTpOff: 22,
  tpOff32: 23,
} as const;

function expressX86(text: string, { relocation, next, places }: How): string | undefined {
  const { type, symbol, addend, offset } = relocation;
  const distance = addend + next - offset;
  const isBranch = /^(?:call|j)\w* /.test(text) && TARGET.test(text);
  if (type === X86.plt32 || type === X86.pc32) {
    const place = places.operand(symbol, distance);
    const isThroughTable = type === X86.plt32 && symbol.section === 0;
    if (isBranch) return text.replace(TARGET, () => (isThroughTable ? `${place}@PLT` : place));
    return atInstructionPointer(text, place);
  }
  const name = quoted(symbol.name);
  if (X86.gotPc.some((kind) => kind === type) && distance === 0)
    return atInstructionPointer(text, `${name}@GOTPCREL`);
  if (type === X86.gotTpOff && distance === 0)
    return atInstructionPointer(text, `${name}@GOTTPOFF`);
  if (type === X86.direct64)
    return text.replace(/\$0x0\b|\$0\b/, () => `$${places.operand(symbol, addend)}`);
  const isImmediate = offset + 4 === next && /\$(?:0x0|0)\b/.test(text);
  const isThread = type === X86.tpOff32;
  if (!isThread && !X86.direct32.some((kind) => kind === type)) return undefined;
  const place = isThread ? threadOperand(relocation, places) : places.operand(symbol, addend);
  return isImmediate
    ? text.replace(/\$(?:0x0|0)\b/, () => `$${place}`)
    : text.replace(DISPLACEMENT, (_, before: string) => before + place);
}

/** Where a displacement of 0 stands: before a bracket, or by itself. */
const DISPLACEMENT = /(^|[\s,:*])(?:(?:0x0|0)?(?=\([%,])|(?:0x0|0)(?=,|$))/;

/** A distance stands behind the mark of a symbol; a section's symbol gives way to a label of its own. */
function threadOperand({ symbol, addend }: Relocation, places: Places): string {
  if (symbol.kind === "section") return `${places.operand(symbol, addend)}@TPOFF`;
  return sum(`${quoted(symbol.name)}@TPOFF`, addend);
}

const atInstructionPointer = (text: string, place: string): string =>
  text.replace(/(?:-?(?:0x)?[0-9a-f]+)?\(%rip\)/, () => `${place}(%rip)`);

/** How an operand is written, by the relocation's number. */
const AARCH64: Readonly<Record<number, readonly [where: "last" | "index", before: string]>> = {
  274: ["last", ""],
  275: ["last", ""],
  276: ["last", ""],
  277: ["last", ":lo12:"],
  278: ["index", ":lo12:"],
  279: ["last", ""],
  280: ["last", ""],
  282: ["last", ""],
  283: ["last", ""],
  284: ["index", ":lo12:"],
  285: ["index", ":lo12:"],
  286: ["index", ":lo12:"],
  299: ["index", ":lo12:"],
  311: ["last", ":got:"],
  312: ["index", ":got_lo12:"],
  541: ["last", ":gottprel:"],
  542: ["index", ":gottprel_lo12:"],
  549: ["last", ":tprel_hi12:"],
  551: ["last", ":tprel_lo12_nc:"],
};

function expressAArch64(text: string, { relocation, places }: How): string | undefined {
  const [where, before] = AARCH64[relocation.type] ?? [];
  if (where === undefined || before === undefined) return undefined;
  const place = before + places.operand(relocation.symbol, relocation.addend);
  if (where === "index") return text.replace(/\](?=$)/, () => `, ${place}]`);
  return text.replace(/(?:(?:0x)?[0-9a-f]+ <[^>]*>|#(?:0x0|0))(?:, lsl #12)?$/, () => place);
}
