/**
 * The two things that are measured on one loaded module: its size under each of many lists, and the best list that a
 * search finds. Fresh, as `opt` would run each list: the lists of a coreset share few prefixes, so staged measurement is
 * hardly quicker (182 a second sorted by prefix, 174 fresh, on modules of 2.5 to 12 KB), and fresh sizes need no
 * confirming.
 */

import { contentHash } from "../base/hash.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Measurement } from "../llvm/protocol.ts";
import { withMandatoryInlining } from "../passes/mandatory.ts";
import { parsePassList } from "../passes/parse.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import type { Registry } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import { memoryJournal } from "../tuner/journal.ts";
import { score } from "../tuner/objective.ts";
import type { Strategy } from "../tuner/strategy.ts";
import { evolve } from "../tuner/strategies/genetic.ts";
import { tuneModule } from "../tuner/tune.ts";
import type { Size } from "./journal.ts";

export type Sizes = ReadonlyMap<string, Size | null>;

/** The sizes under -Oz; a failure where that cannot be measured. */
export async function measureBaseline(pool: Pool, module: LoadedModule): Promise<Outcome<Size>> {
  return measureList(pool, module, printPassList(presets.Oz));
}

/**
 * The sizes under each list, null where it failed. A list without any inliner gets `always-inline` before it where the
 * module has functions that must be inlined, as in every search.
 */
export async function measureLists(
  pool: Pool,
  module: LoadedModule,
  lists: readonly string[],
): Promise<(Size | null)[]> {
  return Promise.all(
    lists.map(async (passes) => {
      const outcome = await measureList(pool, module, passes);
      return outcome.status === "ok" ? outcome.value : null;
    }),
  );
}

/** A label is kept for good, so what a busy machine may be to blame for is tried once more, with time to spare. */
const TIMEOUT_MS = 20_000;
const SECOND_TIMEOUT_MS = 120_000;

/** Whether an outcome tells of the module and the list, and not perhaps of this machine at this moment. */
export function isFact({ status }: Outcome<unknown>): boolean {
  return status === "ok" || status === "rejected" || status === "invalid";
}

async function measureList(
  pool: Pool,
  module: LoadedModule,
  passes: string,
): Promise<Outcome<Size>> {
  const list = module.info.hasAlwaysInline
    ? printPassList(withMandatoryInlining(parsed(passes)))
    : passes;
  const measure = (timeoutMs: number): Promise<Outcome<Measurement>> =>
    pool.measure(module, [list], { fresh: true, timeoutMs });
  const first = await measure(TIMEOUT_MS);
  const outcome = isFact(first) ? first : await measure(SECOND_TIMEOUT_MS);
  if (outcome.status !== "ok") return outcome;
  return ok([score(outcome.value, "size"), score(outcome.value, "published")]);
}

export interface SearchHow {
  readonly registry: Registry;
  /** Lists to search, besides those it starts from. */
  readonly budget: number;
  readonly seed: number;
  /** Sizes that are known: the search starts from the smallest of them. */
  readonly known: Sizes;
  readonly signal?: AbortSignal | undefined;
}

export interface Found {
  readonly own: { readonly passes: string; readonly size: Size } | null;
  readonly compilations: number;
}

/** The population that the evolution of one module starts with. */
const FOUNDERS = 24;
/** The best of them are measured by the search itself, so that it may find nothing better and minimise one of these. */
const MEASURED_FOUNDERS = 4;

/** Searches, confirms fresh, minimises, confirms again. */
export async function searchOwn(
  pool: Pool,
  module: LoadedModule,
  { registry, budget, seed, known, signal }: SearchHow,
): Promise<Outcome<Found>> {
  const lists = [...known.keys()].map(parsed);
  const founders = smallest(known, FOUNDERS);
  const first = founders.slice(0, MEASURED_FOUNDERS).map(parsed);
  const others = founders
    .slice(MEASURED_FOUNDERS)
    .map((passes) => ({ list: parsed(passes), value: known.get(passes)?.[0] }));
  const strategy: Strategy = function* (context) {
    yield* evolve(context, [...(yield first), ...others], lists);
  };
  const tuned = await tuneModule(pool, module, {
    strategy,
    registry,
    objective: "size",
    compilations: first.length + budget,
    seed: seed + Number.parseInt(contentHash(module.info.hash).slice(0, 6), 16),
    coreset: { lists: [] },
    minimize: true,
    journalFor: memoryJournal,
    signal,
  });
  if (tuned.status !== "ok") return tuned;
  const { best, compilations } = tuned.value;
  if (best === undefined) return ok({ own: null, compilations });
  const size: Size = [score(best.measurement, "size"), score(best.measurement, "published")];
  return ok({ own: { passes: printPassList(best.list), size }, compilations });
}

/** Smallest first; of equals the shorter list. */
function smallest(sizes: Sizes, count: number): string[] {
  const measured = [...sizes].flatMap(([passes, size]) =>
    size === null ? [] : [{ passes, bytes: size[0] }],
  );
  return measured
    .toSorted((a, b) => a.bytes - b.bytes || byLength(a.passes, b.passes))
    .slice(0, count)
    .map(({ passes }) => passes);
}

/** Shorter first, then by text: the same order on every machine. */
export function byLength(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function parsed(text: string): PassList {
  const result = parsePassList(text);
  if (!result.ok) throw new Error(`a label list is not a pass list: ${text}`);
  return result.list;
}
