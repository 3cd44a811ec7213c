/** Whether IR may be at its end: no function is open, and those that have to be there are. */

import { endsInFunction, symbolIn } from "./ir-text.ts";

/** Passes may take away what nobody outside can mention. */
const MAY_GO = /^define (?:\w+ )*?(?:internal|private|linkonce|linkonce_odr|available_externally) /;

/** Symbols that the IR defines; without those that passes may take away where `kept` is asked for. */
export const definedIn = (ir: string, which: "all" | "kept" = "all"): string[] =>
  [...ir.matchAll(/^define .*$/gm)]
    .map(([head]) => head)
    .filter((head) => which === "all" || !MAY_GO.test(head))
    .map(symbolIn);

/** `wanted`: symbols as IR writes them; where there are none, any one function is. */
export function mayEnd(ir: string, wanted: readonly string[]): boolean {
  const there = new Set(definedIn(ir));
  return !endsInFunction(ir) && there.size > 0 && wanted.every((symbol) => there.has(symbol));
}
