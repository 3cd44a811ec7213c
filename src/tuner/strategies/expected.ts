/**
 * The coreset's lists, each next one the one with most expected improvement after what those before it saved (expected-improvement.ts);
 * in the coreset's order where nothing is known of them, and on the smallest modules, of which many were labelled when that order was made.
 */

import { printPassList } from "../../passes/print.ts";
import { loadPrior, makeBelief } from "../expected-improvement.ts";
import type { Strategy } from "../strategy.ts";
import { coresetInOrder } from "./coreset-in-order.ts";

/** Bytes under -Oz; below it the order saves 5 % more (LOG.md). */
const SMALL_BYTES = 800;

export const expected: Strategy = function* (context) {
  const { coreset, baseline } = context;
  const prior = loadPrior(coreset.lists.map(printPassList));
  if (prior === undefined || baseline < SMALL_BYTES) return yield* coresetInOrder(context);
  const belief = makeBelief(prior);
  const untried = new Set(coreset.lists.keys());
  while (untried.size > 0) {
    const improvements = belief.improvements();
    const gain = (list: number): number => improvements[list] ?? 0;
    const [first = 0, ...rest] = untried;
    const next = rest.reduce((best, list) => (gain(list) > gain(best) ? list : best), first);
    untried.delete(next);
    const [result] = yield coreset.lists.slice(next, next + 1);
    const value = result?.value;
    belief.learn(next, value === undefined ? undefined : 100 * (1 - value / baseline));
  }
};
