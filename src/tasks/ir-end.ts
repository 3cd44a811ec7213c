/** Whether IR may be at its end: no function is open, and those that have to be there are. */

import { endsInFunction, symbolIn } from "./ir-text.ts";

/** Functions of an IR: all that it defines, those that come into an object, those that no pass may take away. */
type Which = "all" | "emitted" | "kept";

/** Linkages of the others. Passes may take away what nobody outside can mention. */
const WITHOUT: Readonly<Record<Which, readonly string[]>> = {
  all: [],
  emitted: ["available_externally"],
  kept: ["available_externally", "internal", "private", "linkonce", "linkonce_odr"],
};

/** Symbols as IR writes them. */
export function definedIn(ir: string, which: Which = "all"): string[] {
  const heads = [...ir.matchAll(/^define .*$/gm)].map(([head]) => head);
  const isOut = (head: string): boolean => WITHOUT[which].includes(linkageOf(head));
  return heads.filter((head) => !isOut(head)).map(symbolIn);
}

/** It comes first, where it is said at all. */
const linkageOf = (head: string): string => /^define (\w+)/.exec(head)?.[1] ?? "";

/** `wanted`: symbols as IR writes them; where there are none, any one function is. */
export function mayEnd(ir: string, wanted: readonly string[]): boolean {
  const there = new Set(definedIn(ir));
  return !endsInFunction(ir) && there.size > 0 && wanted.every((symbol) => there.has(symbol));
}
