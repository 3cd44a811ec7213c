/** How two numbers of each case go together. NaN where either is the same throughout, or there are fewer than two cases. */

import { mean, sum } from "../../base/stats.ts";

export interface Pair {
  readonly x: number;
  readonly y: number;
}

/** The product-moment correlation: 1 on a rising straight line. */
export function pearson(pairs: readonly Pair[]): number {
  if (pairs.length < 2) return Number.NaN;
  const middle = { x: mean(pairs.map(({ x }) => x)), y: mean(pairs.map(({ y }) => y)) };
  const xs = pairs.map(({ x }) => x - middle.x);
  const ys = pairs.map(({ y }) => y - middle.y);
  const squares = (values: readonly number[]): number => sum(values.map((value) => value ** 2));
  const together = sum(xs.map((x, index) => x * (ys[index] ?? 0)));
  return together / Math.sqrt(squares(xs) * squares(ys));
}

/** Pearson's of the ranks: 1 wherever both rise together. Equal values share the mean of their ranks. */
export function spearman(pairs: readonly Pair[]): number {
  const xs = ranks(pairs.map(({ x }) => x));
  const ys = ranks(pairs.map(({ y }) => y));
  return pearson(xs.map((x, index) => ({ x, y: ys[index] ?? Number.NaN })));
}

/** From 1 up, in the order of `values`. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const found: number[] = Array.from({ length: values.length }, () => 0);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && at(values, order[end]) === at(values, order[start])) end++;
    for (const index of order.slice(start, end)) found[index] = (start + 1 + end) / 2;
    start = end;
  }
  return found;
}

const at = (values: readonly number[], index: number | undefined): number | undefined =>
  index === undefined ? undefined : values[index];
