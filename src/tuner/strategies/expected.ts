/**
 * The coreset's lists, each next one the one with most expected improvement after what those before it saved (expected-improvement.ts);
 * in the coreset's order where nothing is known of them, and on the smallest modules, of which many were labelled when that order was made.
 */

import { placeOfLargest, savedPercent } from "../../base/stats.ts";
import { beliefOf } from "../expected-improvement.ts";
import type { Strategy } from "../strategy.ts";
import { coresetInOrder } from "./coreset-in-order.ts";

/** Bytes under -Oz; below it the order saves 5 % more (LOG.md). */
const SMALL_BYTES = 800;

export const expected: Strategy = function* (context) {
  const { coreset, baseline } = context;
  const belief = baseline < SMALL_BYTES ? undefined : beliefOf(coreset.lists);
  if (belief === undefined) return yield* coresetInOrder(context);
  const untried = new Set(coreset.lists.keys());
  while (untried.size > 0) {
    const next = placeOfLargest(belief.improvements(), untried);
    untried.delete(next);
    const [result] = yield coreset.lists.slice(next, next + 1);
    const value = result?.value;
    belief.learn(next, value === undefined ? undefined : savedPercent(baseline, value));
  }
};
