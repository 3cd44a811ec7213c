/** The nearest training modules, by their features, and what each list of the coreset saved on them. */

import { type Standard, standardise } from "../../base/standard.ts";

export interface Neighbours {
  readonly standard: Standard;
  /** Standardised features of the training modules. */
  readonly features: readonly (readonly number[])[];
  /** By module and list: percent saved over -Oz, 0 where it is larger: -Oz is there to fall back on. */
  readonly gains: readonly (readonly number[])[];
  readonly meanGains: readonly number[];
}

/** How many neighbours speak, and how many times the mean of all modules does beside them: 20 to 200 did alike in cross-validation. */
const NEIGHBOURS = 50;
const MEAN_COUNTS = 30;

/** Expected gains of the lists, percent. */
export function nearestGains(
  { standard, features, gains, meanGains }: Neighbours,
  asked: readonly number[],
  neighbours: number = NEIGHBOURS,
): number[] {
  const place = standardise(asked, standard);
  const near = features
    .map((row, index) => ({ index, distance: squaredDistance(row, place) }))
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, neighbours);
  return meanGains.map((mean, list) => {
    const sum = near.reduce((total, { index }) => total + (gains[index]?.[list] ?? 0), 0);
    return (sum + MEAN_COUNTS * mean) / (near.length + MEAN_COUNTS);
  });
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += ((a[k] ?? 0) - (b[k] ?? 0)) ** 2;
  return sum;
}
