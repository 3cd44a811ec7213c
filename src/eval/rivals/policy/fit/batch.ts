/**
 * What the policy learns from: made-up states of a search on labelled modules. Some lists of a module are taken for tried, and the answer wanted
 * is one that adds much to the best of them.
 */

import type { Rng } from "../../../../base/rng.ts";
import { mean } from "../../../../base/stats.ts";
import { clippedSaving, inputsOf, stateOf, type Tried } from "../state.ts";

export interface PolicyCase {
  /** Standardised. */
  readonly features: readonly number[];
  /** By list: percent saved over -Oz; undefined where it failed. */
  readonly saved: readonly (number | undefined)[];
}

export interface Batch {
  readonly rows: number;
  readonly inputs: Float32Array;
  /** rows × lists: how much each list is wanted, in sum 1 a row; -1 of a tried one, which is no answer. */
  readonly wanted: Float32Array;
  /** By row, from 0 to 1: a state in which little can be gained teaches little. */
  readonly weights: Float32Array;
}

/** How many lists were tried, each as likely: most of them few, for the first choices count most. */
const TRIED_COUNTS = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 20, 30];
/** A gain of this many percent counts in full. */
const FULL_GAIN = 2;
/** How much likelier a list is tried that saves more; percent, so that none is ruled out. */
const [TRIED_POWER, LEAST_SAVED] = [1.5, 0.05];

/** By list: the logarithm of how likely it is among the tried ones. */
export function triedScores(cases: readonly PolicyCase[]): number[] {
  return (cases[0]?.saved ?? []).map((_, list) => {
    const savings = cases.map(({ saved }) => Math.max(0, clippedSaving(saved[list])));
    return TRIED_POWER * Math.log(Math.max(LEAST_SAVED, mean(savings)));
  });
}

export interface Drawing {
  readonly rows: number;
  /** As `triedScores` gives them. */
  readonly scores: readonly number[];
  /** A list is wanted as this power of what it adds. */
  readonly power: number;
  readonly rng: Rng;
}

/** `cases`: not empty, all of the same lists. */
export function drawBatch(
  cases: readonly PolicyCase[],
  { rows, scores, power, rng }: Drawing,
): Batch {
  const lists = scores.length;
  const width = inputsOf(cases[0]?.features.length ?? 0, lists);
  const inputs = new Float32Array(rows * width);
  const wanted = new Float32Array(rows * lists);
  const weights = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const { features, saved } = rng.pick(cases);
    const tried = drawTried(scores, rng).map((list): Tried => ({ list, saved: saved[list] }));
    inputs.set(stateOf(features, tried, lists), row * width);
    const { answer, weight } = answerOf(saved, tried, power);
    wanted.set(answer, row * lists);
    weights[row] = weight;
  }
  return { rows, inputs, wanted, weights };
}

/** Without replacement, by the Gumbel trick: the largest of scores with Gumbel noise. One is left at least. */
function drawTried(scores: readonly number[], rng: Rng): number[] {
  const count = Math.min(rng.pick(TRIED_COUNTS), scores.length - 1);
  const noisy = scores.map((score) => score - Math.log(-Math.log(rng.next() || Number.EPSILON)));
  const order = [...scores.keys()].toSorted((a, b) => (noisy[b] ?? 0) - (noisy[a] ?? 0));
  return order.slice(0, count);
}

function answerOf(
  saved: readonly (number | undefined)[],
  tried: readonly Tried[],
  power: number,
): { answer: number[]; weight: number } {
  const best = Math.max(0, ...tried.map((one) => clippedSaving(one.saved)));
  const isTried = new Set(tried.map(({ list }) => list));
  const gains = saved.map((value, list) =>
    isTried.has(list) ? 0 : Math.max(0, clippedSaving(value) - best),
  );
  const most = Math.max(...gains);
  const scaled = gains.map((gain) => (most === 0 ? 0 : (gain / most) ** power));
  const total = scaled.reduce((sum, value) => sum + value, 0) || 1;
  return {
    answer: scaled.map((value, list) => (isTried.has(list) ? TRIED : value / total)),
    weight: Math.min(1, most / FULL_GAIN),
  };
}

const TRIED = -1;

/** Of the cross-entropy between what is wanted and the softmax of `outputs` over the untried lists, mean by weight. */
export function lossGradient(
  { rows, wanted, weights }: Batch,
  outputs: Float32Array,
): Float32Array {
  const lists = wanted.length / rows;
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const gradient = new Float32Array(outputs.length);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * lists, (row + 1) * lists];
    const answer = wanted.subarray(from, to);
    const own = outputs
      .subarray(from, to)
      .map((value, k) => (answer[k] === TRIED ? -Infinity : value));
    const largest = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const odds = own.map((value) => Math.exp(value - largest));
    const sum = odds.reduce((a, b) => a + b, 0);
    const share = (weights[row] ?? 0) / total;
    for (const [k, odd] of odds.entries())
      gradient[from + k] = share * (odd / sum - Math.max(0, answer[k] ?? 0));
  }
  return gradient;
}
