/** Declarations for what is defined in another part of the module. */

import { bracketEnd, splitAtCommas, symbolIn } from "./ir-text.ts";

const LINKAGE =
  /^(?:private|internal|available_externally|linkonce|linkonce_odr|weak|weak_odr|external|extern_weak|common|appending) /;

/** `define internal i32 @f(i32 %0) #0 {` → `declare i32 @f(i32) #0`. */
export function declareFunction(head: string): string {
  const symbol = symbolIn(head);
  const start = head.indexOf(symbol);
  const open = start + symbol.length;
  const close = bracketEnd(head, open);
  const result = head.slice("define ".length, start).replace(LINKAGE, "");
  const parameters = splitAtCommas(head.slice(open + 1, close - 1)).map(withoutName);
  const tail = head.slice(close).replaceAll(/"[^"]*"/g, "");
  const kept = tail.match(/\b(?:local_)?unnamed_addr\b|\baddrspace\(\d+\)|#\d+/g) ?? [];
  return [
    "declare ",
    result,
    symbol,
    `(${parameters.join(", ")})`,
    ...kept.map((word) => ` ${word}`),
  ].join("");
}

const withoutName = (parameter: string): string => parameter.replace(/ %(?:"[^"]*"|[-\w.$]+)$/, "");

/** What of a global's head a declaration keeps, in LLVM's order. */
const KEPT =
  /\b(?:dso_local|dso_preemptable|hidden|protected|thread_local(?:\(\w+\))?|local_unnamed_addr|unnamed_addr|addrspace\(\d+\)|externally_initialized)(?![\w(])/g;

/** `@g = internal global i32 5, align 4` → `@g = external global i32`; an alias becomes what it is an alias of. */
export function declareGlobal(line: string): string {
  const symbol = symbolIn(line);
  const rest = line.slice(symbol.length + " = ".length);
  const [words = "", kind = ""] =
    /^(.*?)\b(global|constant|alias|ifunc) /.exec(rest)?.slice(1) ?? [];
  const type = rest.slice(words.length + kind.length + 1);
  const end = typeEnd(type);
  const kept = words.match(KEPT) ?? [];
  if (kind === "global" || kind === "constant")
    return [symbol, "=", "external", ...kept, kind, type.slice(0, end)].join(" ");
  const parameters = type.charAt(end) === " " && type.charAt(end + 1) === "(";
  if (!parameters) return `${symbol} = external global ${type.slice(0, end)}`;
  const close = bracketEnd(type, end + 1);
  return `declare ${type.slice(0, end)} ${symbol}${type.slice(end + 1, close)}`;
}

/** `[4 x i8] c"..."` → 8. Function types (`i32 (ptr)`) end before their parameters. */
function typeEnd(text: string): number {
  const isBracketed = "[{<".includes(text.charAt(0));
  const word = /^(?:target\("[^"]*"[^)]*\)|%"[^"]*"|[^ ,]+)/.exec(text)?.[0].length ?? text.length;
  const end = isBracketed ? bracketEnd(text, 0) : word;
  return end + (/^ addrspace\(\d+\)/.exec(text.slice(end))?.[0].length ?? 0);
}
