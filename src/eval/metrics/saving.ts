/** Percent saved over a baseline, of many cases: three answers to one question, for `estimateOfSums`. */

import { savedPercent } from "../../base/stats.ts";
import type { SumStatistic } from "./bootstrap.ts";

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/** Of the bytes of all cases together: large programs count most. */
export const totalSaving = <T>(sizes: (item: T) => BeforeAfter): SumStatistic<T> => ({
  parts: (item) => {
    const { before, after } = sizes(item);
    return [before, after];
  },
  of: ([before = 0, after = 0]) => savedPercent(before, after),
});

/** The mean of the cases' percents: every program counts alike. */
export const meanSaving = <T>(sizes: (item: T) => BeforeAfter): SumStatistic<T> => ({
  parts: (item) => {
    const { before, after } = sizes(item);
    return [savedPercent(before, after), 1];
  },
  of: ([percents = 0, count = 0]) => percents / count,
});

/** From the geometric mean of after / before, where nothing at all counts as one byte. */
export const geometricSaving = <T>(sizes: (item: T) => BeforeAfter): SumStatistic<T> => ({
  parts: (item) => {
    const { before, after } = sizes(item);
    return [Math.log(Math.max(1, after) / Math.max(1, before)), 1];
  },
  of: ([logs = 0, count = 0]) => 100 * (1 - Math.exp(logs / count)),
});
