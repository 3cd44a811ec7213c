/**
 * Reads a relocatable ELF object: sections with their bytes, symbols, relocations. 64-bit, little-endian, x86_64 and
 * AArch64; relocations with addends, as both write them. Pure.
 * Source: System V ABI, chapter 4 (Object Files).
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Architecture } from "../tasks/dialect.ts";

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Empty for `.bss` and its like. */
  readonly bytes: Buffer;
  readonly size: number;
  readonly alignment: number;
  readonly entryBytes: number;
  /** In the order of their offsets. */
  readonly relocations: readonly Relocation[];
}

export interface ElfSymbol {
  /** "" for the symbol of a section. */
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly kind: "none" | "object" | "function" | "section" | "other";
  readonly binding: "local" | "global" | "weak";
  readonly isHidden: boolean;
  /** 0 where it is defined elsewhere; ABSOLUTE and COMMON are above all sections. */
  readonly section: number;
}

export interface Relocation {
  readonly offset: number;
  /** As the architecture's ABI numbers them. */
  readonly type: number;
  readonly symbol: ElfSymbol;
  readonly addend: number;
}

export interface ElfObject {
  readonly architecture: Architecture;
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
}

export const SECTION = { symbols: 2, rela: 4, noBits: 8 } as const;
export const FLAG = { write: 1, alloc: 2, code: 4, merge: 16, strings: 32, tls: 1024 } as const;
export const FIRST_SPECIAL_SECTION = 0xff00;

const MACHINES: Readonly<Record<number, Architecture>> = { 62: "x86_64", 183: "aarch64" };
const FILE_TYPES: Readonly<Record<number, string>> = {
  2: "a linked program",
  3: "a linked library or program",
  4: "a core dump",
};
const HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const RELA_BYTES = 24;

export const isElf = (bytes: Uint8Array): boolean =>
  bytes.byteLength >= 4 && Buffer.from(bytes.subarray(0, 4)).readUInt32BE() === 0x7f454c46;

/** "invalid" with what is wrong; a file that is cut off is one of them. */
export function readElfObject(bytes: Uint8Array): Outcome<ElfObject> {
  try {
    return readWhole(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return invalid("the object is cut off or its headers are broken: they point outside of it");
  }
}

const invalid = (message: string): Outcome<never> => ({ status: "invalid", message });

function readWhole(file: Buffer): Outcome<ElfObject> {
  if (file.byteLength < HEADER_BYTES || file[4] !== 2 || file[5] !== 1)
    return invalid("not a 64-bit little-endian ELF object; want one for x86_64 or aarch64");
  const machine = file.readUInt16LE(18);
  const architecture = MACHINES[machine];
  if (architecture === undefined)
    return invalid(`an object for ELF machine ${machine}; want x86_64 (62) or aarch64 (183)`);
  const type = file.readUInt16LE(16);
  if (type !== 1)
    return invalid(
      `${FILE_TYPES[type] ?? `ELF type ${type}`}; want an object that is not linked yet (.o)`,
    );
  const headers = readHeaders(file);
  const symbols = headers
    .filter((header) => header.type === SECTION.symbols)
    .flatMap((header) => readSymbols(file, header, headers[header.link]));
  const sections = headers.map((header, index) => ({
    index,
    name: header.name,
    type: header.type,
    flags: header.flags,
    size: header.size,
    alignment: header.alignment,
    entryBytes: header.entryBytes,
    bytes: bytesOf(file, header),
    relocations: headers
      .filter((other) => other.type === SECTION.rela && other.info === index)
      .flatMap((other) => readRelocations(bytesOf(file, other), symbols))
      .toSorted((a, b) => a.offset - b.offset),
  }));
  return ok({ architecture, sections, symbols });
}

interface Header {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly start: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entryBytes: number;
}

function readHeaders(file: Buffer): Header[] {
  const number = (at: number): number => Number(file.readBigUInt64LE(at));
  const table = number(40);
  const bytes = file.readUInt16LE(58);
  const count = file.readUInt16LE(60) || number(table + 32);
  const short = file.readUInt16LE(62);
  const names = number(
    table + (short === 0xffff ? file.readUInt32LE(table + 40) : short) * bytes + 24,
  );
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * bytes;
    return {
      name: stringAt(file, names + file.readUInt32LE(at)),
      type: file.readUInt32LE(at + 4),
      flags: number(at + 8),
      start: number(at + 24),
      size: number(at + 32),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
      alignment: Math.max(1, number(at + 48)),
      entryBytes: number(at + 56),
    };
  });
}

function bytesOf(file: Buffer, { type, start, size }: Header): Buffer {
  if (type === SECTION.noBits || type === 0) return Buffer.alloc(0);
  if (start + size > file.byteLength) throw new RangeError("section outside of the file");
  return file.subarray(start, start + size);
}

function stringAt(file: Buffer, start: number): string {
  const end = file.indexOf(0, start);
  if (end < 0 || start > file.byteLength) throw new RangeError("name outside of the file");
  return file.toString("utf8", start, end);
}

const KINDS = ["none", "object", "function", "section"] as const;
const BINDINGS = ["local", "global", "weak"] as const;
const HIDDEN = [1, 2];

function readSymbols(file: Buffer, header: Header, names: Header | undefined): ElfSymbol[] {
  const table = bytesOf(file, header);
  return Array.from({ length: Math.floor(table.byteLength / SYMBOL_BYTES) }, (_, index) => {
    const at = index * SYMBOL_BYTES;
    const info = table.readUInt8(at + 4);
    const kind = KINDS[info & 15] ?? "other";
    return {
      name: kind === "section" ? "" : stringAt(file, (names?.start ?? 0) + table.readUInt32LE(at)),
      kind,
      binding: BINDINGS[info >> 4] ?? "global",
      isHidden: HIDDEN.includes(table.readUInt8(at + 5) & 3),
      section: table.readUInt16LE(at + 6),
      value: Number(table.readBigUInt64LE(at + 8)),
      size: Number(table.readBigUInt64LE(at + 16)),
    };
  });
}

function readRelocations(table: Buffer, symbols: readonly ElfSymbol[]): Relocation[] {
  return Array.from({ length: Math.floor(table.byteLength / RELA_BYTES) }, (_, index) => {
    const at = index * RELA_BYTES;
    const symbol = symbols[table.readUInt32LE(at + 12)];
    if (symbol === undefined) throw new RangeError("relocation against a symbol that is not there");
    return {
      offset: Number(table.readBigUInt64LE(at)),
      type: table.readUInt32LE(at + 8),
      symbol,
      addend: Number(table.readBigInt64LE(at + 16)),
    };
  });
}
