/**
 * The default: the first lists of the coreset, in order, then evolution from the best of them with the whole coreset as
 * material. Lists that a model proposed stand for as many of the coreset's.
 */

import { BATCH, type Strategy, inBatches } from "../strategy.ts";
import { evolve } from "./genetic.ts";

/** Share of the budget given to the coreset, and to what was proposed before it; measured on training modules (LOG.md). */
const CORESET_SHARE = 0.25;

export const guided: Strategy = function* (context) {
  const { lists } = context.coreset;
  const proposed = context.known.length;
  const share = Math.ceil((proposed + context.budget) * CORESET_SHARE);
  const wanted = Math.max(0, Math.max(BATCH, share) - proposed);
  const results = yield* inBatches(lists.slice(0, wanted));
  yield* evolve(context, [...context.known, ...results], lists);
};
