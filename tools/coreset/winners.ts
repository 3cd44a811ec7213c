/**
 * Searches a good pass list for each of many modules. Modules run in rounds, and a round knows only the winners of those
 * before it, so the result does not depend on which of a round's modules ended first.
 */

import { join } from "node:path";
import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../../src/base/files.ts";
import { inLanes } from "../../src/base/lanes.ts";
import { makeRng } from "../../src/base/rng.ts";
import type { Pool } from "../../src/llvm/pool.ts";
import { randomPassList } from "../../src/passes/mutate.ts";
import { parsePassList } from "../../src/passes/parse.ts";
import { printPassList } from "../../src/passes/print.ts";
import type { Registry } from "../../src/passes/registry.ts";
import type { PassList } from "../../src/passes/tree.ts";
import { memoryJournal } from "../../src/tuner/journal.ts";
import type { Strategy } from "../../src/tuner/strategy.ts";
import { evolve, knownFounders } from "../../src/tuner/strategies/genetic.ts";
import { tuneModule } from "../../src/tuner/tune.ts";
import type { TrainingModule } from "./training-modules.ts";

export interface Work {
  readonly pool: Pool;
  readonly registry: Registry;
  readonly modules: readonly TrainingModule[];
  readonly folder: string;
  readonly seed: number;
  readonly say: (text: string) => void;
}

const winnerSchema = z.object({
  module: z.string(),
  package: z.string(),
  baseline: z.number(),
  value: z.number(),
  list: z.string().nullable(),
});
export type Winner = z.infer<typeof winnerSchema>;

const ROUND = 12;
const SAMPLE = 10;
const RANDOM_FOUNDERS = 6;

export interface SearchPlan {
  /** Results are kept in this file of the work folder. */
  readonly file: string;
  /** Lists searched a module. */
  readonly budget: number;
  /** Lists the evolution on this module starts from, and those whose pieces it may graft in. */
  readonly startFor: (module: TrainingModule, winners: readonly Winner[], seed: number) => Start;
}

export interface Start {
  readonly founders: readonly PassList[];
  readonly material: readonly PassList[];
}

/** A winner for each of `modules`, in their order. */
export async function searchWinners(
  work: Work,
  { file, budget, startFor }: SearchPlan,
): Promise<Winner[]> {
  const path = join(work.folder, file);
  const known = new Map(
    readJsonLines(path)
      .map((line) => winnerSchema.parse(line))
      .map((winner) => [winner.module, winner]),
  );
  const append = jsonLineAppender(path);
  const winners: Winner[] = [];
  for (let first = 0; first < work.modules.length; first += ROUND) {
    const round = work.modules.slice(first, first + ROUND);
    const before = [...winners];
    await inLanes(
      round.filter(({ id }) => !known.has(id)),
      async (module) => {
        const seed = work.seed + Number.parseInt(module.id.slice(0, 6), 16);
        const winner = await searchOne(work, module, {
          seed,
          budget,
          start: startFor(module, before, seed),
        });
        if (winner === undefined)
          return work.say(
            `${module.package}: ${module.id.slice(0, 8)} cannot be measured, left out`,
          );
        append(winner);
        known.set(module.id, winner);
      },
      { lanes: work.pool.workers },
    );
    winners.push(...round.flatMap(({ id }) => known.get(id) ?? []));
    const saved =
      winners.reduce((sum, { baseline, value }) => sum + (baseline - value) / baseline, 0) /
      winners.length;
    work.say(
      `searched ${winners.length}/${work.modules.length} modules, ${(100 * saved).toFixed(2)} % mean saving`,
    );
  }
  return winners;
}

async function searchOne(
  { pool, registry }: Work,
  module: TrainingModule,
  how: { seed: number; budget: number; start: Start },
): Promise<Winner | undefined> {
  const loaded = await pool.load(module.bitcode(), module.id);
  if (loaded.status !== "ok") return undefined;
  const { seed, budget, start } = how;
  const strategy: Strategy = function* (context) {
    yield* evolve(context, yield start.founders, start.material);
  };
  const tuned = await tuneModule(pool, loaded.value, {
    strategy,
    objective: "size",
    compilations: budget,
    seed,
    coreset: { lists: [] },
    registry,
    minimize: true,
    journalFor: memoryJournal,
  });
  pool.unload(loaded.value);
  if (tuned.status !== "ok") return undefined;
  const { best, baselineValue } = tuned.value;
  return {
    module: module.id,
    package: module.package,
    baseline: baselineValue,
    value: best?.value ?? baselineValue,
    list: best === undefined ? null : printPassList(best.list),
  };
}

/** Stock pipelines, random lists, and a sample of what won on modules before: good ideas travel. */
export function transferringStart(registry: Registry): SearchPlan["startFor"] {
  return (_, winners, seed) => {
    const rng = makeRng(seed);
    const fame = winners.flatMap(({ list }) => (list === null ? [] : [parsed(list)]));
    const drawn = Array.from({ length: RANDOM_FOUNDERS }, () =>
      randomPassList(rng, registry, { minLength: 4, maxLength: 40 }),
    );
    return {
      founders: [
        ...knownFounders(registry.llvmVersion),
        ...rng.shuffle(fame).slice(0, SAMPLE),
        ...drawn,
      ],
      material: fame,
    };
  };
}

export function parsed(text: string): PassList {
  const result = parsePassList(text);
  if (!result.ok) throw new Error(`not a pass list: ${text}`);
  return result.list;
}
