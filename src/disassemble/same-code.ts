/**
 * Two functions are the same when their cut-out assembly is the same text, or assembles to the same bytes, relocations and
 * constants. Comments, directives about symbols, label names, alignment and the function's own section do not count.
 */

import type { Toolchain } from "../llvm/toolchain.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { FLAG, type ElfObject, type Relocation, readElfObject } from "./elf-object.ts";
import { assemble } from "./tools.ts";

export interface TwoFunctions {
  readonly wanted: string;
  readonly got: string;
  readonly architecture: Architecture;
}

export async function isSameCode(
  toolchain: Toolchain,
  { wanted, got, architecture }: TwoFunctions,
): Promise<boolean> {
  const [a, b] = [wanted, got].map((text) => canonicalLines(text).join("\n"));
  if (a === undefined || b === undefined || a === b) return a === b;
  const prints = [];
  for (const text of [a, b]) {
    const object = await assemble(toolchain, text, architecture);
    const read = object.status === "ok" ? readElfObject(object.value) : object;
    prints.push(read.status === "ok" ? fingerprint(read.value) : undefined);
  }
  return prints[0] !== undefined && prints[0] === prints[1];
}

const ASIDE =
  /^(?:\.p2align|\.balign|\.align|\.globl|\.global|\.weak|\.hidden|\.protected|\.internal|\.local)\b/;
const OWN_SECTION = /^(?:\.text$|\.section "?\.text)/;

/** Of cut-out assembly, without what does not count. */
export const canonicalLines = (text: string): string[] =>
  text.split("\n").filter((line) => !ASIDE.test(line) && !OWN_SECTION.test(line));

/** Bytes and relocations of all sections that are loaded, unwind tables aside. */
function fingerprint(object: ElfObject): string {
  return object.sections
    .filter(
      ({ flags, name, size }) => (flags & FLAG.alloc) !== 0 && size > 0 && name !== ".eh_frame",
    )
    .map(({ name, bytes, size, relocations }) =>
      [name, size, bytes.toString("hex"), ...relocations.map((one) => targetOf(object, one))].join(
        " ",
      ),
    )
    .toSorted()
    .join("\n");
}

/** Local labels by the place that they name. */
function targetOf({ sections }: ElfObject, { offset, type, symbol, addend }: Relocation): string {
  const section = sections[symbol.section];
  const isPlace = section !== undefined && symbol.section > 0 && /^(?:\.L|$)/.test(symbol.name);
  const [place, base] = isPlace ? [section.name, symbol.value] : [symbol.name, 0];
  return `${offset}:${type}:${place}+${base + addend}`;
}
