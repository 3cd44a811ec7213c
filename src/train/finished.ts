/** Which stages of a run are finished, by what the trainer left: a run that was given a budget of time ends at a step of its own. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Stage } from "../dataset/stages.ts";
import { readMetrics } from "./metrics.ts";

/** The folder of a finished stage's last checkpoint; undefined where the stage is not finished. */
export function finishedCheckpoint(out: string, stage: Stage): string | undefined {
  const events = readMetrics(join(out, stage, "metrics.jsonl"));
  const last = events.findLast(({ event }) => event === "start" || event === "stop");
  if (last?.event !== "stop" || last.reason !== "finished") return undefined;
  const folder = join(out, stage, "checkpoints");
  const newest = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, "meta.json")))
        .toSorted()
        .at(-1)
    : undefined;
  return newest && join(folder, newest);
}
