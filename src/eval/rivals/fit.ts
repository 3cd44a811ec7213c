/**
 * Fits the rivals that learn, from modules whose sizes under the coreset's lists are known. How trees of gains are grown was tried
 * out by cross-validation over training packages, roughly: depth 4 and 6, 10 to 160 trees. The other constants were not tuned.
 */

import { makeRng } from "../../base/rng.ts";
import { mean } from "../../base/stats.ts";
import { type Boosted, type Boosting, boost } from "./boosting.ts";
import type { Neighbours } from "./nearest.ts";
import type { Together } from "./order.ts";
import { fitRidge, predictRidge, type Ridge } from "./ridge.ts";
import { standardise, standardOf } from "../../base/standard.ts";

export interface LabelledFeatures {
  readonly features: readonly number[];
  /** By list of the coreset: percent saved over -Oz, at least 0 (-Oz is there to fall back on), at most MAX_GAIN. */
  readonly gains: readonly number[];
}

export interface SizedFeatures {
  readonly features: readonly number[];
  /** Bytes without any pass, and under -Oz. */
  readonly before: number;
  readonly after: number;
}

/** Percent. Few modules save more, and those must not outvote all others. */
const MAX_GAIN = 30;

export function gainOf(saved: number | undefined): number {
  return Math.max(0, Math.min(MAX_GAIN, saved ?? 0));
}

const GAIN_TREES: Boosting = {
  trees: 80,
  rate: 0.08,
  depth: 6,
  minRows: 10,
  shrinkage: 5,
  sketch: 8,
  featureShare: 0.3,
  rowShare: 0.7,
};
const SIZE_TREES: Boosting = { ...GAIN_TREES, trees: 150, depth: 5, sketch: 2 };
const SIZE_PENALTY = 10;
/** Bounds the time that ordering takes, which grows with them. Not tuned. */
const TOGETHER_MODULES = 500;
const SEED = 1;

export interface GainModels {
  readonly neighbours: Neighbours;
  readonly trees: Boosted;
  readonly together: Together;
}

/** `modules`: in any fixed order; not empty. */
export function fitGains(modules: readonly LabelledFeatures[]): GainModels {
  const features = modules.map((module) => module.features);
  const gains = modules.map((module) => module.gains);
  const standard = standardOf(features);
  const meanGains = columnMeans(gains);
  return {
    neighbours: {
      standard,
      features: features.map((row) => standardise(row, standard)),
      gains,
      meanGains,
    },
    trees: boost(features, gains, { ...GAIN_TREES, rng: makeRng(SEED) }),
    together: togetherOf(gains),
  };
}

/** Evenly drawn from all modules. */
export function togetherOf(all: readonly (readonly number[])[]): Together {
  const every = Math.max(1, all.length / TOGETHER_MODULES);
  const isDrawn = (row: number): boolean =>
    Math.floor(row / every) !== Math.floor((row - 1) / every);
  const gains = all.filter((_, row) => isDrawn(row));
  return { gains, meanGains: columnMeans(gains) };
}

function columnMeans(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, column) => mean(rows.map((row) => row[column] ?? 0)));
}

/** Logarithms of sizes: linear in logarithms of counts, and trees for what that leaves over. */
export interface SizeModel {
  readonly linear: Ridge;
  readonly trees: Boosted;
}

export function fitSizes(modules: readonly SizedFeatures[]): SizeModel {
  const features = modules.map((module) => module.features);
  const targets = modules.map(({ before, after }) => [Math.log1p(before), Math.log1p(after)]);
  const linear = fitRidge(features, targets, SIZE_PENALTY);
  const left = targets.map((row, index) => {
    const line = predictRidge(linear, features[index] ?? []);
    return row.map((value, k) => value - (line[k] ?? 0));
  });
  return { linear, trees: boost(features, left, { ...SIZE_TREES, rng: makeRng(SEED) }) };
}
