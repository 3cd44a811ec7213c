/**
 * A perceptron in training: gradients by backpropagation, steps by AdamW (arXiv 1711.05101), dropout behind each hidden layer. A batch is
 * a matrix, a row a sample.
 */

import type { Rng } from "../../../../base/rng.ts";
import { gelu, geluSlope, type Perceptron } from "../perceptron.ts";
import { multiply, transpose } from "./multiply.ts";

/** Numbers that are learned, with AdamW's running means of their gradients and of the squares of these. */
interface Parameter {
  readonly values: Float32Array;
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

interface TrainedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** outputs × inputs. */
  readonly weights: Parameter;
  readonly biases: Parameter;
}

export type Network = readonly TrainedLayer[];

const DROPOUT = 0.3;
const [MEAN_DECAY, SQUARE_DECAY, EPSILON] = [0.9, 0.999, 1e-8];
const WEIGHT_DECAY = 0.05;

/** `widths`: of the inputs, of each hidden layer, of the outputs. */
export function makeNetwork(widths: readonly number[], rng: Rng): Network {
  return widths.slice(1).map((outputs, number) => {
    const inputs = widths[number] ?? 0;
    const limit = 1 / Math.sqrt(inputs);
    const drawn = (count: number): Parameter => ({
      values: Float32Array.from({ length: count }, () => limit * (2 * rng.next() - 1)),
      means: new Float32Array(count),
      squares: new Float32Array(count),
    });
    return { inputs, outputs, weights: drawn(inputs * outputs), biases: drawn(outputs) };
  });
}

export function perceptronOf(network: Network): Perceptron {
  return network.map(({ inputs, outputs, weights, biases }) => ({
    weights: Array.from({ length: outputs }, (_, row) =>
      weights.values.slice(row * inputs, (row + 1) * inputs),
    ),
    biases: biases.values,
  }));
}

export interface Step {
  readonly rows: number;
  /** From 1. */
  readonly number: number;
  readonly rate: number;
  readonly rng: Rng;
  /** The loss's gradient for the network's outputs, both rows × outputs. */
  readonly gradientOf: (outputs: Float32Array) => Float32Array;
}

/** One step down the gradient for a batch of `inputs`. */
export function descend(network: Network, inputs: Float32Array, step: Step): void {
  const passed = forward(network, inputs, step);
  let gradient = step.gradientOf(passed.at(-1)?.sums ?? new Float32Array());
  for (const [number, layer] of [...network.entries()].toReversed()) {
    const { given, slopes } = passed[number] ?? { given: inputs, slopes: undefined };
    if (slopes !== undefined) gradient = gradient.map((value, at) => value * (slopes[at] ?? 0));
    const below = number === 0 ? new Float32Array() : gradientBelow(layer, gradient, step.rows);
    update(layer, { gradient, given, step });
    gradient = below;
  }
}

interface Passed {
  /** What the layer was given: rows × inputs. */
  readonly given: Float32Array;
  /** Before what is not linear: rows × outputs. */
  readonly sums: Float32Array;
  /** Of what the layer above is given by its own sums, dropout in it; of a hidden layer. */
  readonly slopes: Float32Array | undefined;
}

function forward(network: Network, inputs: Float32Array, { rows, rng }: Step): Passed[] {
  let given = inputs;
  return network.map((layer, number): Passed => {
    const { inputs: inner, outputs: columns, weights, biases } = layer;
    const product = multiply(given, weights.values, { rows, columns, inner });
    const sums = product.map((value, at) => value + (biases.values[at % columns] ?? 0));
    const isLast = number === network.length - 1;
    const kept = isLast ? undefined : sums.map(() => (rng.next() < DROPOUT ? 0 : KEPT));
    const passed = {
      given,
      sums,
      slopes: kept?.map((keep, at) => keep * geluSlope(sums[at] ?? 0)),
    };
    given = kept?.map((keep, at) => keep * gelu(sums[at] ?? 0)) ?? sums;
    return passed;
  });
}

/** What is kept counts for what is dropped. */
const KEPT = 1 / (1 - DROPOUT);

/** For what the layer was given, rows × inputs, from that for its sums. */
function gradientBelow(layer: TrainedLayer, gradient: Float32Array, rows: number): Float32Array {
  const { inputs: columns, outputs: inner, weights } = layer;
  const across = transpose(weights.values, { rows: inner, columns });
  return multiply(gradient, across, { rows, columns, inner });
}

function update(
  { inputs, outputs, weights, biases }: TrainedLayer,
  { gradient, given, step }: { gradient: Float32Array; given: Float32Array; step: Step },
): void {
  const { rows } = step;
  const byOutput = transpose(gradient, { rows, columns: outputs });
  const byInput = transpose(given, { rows, columns: inputs });
  const shape = { rows: outputs, columns: inputs, inner: rows };
  adamW(weights, multiply(byOutput, byInput, shape), step);
  const sums = Float32Array.from({ length: outputs }, (_, output) =>
    byOutput.subarray(output * rows, (output + 1) * rows).reduce((sum, value) => sum + value, 0),
  );
  adamW(biases, sums, step);
}

function adamW(
  { values, means, squares }: Parameter,
  gradient: Float32Array,
  { number, rate }: Step,
): void {
  const meanScale = 1 / (1 - MEAN_DECAY ** number);
  const squareScale = 1 / (1 - SQUARE_DECAY ** number);
  for (let at = 0; at < values.length; at++) {
    const slope = gradient[at] ?? 0;
    const mean = MEAN_DECAY * (means[at] ?? 0) + (1 - MEAN_DECAY) * slope;
    const square = SQUARE_DECAY * (squares[at] ?? 0) + (1 - SQUARE_DECAY) * slope * slope;
    means[at] = mean;
    squares[at] = square;
    const move = (mean * meanScale) / (Math.sqrt(square * squareScale) + EPSILON);
    values[at] = (values[at] ?? 0) * (1 - rate * WEIGHT_DECAY) - rate * move;
  }
}
