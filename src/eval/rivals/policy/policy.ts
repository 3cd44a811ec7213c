/**
 * The policy: which list of the coreset to try next on a module, given counted features of it and what the lists tried so far have saved.
 * A small perceptron, trained on labelled modules to name a list that adds much to the best so far. It costs no language model and a
 * tenth of a millisecond a list.
 */

import { placeOfLargest, savedPercent } from "../../../base/stats.ts";
import { printPassList } from "../../../passes/print.ts";
import type { PassList } from "../../../passes/tree.ts";
import type { Features } from "../../../tasks/features/features.ts";
import type { Coreset } from "../../../tuner/coreset.ts";
import type { Scored, StrategyContext } from "../../../tuner/strategy.ts";
import { type Policy, shippedPolicy } from "./file.ts";
import { outputsOf } from "./perceptron.ts";
import { type Tried, standardFeatures, stateOf } from "./state.ts";

type Context = Pick<StrategyContext, "coreset" | "baseline">;

/**
 * A strategy for one module: every list of the coreset, one at a time. Throws an Error where the coreset has a list that the policy was not
 * made for; lists that it lacks, which another LLVM leaves out, are not proposed.
 */
export function policyStrategy(
  features: Features,
  { madeFrom, standard, perceptron }: Policy = shippedPolicy(),
): (context: Context) => Generator<readonly PassList[], void, readonly Scored[]> {
  return function* ({ coreset, baseline }) {
    const left = byNumber(coreset, madeFrom);
    const own = standardFeatures(features, standard);
    const tried: Tried[] = [];
    while (left.size > 0) {
      const outputs = outputsOf(perceptron, stateOf(own, tried, madeFrom.lists.length));
      const number = placeOfLargest(outputs, left.keys());
      const [result] = yield [left.get(number) ?? []];
      left.delete(number);
      const { value } = result ?? {};
      tried.push({
        list: number,
        saved: value === undefined ? undefined : savedPercent(baseline, value),
      });
    }
  };
}

/** The lists of a coreset by their numbers among those that the policy knows. */
function byNumber({ lists }: Coreset, { lists: known, llvm }: Policy["madeFrom"]) {
  const numbers = new Map(known.map((passes, number) => [passes, number]));
  return new Map(
    lists.map((list) => {
      const passes = printPassList(list);
      const number = numbers.get(passes);
      if (number === undefined)
        throw new Error(
          `the policy was made for another coreset: "${passes}" is not among its ${known.length} lists (LLVM ${llvm}); make it again with \`node tools/make-rivals.ts\``,
        );
      return [number, list];
    }),
  );
}
