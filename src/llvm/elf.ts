/**
 * Sizes of the sections of an ELF object file. Reads headers only; not a general ELF library.
 * Source: System V ABI, chapter 4 (Object Files), 64-bit little-endian layout.
 */

/** Bytes of allocated sections, `.bss` and its like (SHT_NOBITS) apart. */
export interface Sections {
  /** `.text` and `.text.*`. */
  readonly text: number;
  /** `.data` and `.data.*`, `.data.rel.ro` among them. */
  readonly data: number;
  /** `.rodata*`. */
  readonly rodata: number;
  /** `.eh_frame`: what the unwinder needs, about 24 to 40 bytes a function. */
  readonly ehFrame: number;
  /** Whatever else is loaded: `.init_array`, `.gcc_except_table`, `.tdata`, user sections. */
  readonly other: number;
  /** All of the above: what a program loads from this object. */
  readonly size: number;
  /** Zero-initialised memory; takes no room in the file and is not part of `size`. */
  readonly bss: number;
}

const SHF_ALLOC = 2n;
const SHT_NOBITS = 8;
const MIN_HEADER_BYTES = 64;

/** Throws a RangeError when the bytes are no 64-bit little-endian ELF object. */
export function measureElf(object: Uint8Array): Sections {
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  if (
    object.byteLength < MIN_HEADER_BYTES ||
    view.getUint32(0) !== 0x7f454c46 ||
    object[4] !== 2 ||
    object[5] !== 1
  ) {
    throw new RangeError(
      "measureElf: not a 64-bit little-endian ELF object; want one made for x86_64 or aarch64",
    );
  }
  const table = Number(view.getBigUint64(40, true));
  const entryBytes = view.getUint16(58, true);
  // With 0xff00 sections or more (-ffunction-sections on a huge file) the header holds 0 and section 0 the count.
  const count = view.getUint16(60, true) || Number(view.getBigUint64(table + 32, true));
  const shortIndex = view.getUint16(62, true);
  const nameIndex = shortIndex === 0xffff ? view.getUint32(table + 40, true) : shortIndex;
  const names = Number(view.getBigUint64(table + nameIndex * entryBytes + 24, true));

  const sizes = { text: 0, data: 0, rodata: 0, ehFrame: 0, other: 0, bss: 0 };
  for (let i = 1; i < count; i++) {
    const header = table + i * entryBytes;
    if ((view.getBigUint64(header + 8, true) & SHF_ALLOC) === 0n) continue;
    const bytes = Number(view.getBigUint64(header + 32, true));
    const isNoBits = view.getUint32(header + 4, true) === SHT_NOBITS;
    const kind = isNoBits
      ? "bss"
      : sectionKind(nameAt(object, names + view.getUint32(header, true)));
    sizes[kind] += bytes;
  }
  return { ...sizes, size: sizes.text + sizes.data + sizes.rodata + sizes.ehFrame + sizes.other };
}

function nameAt(object: Uint8Array, start: number): string {
  return Buffer.from(object.buffer, object.byteOffset, object.byteLength).toString(
    "latin1",
    start,
    object.indexOf(0, start),
  );
}

function sectionKind(name: string): "text" | "data" | "rodata" | "ehFrame" | "other" {
  if (name === ".eh_frame") return "ehFrame";
  const family = /^\.(text|data|rodata)(?:\.|$)/.exec(name)?.[1];
  return family === "text" || family === "data" || family === "rodata" ? family : "other";
}
