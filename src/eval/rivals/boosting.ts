/** Gradient boosting for squared error (Friedman 2001): each tree is grown for what those before it have left over. */

import type { Rng } from "../../base/rng.ts";
import { binFeatures, growTree, leafOf, type Matrix, type Tree, type TreeShape } from "./tree.ts";

export interface Boosted {
  /** The mean of the targets. */
  readonly start: readonly number[];
  /** Their leaves are scaled by the rate already. */
  readonly trees: readonly Tree[];
}

export interface Boosting extends TreeShape {
  readonly trees: number;
  readonly rate: number;
  /** Of the rows, those that a tree is grown for. */
  readonly rowShare: number;
}

/** `features`, `targets`: a row a case. */
export function boost(
  features: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  how: Boosting & { readonly rng: Rng },
): Boosted {
  const width = targets[0]?.length ?? 0;
  const start = Array.from(
    { length: width },
    (_, k) => targets.reduce((sum, row) => sum + (row[k] ?? 0), 0) / (targets.length || 1),
  );
  const left: Matrix = {
    width,
    data: Float64Array.from(
      targets.flatMap((row) => row.map((value, k) => value - (start[k] ?? 0))),
    ),
  };
  const binned = binFeatures(features);
  const trees = Array.from({ length: how.trees }, () => {
    const rows = Int32Array.from([...features.keys()].filter(() => how.rng.next() < how.rowShare));
    const tree = scaled(growTree(binned, left, { rows, shape: how, rng: how.rng }), how.rate);
    for (const [row, values] of features.entries()) {
      const step = leafOf(tree, values);
      for (let k = 0; k < width; k++) {
        const at = row * width + k;
        left.data[at] = (left.data[at] ?? 0) - (step[k] ?? 0);
      }
    }
    return tree;
  });
  return { start, trees };
}

const scaled = (tree: Tree, rate: number): Tree =>
  tree.map((node) =>
    "values" in node ? { values: node.values.map((value) => value * rate) } : node,
  );

export function predict({ start, trees }: Boosted, features: readonly number[]): number[] {
  const values = [...start];
  for (const tree of trees) {
    for (const [k, step] of leafOf(tree, features).entries()) values[k] = (values[k] ?? 0) + step;
  }
  return values;
}
