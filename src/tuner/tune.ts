/**
 * The whole of a search on one loaded module: -Oz measured, lists proposed and measured within the budget, the winner
 * confirmed fresh and minimised. What `optimize` and `tune` share.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Measurement } from "../llvm/protocol.ts";
import { presets } from "../passes/presets.ts";
import { withMandatoryInlining } from "../passes/mandatory.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import { type Confirmed, type ConfirmOptions, confirmBest, minimizeConfirmed } from "./confirm.ts";
import { score } from "./objective.ts";
import type { Journal } from "./journal.ts";
import { type Proposals, remembered } from "./strategy.ts";
import { type SearchOptions, type SearchResult, search } from "./search.ts";

export interface TuneOptions extends Omit<
  SearchOptions,
  "baseline" | "timeoutMs" | "journal" | "proposals"
> {
  readonly minimize: boolean;
  /** Where measurements of a module, named by its hash, are remembered. */
  readonly journalFor: (moduleHash: string) => Journal;
  /** Asked once -Oz is known, which is `baseline`; its lists are tried before all others. */
  readonly propose?:
    ((pool: Pool, module: LoadedModule, baseline: number) => Proposals) | undefined;
}

/** Who proposed a list first. */
export type Proposer = "model" | "coreset" | "search";

export interface Tuned {
  readonly baseline: Measurement;
  readonly baselineValue: number;
  /** Undefined when nothing beats -Oz. */
  readonly best: Confirmed | undefined;
  /** Of the winner before it was minimised; means nothing without one. */
  readonly proposer: Proposer;
  readonly search: SearchResult;
  /** Pass lists measured: the search's and the minimiser's. */
  readonly compilations: number;
}

/** -Oz gets as long as a large module needs; the lists of a search some times of what -Oz took. */
const BASELINE_TIMEOUT_MS = 120_000;
const MIN_LIST_TIMEOUT_MS = 10_000;
const LIST_TIMEOUT_FACTOR = 5;

/** A failure only when -Oz itself cannot be measured. */
export async function tuneModule(
  pool: Pool,
  module: LoadedModule,
  options: TuneOptions,
): Promise<Outcome<Tuned>> {
  const { objective, coreset, signal } = options;
  const began = performance.now();
  const measured = await pool.measure(module, [printPassList(presets.Oz)], {
    fresh: true,
    timeoutMs: BASELINE_TIMEOUT_MS,
  });
  if (measured.status !== "ok") return measured;
  const timeoutMs = Math.max(
    MIN_LIST_TIMEOUT_MS,
    LIST_TIMEOUT_FACTOR * (performance.now() - began),
  );
  const baseline = score(measured.value, objective);

  const proposed: PassList[] = [];
  const proposals = options.propose?.(pool, module, baseline);
  const searched = await search(pool, module, {
    ...options,
    proposals: proposals && remembered(proposals, proposed),
    baseline,
    timeoutMs,
    journal: options.journalFor(module.info.hash),
  });
  const confirm: ConfirmOptions = { objective, baseline, timeoutMs, signal };
  const best = await confirmBest(
    pool,
    module,
    searched.winners.map(({ list }) => list),
    confirm,
  );
  const minimal =
    best !== undefined && options.minimize
      ? await minimizeConfirmed(pool, module, best, confirm)
      : { confirmed: best, measurements: 0 };
  return ok({
    baseline: measured.value,
    baselineValue: baseline,
    best: minimal.confirmed,
    proposer: proposerOf(best?.list ?? [], { model: proposed, coreset: coreset.lists }),
    search: searched,
    compilations: searched.compilations + minimal.measurements,
  });
}

function proposerOf(
  winner: PassList,
  lists: Readonly<Record<Exclude<Proposer, "search">, readonly PassList[]>>,
): Proposer {
  const text = printPassList(winner);
  const has = (all: readonly PassList[]): boolean =>
    all.some((list) =>
      [list, withMandatoryInlining(list)].some((each) => printPassList(each) === text),
    );
  if (has(lists.model)) return "model";
  return has(lists.coreset) ? "coreset" : "search";
}
