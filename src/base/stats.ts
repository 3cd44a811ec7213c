/** Small statistics over arrays of numbers. Every function wants at least one element. */

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7); q in [0, 1]. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Of the places `among`, not empty, the one of the largest value, the first of equals. */
export function placeOfLargest(values: readonly number[], among: Iterable<number>): number {
  const value = (place: number): number => values[place] ?? -Infinity;
  return [...among].reduce((best, place) => (value(place) > value(best) ? place : best));
}

/** Percent saved from `before` to `after`; 0 when there was nothing to save. */
export function savedPercent(before: number, after: number): number {
  return before === 0 ? 0 : (100 * (before - after)) / before;
}
