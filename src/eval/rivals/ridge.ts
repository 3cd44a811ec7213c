/** Ridge regression: linear, least squares, with a penalty on large weights. */

import { type Standard, standardise, standardOf } from "../../base/standard.ts";

export interface Ridge {
  readonly standard: Standard;
  /** The mean of the targets. */
  readonly start: readonly number[];
  /** By feature and output. */
  readonly weights: readonly (readonly number[])[];
}

/** What is beyond the training modules, large ones above all, must be told apart: nothing is cut off that a module can have. */
const LIMIT = 20;

/** `features`, `targets`: a row a case. `penalty` is in rows: that many at the mean. */
export function fitRidge(
  features: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  penalty: number,
): Ridge {
  const standard = standardOf(features);
  const rows = features.map((row) => standardise(row, standard, LIMIT));
  const width = targets[0]?.length ?? 0;
  const start = Array.from(
    { length: width },
    (_, k) => targets.reduce((sum, row) => sum + (row[k] ?? 0), 0) / targets.length,
  );
  const size = standard.means.length;
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  const right = Array.from({ length: size }, () => new Float64Array(width));
  for (const [row, values] of rows.entries()) {
    for (let a = 0; a < size; a++) {
      const value = values[a] ?? 0;
      if (value === 0) continue;
      addScaled(gram[a], values, value);
      addScaled(
        right[a],
        (targets[row] ?? []).map((target, k) => target - (start[k] ?? 0)),
        value,
      );
    }
  }
  for (const [a, line] of gram.entries()) line[a] = (line[a] ?? 0) + penalty;
  return { standard, start, weights: solve(gram, right).map((line) => Array.from(line)) };
}

function addScaled(
  line: Float64Array | undefined,
  values: ArrayLike<number>,
  factor: number,
): void {
  if (line === undefined) return;
  for (let k = 0; k < line.length; k++) line[k] = (line[k] ?? 0) + factor * (values[k] ?? 0);
}

/** Gaussian elimination. `matrix` is symmetric and positive definite (penalty > 0), so that no pivot is 0. Both are overwritten. */
function solve(matrix: Float64Array[], right: Float64Array[]): Float64Array[] {
  const eliminate = (from: number, row: number): void => {
    const factor = -(matrix[row]?.[from] ?? 0) / (matrix[from]?.[from] ?? 1);
    addScaled(matrix[row], matrix[from] ?? [], factor);
    addScaled(right[row], right[from] ?? [], factor);
  };
  for (const from of matrix.keys()) {
    for (let row = 0; row < matrix.length; row++) if (row !== from) eliminate(from, row);
  }
  return right.map((line, k) => line.map((value) => value / (matrix[k]?.[k] ?? 1)));
}

export function predictRidge(
  { standard, start, weights }: Ridge,
  features: readonly number[],
): number[] {
  const values = standardise(features, standard, LIMIT);
  return start.map((mean, output) =>
    values.reduce((sum, value, k) => sum + value * (weights[k]?.[output] ?? 0), mean),
  );
}
