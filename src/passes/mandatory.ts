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

export function inlinesMandatory(list: PassList): boolean {
  return walk(list).some(({ node }) => INLINERS.has(node.name));
}

/** The list with `always-inline` before it, unless it has an inliner. */
export function withMandatoryInlining(list: PassList): PassList {
  return inlinesMandatory(list) ? list : [{ name: "always-inline" }, ...list];
}
