/** Whether a run's folder holds the same run: under other settings its numbers must not go on. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { StageRun } from "./recipe.ts";

export const runFile = (out: string, { stage }: StageRun): string => join(out, stage, "run.json");

/** What is another than in the run.json that is there, as a message; undefined where nothing is, or there is none. */
export function changedSetting(out: string, stage: StageRun): string | undefined {
  const path = runFile(out, stage);
  if (!existsSync(path)) return undefined;
  const before = objectIn(path);
  const why = before === undefined ? "is no JSON object" : difference(before, { ...stage.config });
  return why && `${path}: ${why}; give the same options as before to go on, or another folder`;
}

type Settings = Readonly<Record<string, unknown>>;

/** Of the provenance only the dataset counts: a newer commit may go on with an older one's run. */
function difference(before: Settings, now: Settings): string | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.find((key) => key !== "provenance" && json(before[key]) !== json(now[key]));
  if (changed !== undefined)
    return `has "${changed}" ${shown(before[changed])}, these options give ${shown(now[changed])}`;
  return datasetOf(before) === datasetOf(now)
    ? undefined
    : "is of another dataset, or of an older build of it";
}

const MAX_SHOWN_CHARS = 200;
const json = (value: unknown): string => JSON.stringify(value) ?? "none";
const shown = (value: unknown): string => json(value).slice(0, MAX_SHOWN_CHARS);

const withDataset = z.object({ provenance: z.object({ dataset: z.string() }) });
const datasetOf = (settings: Settings): string | undefined =>
  withDataset.safeParse(settings).data?.provenance.dataset;

function objectIn(path: string): Settings | undefined {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
