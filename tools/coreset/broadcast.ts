/**
 * Candidate lists, each tried on every training module (what the published system calls broadcasting): the table of
 * savings that the greedy choice works on.
 */

import { join } from "node:path";
import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../../src/base/files.ts";
import { inLanes } from "../../src/base/lanes.ts";
import { contentHash } from "../../src/base/hash.ts";
import { printPassList, printSteps } from "../../src/passes/print.ts";
import { presets } from "../../src/passes/presets.ts";
import type { TrainingModule } from "./training-modules.ts";
import { type Winner, type Work, parsed } from "./winners.ts";

export interface SavingsTable {
  readonly lists: readonly string[];
  /** By module: per mille of -Oz's size that each list saves on it, below 0 where it got larger. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
}

const LOST = -1000;
const rowSchema = z.object({ module: z.string(), lists: z.string(), row: z.array(z.number()) });

export async function broadcast(work: Work, lists: readonly string[]): Promise<SavingsTable> {
  const key = contentHash(lists.join("\n"));
  const path = join(work.folder, "broadcast.jsonl");
  const rows = new Map(
    readJsonLines(path)
      .map((line) => rowSchema.parse(line))
      .filter((line) => line.lists === key)
      .map(({ module, row }) => [module, row]),
  );
  const append = jsonLineAppender(path);
  work.say(`${lists.length} candidate lists on ${work.modules.length} modules, ${rows.size} known`);
  await inLanes(
    work.modules.filter(({ id }) => !rows.has(id)),
    async (module) => {
      const row = await tryAll(work, module, lists);
      if (row === undefined) return;
      append({ module: module.id, lists: key, row });
      rows.set(module.id, row);
      if (rows.size % 20 === 0)
        work.say(`broadcast to ${rows.size}/${work.modules.length} modules`);
    },
    { lanes: work.pool.workers },
  );
  return { lists, rows };
}

/** Two tables side by side, for the modules that both have. */
export function joinTables(a: SavingsTable, b: SavingsTable): SavingsTable {
  const both = [...a.rows].flatMap(([module, row]) => {
    const more = b.rows.get(module);
    return more === undefined ? [] : [[module, [...row, ...more]] as const];
  });
  return { lists: [...a.lists, ...b.lists], rows: new Map(both) };
}

/** The table without the lists that `isUsable` refuses. */
export function withoutLists(
  { lists, rows }: SavingsTable,
  isUsable: (list: string) => boolean,
): SavingsTable {
  const kept = [...lists.keys()].filter((k) => isUsable(lists[k] ?? ""));
  return {
    lists: kept.map((k) => lists[k] ?? ""),
    rows: new Map([...rows].map(([module, row]) => [module, kept.map((k) => row[k] ?? LOST)])),
  };
}

/** What won most often first, then what saved most. */
export function listsOfWinners(winners: readonly Winner[]): string[] {
  const byList = Map.groupBy(
    winners.filter(({ list }) => list !== null),
    ({ list }) => list ?? "",
  );
  const weight = (own: readonly Winner[]): number =>
    own.reduce((sum, { baseline, value }) => sum + (baseline - value) / baseline, 0);
  return [...byList].toSorted(([, a], [, b]) => weight(b) - weight(a)).map(([list]) => list);
}

async function tryAll(
  { pool, say }: Work,
  module: TrainingModule,
  lists: readonly string[],
): Promise<number[] | undefined> {
  const loaded = await pool.load(module.bitcode(), module.id);
  if (loaded.status !== "ok") return void say(`${module.id.slice(0, 8)}: ${loaded.message}`);
  const size = async (text: string): Promise<number | undefined> => {
    const steps = printSteps(parsed(text));
    const outcome = await pool.measure(loaded.value, steps, { fresh: false });
    return outcome.status === "ok" ? outcome.value.sections.size : undefined;
  };
  const baseline = await size(printPassList(presets.Oz));
  const sizes = await Promise.all(lists.map(size));
  pool.unload(loaded.value);
  if (baseline === undefined || baseline === 0) return undefined;
  return sizes.map((bytes) =>
    bytes === undefined ? LOST : Math.round((1000 * (baseline - bytes)) / baseline),
  );
}
