/** Whether a pass list leaves every function that a module defines. */

import type { Registry } from "./registry.ts";
import { type PassLevel, type PassList, walk } from "./tree.ts";

/** LLVM lets passes at these levels change a function, and not take one away. */
const WITHIN_FUNCTIONS: ReadonlySet<PassLevel> = new Set(["function", "loop", "loop-mssa"]);

/** Passes over modules and call graphs of which the same is known; of the others some inline, merge, specialise or drop functions. */
const KEEPING: ReadonlySet<string> = new Set([
  "annotation2metadata",
  "called-value-propagation",
  "cg-profile",
  "constmerge",
  "cross-dso-cfi",
  "forceattrs",
  "function-attrs",
  "globalsplit",
  "hotcoldsplit",
  "inferattrs",
  "invalidate",
  "iroutliner",
  "no-op-cgscc",
  "no-op-module",
  "recompute-globalsaa",
  "rel-lookup-table-converter",
  "require",
  "rpo-function-attrs",
  "strip-dead-prototypes",
  "verify",
]);

export function keepsFunctions(list: PassList, { passes }: Registry): boolean {
  return walk(list).every(({ node: { name, body } }) => {
    if (body !== undefined || KEEPING.has(name)) return true;
    const level = passes.get(name)?.level;
    return level !== undefined && WITHIN_FUNCTIONS.has(level);
  });
}
