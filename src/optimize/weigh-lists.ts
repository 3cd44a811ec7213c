/**
 * A model of ours asked for one list of the coreset after the other: the one of which its probability (that it is the next to try on this
 * module) times the improvement that labels let expect of it, after what was measured on the module (tuner/expected-improvement.ts), is
 * greatest. The model knows the module and little of how lists go together, the expectation the other way round.
 */

import { placeOfLargest } from "../base/stats.ts";
import type { Model } from "../model/model.ts";
import type { PassList } from "../passes/tree.ts";
import { coresetName } from "../tasks/proposal.ts";
import { type TriedProposal, tune } from "../tasks/tune.ts";
import { beliefOf } from "../tuner/expected-improvement.ts";
import type { Proposals, Scored } from "../tuner/strategy.ts";

export interface WeighedOptions {
  readonly model: Model;
  readonly coreset: readonly PassList[];
  /** Distinct lists wanted, at least 1; the coreset has no more to give than its own. */
  readonly count: number;
  /** The objective's value of -Oz. */
  readonly baseline: number;
  readonly onNote: (note: string) => void;
}

/** As many as training tells; of more the last ones. */
export const MAX_TRIED = 15;
/** Below this an answer is not worth waiting for. */
export const MIN_LIMIT_MS = 1_000;

/**
 * Bytes under -Oz: most labelled modules are smaller. Of larger ones measurements say more than the model does once there are any, so
 * then it only tells apart what is expected to be alike (LOG.md).
 */
const WELL_KNOWN_BYTES = 3_500;
const HINT = 0.1;

/** `left`: milliseconds. Ends where all of the coreset was tried, or the model fails. */
export async function* weighedLists(
  ir: string,
  { model, coreset, count, baseline, onNote }: WeighedOptions,
  left: () => number,
): Proposals {
  const belief = beliefOf(coreset);
  const tried: TriedProposal[] = [];
  const untried = new Set(coreset.keys());
  while (tried.length < count && untried.size > 0) {
    if (left() < MIN_LIMIT_MS)
      return onNote(`${model.name}: out of time after ${tried.length} of ${count} pass lists`);
    const weighed = await model.weigh?.({
      prompt: tune[model.dialect].prompt({ ir, tried: tried.slice(-MAX_TRIED) }),
      options: coreset.map((_, number) => coresetName(number)),
      limitMs: left(),
    });
    if (weighed?.status !== "ok")
      return onNote(`${model.name}: ${weighed?.message ?? "cannot weigh lists"}`);
    const trust = tried.length === 0 || baseline < WELL_KNOWN_BYTES ? 1 : HINT;
    const improvements = belief?.improvements();
    const weights = weighed.value.map(
      (logProbability, list) => trust * logProbability + Math.log(improvements?.[list] ?? 1),
    );
    const number = placeOfLargest(weights, untried);
    untried.delete(number);
    const [result] = yield coreset.slice(number, number + 1);
    const saved = savedShare(result, baseline);
    belief?.learn(number, saved === undefined ? undefined : 100 * saved);
    tried.push({ proposal: { kind: "coreset", number }, saved });
  }
}

/** Of -Oz; undefined where the list failed. */
export const savedShare = (result: Scored | undefined, baseline: number): number | undefined =>
  result?.value === undefined ? undefined : 1 - result.value / baseline;
