/**
 * What of an ELF object reaches a program, "symbols aside": every allocated section with its bytes and relocations, and
 * the symbols that a linker can see. Defined symbols count as places (section and offset), whatever they are called.
 * Source: System V ABI, chapter 4, 64-bit little-endian layout.
 */

import { contentHash } from "../../src/base/hash.ts";

const SHF_ALLOC = 2n;
const SHT_SYMTAB = 2;
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHT_SYMTAB_SHNDX = 18;
const SHN_LORESERVE = 0xff00;
const SHN_XINDEX = 0xffff;
const SYMBOL_BYTES = 24;
const RELA_BYTES = 24;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly info: number;
  readonly align: number;
}

interface Symbol {
  readonly name: string;
  readonly info: number;
  readonly visibility: number;
  readonly section: number;
  readonly value: bigint;
  readonly size: bigint;
}

/** One line a fact; equal lists mean equal code and data. */
export function objectShape(object: Uint8Array): string[] {
  const sections = readSections(object);
  const symbols = readSymbols(sections);
  const allocated = sections.filter(({ flags }) => (flags & SHF_ALLOC) !== 0n);
  const place = (symbol: Symbol | undefined): string => {
    const section = sections[symbol?.section ?? 0];
    if (symbol === undefined || symbol.section === 0 || section === undefined)
      return `name ${symbol?.name}`;
    return `${allocated.indexOf(section)}+${symbol.value}`;
  };
  const relocations = sections
    .filter(
      ({ type, info }) =>
        type === SHT_RELA && allocated.some((section) => section === sections[info]),
    )
    .flatMap(({ bytes, info }) =>
      readRelocations(bytes).map(
        ({ offset, type, symbol, addend }) =>
          `relocation ${sections[info]?.name} ${offset} ${type} ${place(symbols[symbol])} ${addend}`,
      ),
    );
  const visible = symbols
    .filter(({ info }) => info >> 4 !== 0)
    .map(
      (symbol) =>
        `symbol ${symbol.name} ${symbol.info} ${symbol.visibility} ${place(symbol)} ${symbol.size}`,
    );
  return [
    ...allocated.map(
      ({ name, type, flags, align, size, bytes }) =>
        `section ${name} ${type} ${flags} ${align} ${size} ${contentHash(bytes)}`,
    ),
    ...relocations,
    ...visible.toSorted(),
  ];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readSections(object: Uint8Array): Section[] {
  const view = viewOf(object);
  const table = Number(view.getBigUint64(40, true));
  const entryBytes = view.getUint16(58, true);
  const count = view.getUint16(60, true) || Number(view.getBigUint64(table + 32, true));
  const shortIndex = view.getUint16(62, true);
  const nameIndex = shortIndex === SHN_XINDEX ? view.getUint32(table + 40, true) : shortIndex;
  const word = (index: number, offset: number): number =>
    Number(view.getBigUint64(table + index * entryBytes + offset, true));
  const names = word(nameIndex, 24);
  return Array.from({ length: count }, (_, index) => {
    const header = table + index * entryBytes;
    const type = view.getUint32(header + 4, true);
    const [start, size] = [word(index, 24), word(index, 32)];
    return {
      name: stringAt(object, names + view.getUint32(header, true)),
      type,
      flags: view.getBigUint64(header + 8, true),
      bytes: object.subarray(start, type === SHT_NOBITS ? start : start + size),
      size,
      info: view.getUint32(header + 44, true),
      align: word(index, 48),
    };
  });
}

function stringAt(bytes: Uint8Array, start: number): string {
  return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString("latin1");
}

function readSymbols(sections: readonly Section[]): Symbol[] {
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = sections.find(({ name }) => name === ".strtab");
  const wide = sections.find(({ type }) => type === SHT_SYMTAB_SHNDX);
  if (table === undefined || strings === undefined) return [];
  const view = viewOf(table.bytes);
  return Array.from({ length: table.bytes.length / SYMBOL_BYTES }, (_, index) => {
    const at = index * SYMBOL_BYTES;
    const short = view.getUint16(at + 6, true);
    const section =
      short === SHN_XINDEX && wide !== undefined
        ? viewOf(wide.bytes).getUint32(index * 4, true)
        : short;
    return {
      name: stringAt(strings.bytes, view.getUint32(at, true)),
      info: view.getUint8(at + 4),
      visibility: view.getUint8(at + 5),
      section: short >= SHN_LORESERVE && short !== SHN_XINDEX ? 0 : section,
      value: view.getBigUint64(at + 8, true),
      size: view.getBigUint64(at + 16, true),
    };
  });
}

function readRelocations(
  bytes: Uint8Array,
): { offset: bigint; type: number; symbol: number; addend: bigint }[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / RELA_BYTES }, (_, index) => {
    const at = index * RELA_BYTES;
    return {
      offset: view.getBigUint64(at, true),
      type: view.getUint32(at + 8, true),
      symbol: view.getUint32(at + 12, true),
      addend: view.getBigInt64(at + 16, true),
    };
  });
}
