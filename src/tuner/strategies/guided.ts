/**
 * The default. First the coreset, each next list chosen by what the lists before it did on this module: training
 * modules that reacted alike vote, and the list with the largest expected further saving comes next. Then evolution from
 * the best of them, with the whole coreset as material.
 *
 * The expectation is a kernel-weighted mean over training modules of max(0, saving - best so far): Bayesian optimisation's
 * expected improvement with the training modules as the posterior's samples.
 */

import { BATCH, type Scored, type Strategy, type StrategyContext } from "../strategy.ts";
import { evolve } from "./genetic.ts";

/** The greedy order is best while nothing is known of the module. */
const IN_ORDER = 2;
/** Share of the budget given to the coreset, measured best on training packages (LOG.md). */
const CORESET_SHARE = 0.5;
/** Lists chosen together; the coreset's first lists tell most, so batches are small. */
const CHOSEN_AT_ONCE = 2;
/** Kernel width, per mille of saving a list: modules within this distance count as alike. */
const KERNEL_WIDTH = 12;

export const guided: Strategy = function* (context) {
  const results = yield* coresetByExpectation(context);
  yield* evolve(context, results, context.coreset.lists);
};

function* coresetByExpectation(
  { coreset, baseline, budget }: StrategyContext,
): Generator<StrategyContext["coreset"]["lists"], readonly Scored[], readonly Scored[]> {
  const wanted = Math.min(coreset.lists.length, Math.max(BATCH, Math.ceil(budget * CORESET_SHARE)));
  const observed = new Map<number, number>(); // list index → per mille saved on this module
  const results: Scored[] = [];
  while (observed.size < wanted) {
    const count = Math.min(observed.size === 0 ? IN_ORDER : CHOSEN_AT_ONCE, wanted - observed.size);
    const chosen = observed.size === 0 ? [...Array(count).keys()] : chooseNext(coreset, observed, count);
    const scored = yield chosen.map((k) => coreset.lists[k] ?? []);
    for (const [i, result] of scored.entries()) {
      observed.set(chosen[i] ?? 0, perMilleSaved(baseline, result.value));
      results.push(result);
    }
    if (scored.length < chosen.length) break; // the budget is spent
  }
  return results;
}

/** A failed list saved nothing and looks like a loss of everything. */
function perMilleSaved(baseline: number, value: number | undefined): number {
  return value === undefined || baseline === 0 ? -1000 : (1000 * (baseline - value)) / baseline;
}

/** The `count` unobserved lists with the largest expected saving beyond the best observed one. */
export function chooseNext(
  { lists, savings }: StrategyContext["coreset"], observed: ReadonlyMap<number, number>, count: number,
): number[] {
  const best = Math.max(0, ...observed.values());
  const weights = savings.map((row) => similarity(row, observed));
  const expectation = (k: number): number =>
    savings.reduce((total, row, m) => total + (weights[m] ?? 0) * Math.max(0, (row[k] ?? 0) - best), 0);
  return [...lists.keys()]
    .filter((k) => !observed.has(k))
    .map((k) => ({ k, gain: expectation(k) }))
    .toSorted((a, b) => b.gain - a.gain || a.k - b.k) // equal: the greedy order decides
    .slice(0, count)
    .map(({ k }) => k);
}

/** Gaussian kernel of the root-mean-square distance over the lists seen; outliers are capped. */
function similarity(row: readonly number[], observed: ReadonlyMap<number, number>): number {
  const CAP = 100;
  let squares = 0;
  for (const [k, saved] of observed) {
    const distance = Math.min(CAP, Math.abs((row[k] ?? 0) - Math.max(-CAP, saved)));
    squares += distance * distance;
  }
  return Math.exp(-squares / observed.size / (2 * KERNEL_WIDTH ** 2)) + 1e-6;
}
