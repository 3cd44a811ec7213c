/** An answer's IR as LLVM reads it: with a target, its slips mended where it has to be. */

import type { Outcome } from "../llvm/outcome.ts";
import { ok } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { readMended } from "../tasks/ir-repair.ts";
import { withTarget } from "./isolate.ts";
import type { Read } from "./ways.ts";

/** To be unloaded. What the parser or the verifier dies of is found out here, in a process that is bounded. */
export async function readAnswer(
  pool: Pool,
  architecture: Architecture,
  answer: string,
): Promise<Outcome<Read & { readonly isMended: boolean }>> {
  const targeted = withTarget(answer, architecture);
  if (targeted.status !== "ok") return targeted;
  const { read, text, isMended } = await readMended(targeted.value, (ir) =>
    pool.load(Buffer.from(ir), "answer"),
  );
  return read.status === "ok" ? ok({ ir: text, module: read.value, isMended }) : read;
}
