/** What the policy is told: a module's features, and what the lists that were tried on it have saved. */

import { type Standard, standardise } from "../../../base/standard.ts";

export interface Tried {
  /** By its number among the lists that the policy knows. */
  readonly list: number;
  /** Percent saved over -Oz, negative where the object grew; undefined where the list failed. */
  readonly saved: number | undefined;
}

/** Deviations from the mean: more says no more. */
const MAX_DEVIATIONS = 4;
/** Percent. What is beyond says nothing but "much". */
const LEAST_SAVED = -8;
const MOST_SAVED = 30;
/** Percent a unit of input: brings savings to the scale of the other inputs. */
const SAVED_UNIT = 4;

/** A failure is as bad as the worst list. */
export const clippedSaving = (saved: number | undefined): number =>
  Math.min(MOST_SAVED, Math.max(LEAST_SAVED, saved ?? LEAST_SAVED));

export const inputsOf = (features: number, lists: number): number => features + 2 * lists + 1;

export const standardFeatures = (features: readonly number[], standard: Standard): number[] =>
  standardise(features, standard, MAX_DEVIATIONS);

/**
 * The perceptron's inputs: `features` (standardised), by list what it saved (0 of one not tried), by list whether it was tried, and the
 * best so far, -Oz among it.
 */
export function stateOf(
  features: readonly number[],
  tried: readonly Tried[],
  lists: number,
): Float32Array {
  const inputs = new Float32Array(inputsOf(features.length, lists));
  inputs.set(features);
  const [savings, flags] = [features.length, features.length + lists];
  let best = 0;
  for (const { list, saved } of tried) {
    const value = clippedSaving(saved);
    best = Math.max(best, value);
    inputs[savings + list] = value / SAVED_UNIT;
    inputs[flags + list] = 1;
  }
  inputs[inputs.length - 1] = best / SAVED_UNIT;
  return inputs;
}
