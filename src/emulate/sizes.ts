/** Sizes as the task `emulate` speaks of them. */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { CodeSizes } from "../tasks/dialect.ts";

/** Instructions after the passes, and bytes of the object. */
export async function sizesOf(
  pool: Pool,
  module: LoadedModule,
  passes: string,
): Promise<Outcome<CodeSizes>> {
  const measured = await pool.measure(module, [passes], { fresh: true });
  if (measured.status !== "ok") return measured;
  const { instructions, sections } = measured.value;
  return ok({ instructions, bytes: sections.size });
}
