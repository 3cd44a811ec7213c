/** What the trainer's processes need around them: the virtual environment, and variables that decide about speed. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** torch is 200 MB to fetch without a GPU build and 3 GB with one. */
const SETUP_LIMIT_MS = 3600_000;
const MAX_SETUP_OUTPUT_BYTES = 1 << 20;

export const pythonOf = (trainer: string): string => join(trainer, ".venv/bin/python");

/** Runs trainer/setup.sh, which takes hundredths of a second where all is there. Gives what went wrong. */
export async function ensureTrainer(
  trainer: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const script = join(trainer, "setup.sh");
  if (!existsSync(script))
    return `${trainer}: has no setup.sh; training needs a checkout of the repository, the package has no trainer`;
  const ran = await runCommand("bash", [script], {
    timeoutMs: SETUP_LIMIT_MS,
    maxOutputBytes: MAX_SETUP_OUTPUT_BYTES,
    signal,
  });
  if (ran.status === "exited" && ran.code === 0) return undefined;
  const why = ran.status === "failed" ? ran.message : ran.stderr.trim();
  return `${script} failed: ${why}`;
}

/**
 * `variables` and: waiting OpenMP threads sleep, because spinning ones take the cores from data loading and from other
 * programs; OpenBLAS gets the kernels of this processor, because a value preset for another one slows matrix products down.
 */
export function trainerVariables(
  variables: Variables,
  flags: ReadonlySet<string>,
): Record<string, string | undefined> {
  return { ...variables, OMP_WAIT_POLICY: "passive", OPENBLAS_CORETYPE: coreType(flags) };
}

/** Undefined leaves the choice to OpenBLAS. */
function coreType(flags: ReadonlySet<string>): string | undefined {
  const hasAvx512 = ["avx512f", "avx512bw", "avx512dq", "avx512vl"].every((flag) =>
    flags.has(flag),
  );
  if (hasAvx512) return "SKYLAKEX";
  return flags.has("avx2") && flags.has("fma") ? "HASWELL" : undefined;
}

/** As Linux names them; none on other systems. */
export function processorFlags(path = "/proc/cpuinfo"): Set<string> {
  if (!existsSync(path)) return new Set();
  const [, flags = ""] = /^flags\s*:(.*)$/m.exec(readFileSync(path, "utf8")) ?? [];
  return new Set(flags.trim().split(" "));
}
