/** A multilayer perceptron as the policy uses it: dense layers with GELU between them. fit/ trains one. */

export interface Layer {
  /** A row an output, a column an input. */
  readonly weights: readonly ArrayLike<number>[];
  /** By output. */
  readonly biases: ArrayLike<number>;
}

export type Perceptron = readonly Layer[];

/** The outputs of the last layer. `inputs`: as many as the first layer's columns. */
export function outputsOf(perceptron: Perceptron, inputs: ArrayLike<number>): number[] {
  return perceptron.reduce(
    (values, layer, number) => dense(layer, number === 0 ? values : values.map(gelu)),
    Array.from(inputs),
  );
}

function dense({ weights, biases }: Layer, inputs: readonly number[]): number[] {
  return weights.map((row, output) => {
    let total = biases[output] ?? 0;
    for (let k = 0; k < inputs.length; k++) total += (row[k] ?? 0) * (inputs[k] ?? 0);
    return total;
  });
}

/** Gaussian error linear unit, in its sigmoid form (arXiv 1606.08415). */
export const gelu = (x: number): number => x * sigmoid(GELU_SLOPE * x);

export function geluSlope(x: number): number {
  const open = sigmoid(GELU_SLOPE * x);
  return open + GELU_SLOPE * x * open * (1 - open);
}

const GELU_SLOPE = 1.702;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
