/** What the trainer needs around it: its virtual environment. The variables that decide about speed are its own (trainer/__main__.py). */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";

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
