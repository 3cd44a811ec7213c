/**
 * The default: the first lists of the coreset, in order, then evolution from the best of them with the whole coreset as
 * material. Choosing each next list by what those before it did was tried and gains nothing (LOG.md).
 */

import { BATCH, type Strategy, inBatches } from "../strategy.ts";
import { evolve } from "./genetic.ts";

/** Share of the budget given to the coreset; measured on training modules (LOG.md). */
const CORESET_SHARE = 0.25;

export const guided: Strategy = function* (context) {
  const { lists } = context.coreset;
  const wanted = Math.max(BATCH, Math.ceil(context.budget * CORESET_SHARE));
  const results = yield* inBatches(lists.slice(0, wanted));
  yield* evolve(context, [...context.known, ...results], lists);
};
