/**
 * What the coreset's lists may be expected to add on a module, given what those tried on it saved: a Gaussian over the savings of all lists
 * together, learned from labelled modules (savings-prior.json, made by tools/coreset/make-prior.ts), conditioned on each measurement; of the
 * rest of each list's distribution the expected improvement over the best so far (Močkus 1975; Jones, Schonlau, Welch 1998). It
 * knows nothing of the module but these measurements.
 */

import { readFileSync } from "node:fs";
import { z } from "zod";
import { contentHash } from "../base/hash.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";

/** Percent saved over -Oz; by list. */
export interface SavingsPrior {
  readonly means: readonly number[];
  /** Symmetric; in squared percent. */
  readonly covariance: readonly (readonly number[])[];
}

export interface Belief {
  /** By list: the percent of -Oz that it may be expected to save beyond the best so far and 0; above 0, of a list tried before too. */
  improvements(): number[];
  /** `saved`: percent; undefined where the list failed. */
  learn(list: number, saved: number | undefined): void;
}

export const priorFileSchema = z.object({
  madeBy: z.string(),
  llvmVersion: z.string(),
  modules: z.int(),
  /** Of the lists' texts, in the order of the numbers. */
  lists: z.array(z.string()),
  means: z.array(z.number()),
  /** The lower triangle, row by row, diagonal and all. */
  covariance: z.array(z.array(z.number())),
});
export type PriorFile = z.infer<typeof priorFileSchema>;

/** Savings are taken for no worse and no better than this, percent: a few wild ones would make everything seem uncertain. */
export const SAVED_BOUNDS = { least: -8, most: 25 } as const;
/** Variance, squared percent: of what is left of a saving that the others explain; keeps a second measurement from being certain. */
const NOISE = 0.3;
/** So that its logarithm is a number. */
const LEAST_IMPROVEMENT = 1e-9;

export const boundedSaving = (percent: number): number =>
  Math.min(SAVED_BOUNDS.most, Math.max(SAVED_BOUNDS.least, percent));

let shipped: PriorFile | undefined;

/** Of these lists, as text, in this order; undefined where it was made without one of them. */
export function loadPrior(lists: readonly string[]): SavingsPrior | undefined {
  shipped ??= priorFileSchema.parse(
    JSON.parse(readFileSync(new URL("./savings-prior.json", import.meta.url), "utf8")),
  );
  return priorOf(shipped, lists);
}

/** Before anything is measured; undefined where labels know too little of these lists. */
export function beliefOf(lists: readonly PassList[]): Belief | undefined {
  const prior = loadPrior(lists.map(printPassList));
  return prior && makeBelief(prior);
}

export function priorOf(file: PriorFile, lists: readonly string[]): SavingsPrior | undefined {
  const places = lists.map((list) => file.lists.indexOf(nameInPrior(list)));
  if (places.includes(-1)) return undefined;
  const between = (a: number, b: number): number =>
    file.covariance[Math.max(a, b)]?.[Math.min(a, b)] ?? 0;
  return {
    means: places.map((place) => file.means[place] ?? 0),
    covariance: places.map((a) => places.map((b) => between(a, b))),
  };
}

const NAME_DIGITS = 16;
export const nameInPrior = (list: string): string => contentHash(list).slice(0, NAME_DIGITS);

export function makeBelief({ means, covariance }: SavingsPrior): Belief {
  const mean = Float64Array.from(means);
  const variances = covariance.map((row) => Float64Array.from(row));
  let best = 0;
  return {
    improvements: () =>
      Array.from(mean, (expected, list) =>
        Math.max(
          LEAST_IMPROVEMENT,
          expectedImprovement(
            expected - best,
            Math.sqrt(Math.max(0, variances[list]?.[list] ?? 0)),
          ),
        ),
      ),
    learn(list, saved) {
      const seen = boundedSaving(saved ?? SAVED_BOUNDS.least);
      best = Math.max(best, seen);
      const column = Float64Array.from(variances, (row) => row[list] ?? 0);
      const error = seen - (mean[list] ?? 0);
      const scale = 1 / ((column[list] ?? 0) + NOISE);
      for (const [at, row] of variances.entries()) {
        const gain = (column[at] ?? 0) * scale;
        mean[at] = (mean[at] ?? 0) + gain * error;
        for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) - gain * (column[k] ?? 0);
      }
    },
  };
}

/** Of max(0, x), where x has this mean and standard deviation. */
function expectedImprovement(mean: number, deviation: number): number {
  if (deviation === 0) return Math.max(0, mean);
  const ratio = mean / deviation;
  return (
    mean * normalBelow(ratio) +
    (deviation * Math.exp((-ratio * ratio) / 2)) / Math.sqrt(2 * Math.PI)
  );
}

/** The standard normal's share below a value; Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most. */
function normalBelow(limit: number): number {
  const x = Math.abs(limit) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const COEFFICIENTS = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const tail = COEFFICIENTS.reduce((sum, coefficient) => sum * t + coefficient, 0) * t;
  const half = (1 - tail * Math.exp(-x * x)) / 2;
  return limit < 0 ? 0.5 - half : 0.5 + half;
}
