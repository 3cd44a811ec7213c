/**
 * Inlining that is no choice: a call of an `alwaysinline` function must go, because nothing else may define that
 * function (libstdc++'s extern templates are such). clang sees to it even at -O0; a pass list without any inliner
 * gives objects that do not link.
 */

import { type PassList, walk } from "./tree.ts";

const INLINERS: ReadonlySet<string> = new Set([
  "always-inline",
  "inline",
  "module-inline",
  "scc-oz-module-inliner",
  "default", // every -O level, O0 too
]);

/** Takes away the bodies of functions that another object also defines, those that must be inlined among them. */
const DROPS_BODIES = "elim-avail-extern";

/** Whether there is an inliner, before the bodies are gone. */
export function inlinesMandatory(list: PassList): boolean {
  const first = walk(list).find(
    ({ node: { name } }) => INLINERS.has(name) || name === DROPS_BODIES,
  );
  return first !== undefined && first.node.name !== DROPS_BODIES;
}

/** The list with `always-inline` before it, unless it inlines what must be. */
export function withMandatoryInlining(list: PassList): PassList {
  return inlinesMandatory(list) ? list : [{ name: "always-inline" }, ...list];
}
