/** What stands beside the functions' code: linkage, attributes, variables and constants with their bytes. */

import type { IrModule } from "../ir-text.ts";
import { leadingType, typeSizer } from "./type-size.ts";

const FUNCTIONS: Readonly<Record<string, RegExp>> = {
  "internal functions": /^define (?:internal|private) /,
  "functions that may be merged by the linker": /^define (?:weak|linkonce|available_externally)/,
};
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  "always inlined": /\balwaysinline\b/,
  "never inlined": /\bnoinline\b/,
  "inline hints": /\binlinehint\b/,
  "stack protectors": /\bssp(?:strong|req)?\b/,
  "unwind tables": /\buwtable\b/,
  "nounwind": /\bnounwind\b/,
  "strict floats": /\bstrictfp\b/,
};

/** Defined functions of each kind. */
export function countFunctions({
  functions,
  declarations,
  named,
}: IrModule): Record<string, number> {
  const heads = [...functions.values()].map(([head = ""]) => head);
  const attributes = heads.map((head) =>
    (head.match(/#\d+/g) ?? []).map((group) => named.get(group) ?? "").join(" "),
  );
  const count = (
    texts: readonly string[],
    forms: Readonly<Record<string, RegExp>>,
  ): Record<string, number> =>
    Object.fromEntries(
      Object.entries(forms).map(([name, form]) => [
        name,
        texts.filter((text) => form.test(text)).length,
      ]),
    );
  return {
    functions: heads.length,
    declarations: [...declarations.keys()].filter((symbol) => !symbol.startsWith("@llvm.")).length,
    ...count(heads, FUNCTIONS),
    ...count(attributes, ATTRIBUTES),
  };
}

const VARIABLE = /^@(?:"[^"]*"|[-\w.$]+) = (.*?)\b(global|constant) (.*)$/;

/** Variables and the bytes that they take in an object: .bss takes none. */
export function countGlobals({ globals, named }: IrModule): Record<string, number> {
  const types = new Map(
    [...named]
      .filter(([name]) => name.startsWith("%"))
      .map(([name, line]) => [name, line.slice(line.indexOf(" = type ") + " = type ".length)]),
  );
  const bytesOf = typeSizer(types);
  const found = {
    "variables": 0,
    "constants": 0,
    "strings": 0,
    "external variables": 0,
    "string bytes": 0,
    "constant bytes": 0,
    "variable bytes": 0,
    "zeroed bytes": 0,
    "pointers in constants": 0,
  };
  for (const line of globals.values()) {
    const [, linkage = "", kind, rest = ""] = VARIABLE.exec(line) ?? [];
    if (kind === undefined) continue;
    if (/\bexternal\b|\bextern_weak\b/.test(linkage)) {
      found["external variables"]++;
      continue;
    }
    const type = leadingType(rest);
    const value = rest.slice(type.length + 1);
    const bytes = bytesOf(type);
    const isString = kind === "constant" && value.startsWith('c"');
    found[isString ? "strings" : kind === "constant" ? "constants" : "variables"]++;
    if (kind === "global" && /^(?:zeroinitializer|null|0)\b/.test(value))
      found["zeroed bytes"] += bytes;
    else
      found[
        isString ? "string bytes" : kind === "constant" ? "constant bytes" : "variable bytes"
      ] += bytes;
    found["pointers in constants"] += value.match(/ptr @/g)?.length ?? 0;
  }
  return found;
}

/** 0 or 1. */
export function flagsOf({ named, flags }: IrModule): Record<string, number> {
  const all = (flags.join(" ").match(/!\d+/g) ?? [])
    .map((node) => named.get(node) ?? "")
    .join("\n");
  return {
    "position-independent": Number(all.includes('"PIC Level"')),
    "of a program": Number(all.includes('"PIE Level"')),
  };
}
