/**
 * Hill-climbing over the tree: from the expanded -Oz pipeline, a batch of neighbours of the best list so far, and on
 * from the best of them. An equal neighbour is taken too, which lets the search drift along plateaus.
 */

import { mutatePassList } from "../../passes/mutate.ts";
import { ozTree } from "../../passes/presets.ts";
import type { PassList } from "../../passes/tree.ts";
import { BATCH, type Scored, type Strategy, type StrategyContext } from "../strategy.ts";

export const climb: Strategy = (context) =>
  climbFrom(context, ozTree(context.registry.llvmVersion));

function* climbFrom({ rng, registry }: StrategyContext, start: PassList): ReturnType<Strategy> {
  let best: Scored = { list: start, value: undefined };
  let results = yield [start];
  while (true) {
    for (const result of results) if (isAtLeastAsGood(result, best)) best = result;
    results = yield Array.from({ length: BATCH }, () => mutateSome(best.list, rng.int(3) + 1));
  }
  function mutateSome(list: PassList, times: number): PassList {
    return times === 0 ? list : mutateSome(mutatePassList(list, rng, registry), times - 1);
  }
}

function isAtLeastAsGood({ value }: Scored, { value: than }: Scored): boolean {
  return value !== undefined && (than === undefined || value <= than);
}
