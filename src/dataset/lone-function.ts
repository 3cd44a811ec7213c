/**
 * A function by itself: IR that was cut out of its module (tasks/fit.ts), and the assembly of that IR alone. The IR compiles back
 * to it. In the assembly of the whole module 16 % of functions on x86_64 and 45 % on AArch64 hold what no IR of the function gives:
 * calls and addresses that know their target to be in the module, pieces that AArch64's machine outliner shares (LOG.md).
 */

import type { Pool } from "../llvm/pool.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { failed } from "./source.ts";
import { assemblyOf, openUnit } from "./unit.ts";

export interface LoneFunction {
  /** In normal form. */
  readonly ir: string;
  /** As LLVM prints it. */
  readonly listing: string;
  /** The function cut out of it (tasks/assembly-cut.ts). */
  readonly assembly: string;
}

/** `cut`: IR of the function and what it needs; `name`: the function's, as assembly writes it. */
export async function loneFunction(
  pool: Pool,
  cut: string,
  { name, architecture }: { name: string; architecture: Architecture },
): Promise<LoneFunction | { readonly left: string }> {
  const opened = await openUnit(pool, cut);
  if (opened.status !== "ok") return failed(opened);
  using unit = opened.value;
  const listing = await assemblyOf(pool, unit);
  if (listing.status !== "ok") return failed(listing);
  const assembly = assemblyFunctions(listing.value, architecture).cut(name);
  // Bodies that another object defines too give no code.
  if (assembly === undefined) return { left: "function without assembly" };
  return { ir: unit.text, listing: listing.value, assembly };
}
