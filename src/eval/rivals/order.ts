/**
 * From what each list is expected to save to an order of trying them. By expected gain alone, the second list would be the first one's
 * twin; what counts is what a list adds to those before it. Which lists gain on the same modules is taken from training modules, how much from the
 * prediction: each list's column is scaled to the expected gain, then lists are chosen greedily, as a coreset is.
 */

import { greedyCoreset } from "../../label/greedy.ts";

export interface Together {
  /** By training module and list: percent saved over -Oz, not below 0. */
  readonly gains: readonly (readonly number[])[];
  readonly meanGains: readonly number[];
}

/** Percent. Predictions near 0 are no reason to never try a list. */
const LEAST_GAIN = 0.02;

/** All lists, best first; what helps no training module comes last, in the order of the coreset. */
export function orderLists(expected: readonly number[], { gains, meanGains }: Together): number[] {
  const scales = meanGains.map(
    (mean, list) => Math.max(expected[list] ?? 0, LEAST_GAIN) / Math.max(mean, LEAST_GAIN),
  );
  const scaled = gains.map((row) => row.map((gain, list) => gain * (scales[list] ?? 1)));
  const chosen = greedyCoreset(scaled, meanGains.length);
  return [...new Set([...chosen, ...meanGains.keys()])];
}
