/**
 * 95 % bootstrap intervals: the 2.5 and 97.5 % quantiles of a statistic over resamples drawn with replacement (the percentile
 * method; Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
 *
 * Modules of one package are alike: drawing them one by one would make intervals too narrow. So whole packages are drawn,
 * each with all its cases, where there are MIN_PACKAGES of them; below that so few draws differ that cases are drawn.
 *
 * The draws follow from the number of units alone, so equal rows give equal intervals. A statistic may be skewed so much that
 * its own value lies outside of the quantiles; the interval is then widened to hold it. A single unit leaves nothing to draw: its
 * number stands without an interval.
 */

import { makeRng } from "../../base/rng.ts";
import { quantile } from "../../base/stats.ts";
import type { Cell } from "../table.ts";

export interface Sampled {
  readonly package: string;
}

/** Of many items at once; NaN where it has no value for them (a correlation of equal numbers). */
export type Statistic<T> = (items: readonly T[]) => number;

/**
 * A statistic of sums: those of a package are added up once instead of for every resample. `parts` of an item are always of
 * the same length; undefined where the item does not count.
 */
export interface SumStatistic<T> {
  readonly parts: (item: T) => readonly number[] | undefined;
  readonly of: (sums: readonly number[]) => number;
}

const MIN_PACKAGES = 8;
const RESAMPLES = 1000;
const TAIL = 0.025;

/** What is drawn: packages or single items. In the order of the names of packages, or of `items`. */
export function samplingUnits<T extends Sampled>(items: readonly T[]): (readonly T[])[] {
  const packages = Map.groupBy(items, (item) => item.package);
  if (packages.size < MIN_PACKAGES) return items.map((item) => [item]);
  return [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => members);
}

/** `items` in an order of the caller's that does not change. Undefined where the statistic has no value. */
export function estimate<T extends Sampled>(
  items: readonly T[],
  statistic: Statistic<T>,
): Cell | undefined {
  const units = samplingUnits(items);
  return withInterval(statistic(items), units.length, (draw) =>
    statistic(units.flatMap(() => units[draw()] ?? [])),
  );
}

/** The same for a statistic of sums. Undefined too where no item counts. */
export function estimateOfSums<T extends Sampled>(
  items: readonly T[],
  { parts, of }: SumStatistic<T>,
): Cell | undefined {
  const counted = items.flatMap((item) => {
    const found = parts(item);
    return found === undefined ? [] : [{ package: item.package, parts: found }];
  });
  const units = samplingUnits(counted).map((members) => addUp(members.map((each) => each.parts)));
  if (units.length === 0) return undefined;
  return withInterval(of(addUp(units)), units.length, sumsDrawn(units, of));
}

/** Flat, and one buffer for all resamples: there are thousands of them for each cell of each table. */
function sumsDrawn(
  units: readonly (readonly number[])[],
  of: (sums: readonly number[]) => number,
): (draw: () => number) => number {
  const sums: number[] = units[0]?.map(() => 0) ?? [];
  const width = sums.length;
  const flat = Float64Array.from(units.flat());
  return (draw) => {
    sums.fill(0);
    for (let count = 0; count < units.length; count++) {
      const start = width * draw();
      for (let at = 0; at < width; at++) sums[at] = (sums[at] ?? 0) + (flat[start + at] ?? 0);
    }
    return of(sums);
  };
}

/** `resampled` draws as many units as there are. */
function withInterval(
  value: number,
  units: number,
  resampled: (draw: () => number) => number,
): Cell | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (units < 2) return value;
  const rng = makeRng(`bootstrap ${units}`);
  const draw = (): number => rng.int(units);
  const values = Array.from({ length: RESAMPLES }, () => resampled(draw)).filter(Number.isFinite);
  if (values.length === 0) return value;
  const sorted = [...Float64Array.from(values).toSorted()];
  return {
    value,
    low: Math.min(value, quantile(sorted, TAIL)),
    high: Math.max(value, quantile(sorted, 1 - TAIL)),
  };
}

function addUp(vectors: readonly (readonly number[])[]): number[] {
  const sums: number[] = vectors[0]?.map(() => 0) ?? [];
  for (const vector of vectors)
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (vector[at] ?? 0);
  return sums;
}
