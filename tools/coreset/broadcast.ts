/**
 * Second half of making a coreset: the candidate lists, each tried on every training module (what the published system
 * calls broadcasting). Gives the table of savings that the greedy choice works on.
 */

import { join } from "node:path";
import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../../src/base/files.ts";
import { contentHash } from "../../src/base/hash.ts";
import { checkPassList } from "../../src/passes/check.ts";
import { printPassList } from "../../src/passes/print.ts";
import { presets } from "../../src/passes/presets.ts";
import { knownFounders } from "../../src/tuner/strategies/genetic.ts";
import type { TrainingModule } from "./training-modules.ts";
import { type Winner, type Work, inLanes, parsed } from "./winners.ts";

export interface SavingsTable {
  readonly lists: readonly string[];
  /** `savings[m][k]`: per mille of -Oz's size that list k saves on module m. */
  readonly savings: readonly (readonly number[])[];
}

const LOST = -1000;
const rowSchema = z.object({ module: z.string(), lists: z.string(), row: z.array(z.number()) });

export async function broadcast(
  work: Work & { readonly winners: readonly Winner[]; readonly candidates: number },
): Promise<SavingsTable> {
  const lists = candidateLists(work);
  const key = contentHash(lists.join("\n"));
  const path = join(work.folder, "broadcast.jsonl");
  const rows = new Map(readJsonLines(path).map((line) => rowSchema.parse(line))
    .filter((line) => line.lists === key).map(({ module, row }) => [module, row]));
  const append = jsonLineAppender(path);
  work.say(`${lists.length} candidate lists on ${work.modules.length} modules, ${rows.size} known`);
  await inLanes(work.modules.filter(({ id }) => !rows.has(id)), work.pool.workers, async (module) => {
    const row = await tryAll(work, module, lists);
    if (row === undefined) return;
    append({ module: module.id, lists: key, row });
    rows.set(module.id, row);
    if (rows.size % 20 === 0) work.say(`broadcast to ${rows.size}/${work.modules.length} modules`);
  });
  return { lists, savings: work.modules.flatMap(({ id }) => (rows.has(id) ? [rows.get(id) ?? []] : [])) };
}

/** What won most often first, then what saved most; -Oz by hand with one pass more is always among them. */
function candidateLists({ winners, candidates, registry }: Work & { winners: readonly Winner[]; candidates: number }): string[] {
  const byList = Map.groupBy(winners.filter(({ list }) => list !== null), ({ list }) => list ?? "");
  const weight = (own: readonly Winner[]): number =>
    own.reduce((sum, { baseline, value }) => sum + (baseline - value) / baseline, 0);
  const won = [...byList].toSorted(([, a], [, b]) => weight(b) - weight(a)).map(([list]) => list);
  const known = knownFounders(registry.llvmVersion).map(printPassList).filter((list) => list !== printPassList(presets.Oz));
  return [...new Set([...known, ...won])].filter((list) => checkPassList(list, registry).ok).slice(0, candidates);
}

async function tryAll({ pool, say }: Work, module: TrainingModule, lists: readonly string[]): Promise<number[] | undefined> {
  const loaded = await pool.load(module.bitcode(), module.id);
  if (loaded.status !== "ok") return void say(`${module.id.slice(0, 8)}: ${loaded.message}`);
  const size = async (text: string): Promise<number | undefined> => {
    const steps = parsed(text).map((node) => printPassList([node]));
    const outcome = await pool.measure(loaded.value, steps, { fresh: false });
    return outcome.status === "ok" ? outcome.value.sections.size : undefined;
  };
  const baseline = await size(printPassList(presets.Oz));
  const sizes = await Promise.all(lists.map(size));
  pool.unload(loaded.value);
  if (baseline === undefined || baseline === 0) return undefined;
  return sizes.map((bytes) => (bytes === undefined ? LOST : Math.round((1000 * (baseline - bytes)) / baseline)));
}
