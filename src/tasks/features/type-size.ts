/** Bytes of LLVM types on a 64-bit target, as the usual data layouts have them. For counting constants, not for code. */

import { bracketEnd } from "../ir-text.ts";

interface Extent {
  readonly bytes: number;
  readonly alignment: number;
}

const NOTHING: Extent = { bytes: 0, alignment: 1 };
const SCALARS: Readonly<Record<string, number>> = {
  half: 2,
  bfloat: 2,
  float: 4,
  double: 8,
  ptr: 8,
  x86_fp80: 16,
  fp128: 16,
};
/** Deeper nesting counts 0: LLVM would take it, no program has it. */
const MAX_DEPTH = 200;

/** `named`: `%T0` → its body. Types that are not known count 0 bytes. */
export function typeSizer(named: ReadonlyMap<string, string>): (type: string) => number {
  const known = new Map<string, Extent>();
  const extentOf = (type: string, depth: number): Extent => {
    if (depth > MAX_DEPTH) return NOTHING;
    const scalar = SCALARS[type] ?? integerBytes(type);
    if (scalar !== undefined) return { bytes: scalar, alignment: Math.min(scalar, 16) };
    const [, count, element = ""] = /^[[<](\d+) x (.*)[\]>]$/.exec(type) ?? [];
    if (count !== undefined) {
      const { bytes, alignment } = extentOf(element, depth + 1);
      return { bytes: Number(count) * bytes, alignment };
    }
    const packed = /^<\{ ?(.*?) ?\}>$/.exec(type)?.[1];
    const fields = packed ?? /^\{ ?(.*?) ?\}$/.exec(type)?.[1];
    if (fields === undefined) return ofName(type, depth);
    const extents = splitFields(fields).map((field) => extentOf(field, depth + 1));
    return structExtent(extents, packed !== undefined);
  };
  /** Each name once: types that double at every level would take for ever. */
  const ofName = (type: string, depth: number): Extent => {
    const before = known.get(type);
    if (before !== undefined) return before;
    known.set(type, NOTHING);
    const extent = extentOf(named.get(type) ?? "", depth + 1);
    known.set(type, extent);
    return extent;
  };
  return (type) => extentOf(type.trim(), 0).bytes;
}

function integerBytes(type: string): number | undefined {
  const bits = /^i(\d+)$/.exec(type)?.[1];
  return bits === undefined ? undefined : 2 ** Math.ceil(Math.log2(Math.max(8, Number(bits)) / 8));
}

function structExtent(fields: readonly Extent[], isPacked: boolean): Extent {
  const up = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment;
  let end = 0;
  for (const { bytes, alignment } of fields) end = (isPacked ? end : up(end, alignment)) + bytes;
  const alignment = isPacked ? 1 : Math.max(1, ...fields.map((field) => field.alignment));
  return { bytes: up(end, alignment), alignment };
}

function splitFields(text: string): string[] {
  const fields: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (/[[{<]/.test(text.charAt(at))) at = bracketEnd(text, at) - 1;
    if (text.charAt(at) !== ",") continue;
    fields.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return [...fields, text.slice(start).trim()].filter((field) => field !== "");
}

/** The type at the beginning of `text`, such as `[4 x i8] c"abc\00", align 1`. */
export function leadingType(text: string): string {
  const end = /[[{<]/.test(text.charAt(0)) ? bracketEnd(text, 0) : text.search(/[\s,]|$/);
  return text.slice(0, end);
}
