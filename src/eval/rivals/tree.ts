/**
 * Regression trees with many outputs: every leaf holds a whole vector, so 75 lists cost one tree and not 75. Splits are found on
 * histograms of binned features, by the gain in a few random projections of the outputs ("sketched boosting", arXiv 2211.12858).
 */

import type { Rng } from "../../base/rng.ts";

/** Nodes in one array, a split's left child right after it: values up to the threshold go there, others to `right`. */
export type TreeNode =
  | { readonly feature: number; readonly threshold: number; readonly right: number }
  | { readonly values: readonly number[] };
export type Tree = readonly TreeNode[];

export interface TreeShape {
  readonly depth: number;
  /** Rows in a leaf, at least. */
  readonly minRows: number;
  /** Added to a leaf's count of rows: few rows say little. */
  readonly shrinkage: number;
  /** Projections of the outputs that splits are judged by. */
  readonly sketch: number;
  /** Of the features, those that a tree looks at. */
  readonly featureShare: number;
}

const BINS = 32;

/** Features by column: the bin of each row, and the edges between bins. */
export interface Binned {
  readonly rows: number;
  readonly columns: readonly { readonly bins: Uint8Array; readonly edges: readonly number[] }[];
}

export function binFeatures(features: readonly (readonly number[])[]): Binned {
  const width = features[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => {
    const values = features.map((row) => row[column] ?? 0);
    const edges = edgesOf(values);
    return { edges, bins: Uint8Array.from(values, (value) => binOf(value, edges)) };
  });
  return { rows: features.length, columns };
}

/** Between distinct quantiles, half way, so that a value of another module falls to the nearer side. */
function edgesOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const picked = Array.from(
    { length: BINS },
    (_, k) => sorted[Math.floor(((k + 0.5) / BINS) * sorted.length)] ?? 0,
  );
  const distinct = [...new Set(picked)];
  return distinct.slice(1).map((value, k) => (value + (distinct[k] ?? value)) / 2);
}

function binOf(value: number, edges: readonly number[]): number {
  let bin = 0;
  while (bin < edges.length && value > (edges[bin] ?? Infinity)) bin++;
  return bin;
}

/** Rows × width, row after row. */
export interface Matrix {
  readonly width: number;
  readonly data: Float64Array;
}

/** A tree for `targets`, of the rows in `rows`. */
export function growTree(
  features: Binned,
  targets: Matrix,
  { rows, shape, rng }: { rows: Int32Array; shape: TreeShape; rng: Rng },
): Tree {
  const sketch = project(targets, shape.sketch, rng);
  const all = rng.shuffle([...features.columns.keys()]);
  const looked = all.slice(0, Math.max(1, Math.round(all.length * shape.featureShare)));
  const nodes: TreeNode[] = [];
  const grow = (own: Int32Array, depth: number): number => {
    const place = nodes.push({ values: [] }) - 1;
    const split =
      depth === 0 ? undefined : bestSplit(features, sketch, { rows: own, looked, shape });
    if (split === undefined) {
      nodes[place] = { values: leafValues(targets, own, shape.shrinkage) };
      return place;
    }
    const { bins, edges } = features.columns[split.feature] ?? {
      bins: new Uint8Array(),
      edges: [],
    };
    grow(
      own.filter((row) => (bins[row] ?? 0) <= split.bin),
      depth - 1,
    );
    const right = grow(
      own.filter((row) => (bins[row] ?? 0) > split.bin),
      depth - 1,
    );
    nodes[place] = { feature: split.feature, threshold: edges[split.bin] ?? 0, right };
    return place;
  };
  grow(rows, shape.depth);
  return nodes;
}

/** Random signs: inner products, and so gains, are kept on average. */
function project({ width, data }: Matrix, sketch: number, rng: Rng): Matrix {
  if (width <= sketch) return { width, data };
  const signs = Float64Array.from({ length: width * sketch }, () => (rng.next() < 0.5 ? -1 : 1));
  const rows = data.length / width;
  const projected = new Float64Array(rows * sketch);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < width; output++) {
      const value = data[row * width + output] ?? 0;
      for (let k = 0; k < sketch; k++) {
        const at = row * sketch + k;
        projected[at] = (projected[at] ?? 0) + value * (signs[output * sketch + k] ?? 0);
      }
    }
  }
  return { width: sketch, data: projected };
}

interface Split {
  readonly feature: number;
  /** Rows of this bin and those below go left. */
  readonly bin: number;
}

function bestSplit(
  { columns }: Binned,
  sketch: Matrix,
  { rows, looked, shape }: { rows: Int32Array; looked: readonly number[]; shape: TreeShape },
): Split | undefined {
  if (rows.length < 2 * shape.minRows) return undefined;
  let best: (Split & { gain: number }) | undefined;
  const counts = new Float64Array(BINS);
  const sums = new Float64Array(BINS * sketch.width);
  for (const feature of looked) {
    const column = columns[feature];
    if (column === undefined || column.edges.length === 0) continue;
    fillHistogram(column.bins, sketch, { rows, counts, sums });
    const found = bestCut({ counts, sums, bins: column.edges.length + 1 }, sketch.width, shape);
    if (found !== undefined && found.gain > (best?.gain ?? 0)) best = { feature, ...found };
  }
  return best;
}

function fillHistogram(
  bins: Uint8Array,
  { width, data }: Matrix,
  { rows, counts, sums }: { rows: Int32Array; counts: Float64Array; sums: Float64Array },
): void {
  counts.fill(0);
  sums.fill(0);
  for (const row of rows) {
    const bin = bins[row] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
    for (let k = 0; k < width; k++) {
      const at = bin * width + k;
      sums[at] = (sums[at] ?? 0) + (data[row * width + k] ?? 0);
    }
  }
}

function bestCut(
  { counts, sums, bins }: { counts: Float64Array; sums: Float64Array; bins: number },
  width: number,
  { minRows, shrinkage }: TreeShape,
): { bin: number; gain: number } | undefined {
  const totals = new Float64Array(width);
  let rows = 0;
  for (let bin = 0; bin < bins; bin++) {
    rows += counts[bin] ?? 0;
    for (let k = 0; k < width; k++) totals[k] = (totals[k] ?? 0) + (sums[bin * width + k] ?? 0);
  }
  const whole = totals.reduce((sum, value) => sum + value * value, 0) / (rows + shrinkage);
  const left = new Float64Array(width);
  let leftRows = 0;
  let best: { bin: number; gain: number } | undefined;
  for (let bin = 0; bin < bins - 1; bin++) {
    leftRows += counts[bin] ?? 0;
    for (let k = 0; k < width; k++) left[k] = (left[k] ?? 0) + (sums[bin * width + k] ?? 0);
    if (leftRows < minRows || rows - leftRows < minRows) continue;
    let [leftSquare, rightSquare] = [0, 0];
    for (let k = 0; k < width; k++) {
      const own = left[k] ?? 0;
      const other = (totals[k] ?? 0) - own;
      leftSquare += own * own;
      rightSquare += other * other;
    }
    const gain =
      leftSquare / (leftRows + shrinkage) + rightSquare / (rows - leftRows + shrinkage) - whole;
    if (gain > (best?.gain ?? 0)) best = { bin, gain };
  }
  return best;
}

function leafValues({ width, data }: Matrix, rows: Int32Array, shrinkage: number): number[] {
  const values = Array.from({ length: width }, () => 0);
  for (const row of rows) {
    for (let k = 0; k < width; k++) values[k] = (values[k] ?? 0) + (data[row * width + k] ?? 0);
  }
  return values.map((value) => value / (rows.length + shrinkage));
}

export function leafOf(tree: Tree, features: readonly number[]): readonly number[] {
  let place = 0;
  for (let node = tree[0]; node !== undefined; node = tree[place]) {
    if ("values" in node) return node.values;
    place = (features[node.feature] ?? 0) <= node.threshold ? place + 1 : node.right;
  }
  return [];
}
