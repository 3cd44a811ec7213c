/** The training of the policy, on data whose answer is known. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../../../../base/rng.ts";
import { outputsOf, type Perceptron } from "../perceptron.ts";
import { stateOf, type Tried } from "../state.ts";
import { type Batch, drawBatch, lossGradient, type PolicyCase, triedScores } from "./batch.ts";
import { trainPerceptron } from "./fit.ts";
import { multiply } from "./multiply.ts";

const LISTS = 5;
const SMALL = { hidden: [16, 16], rows: 64 };
const rng = makeRng("policy");
/** List 0 helps where the feature is positive, else list 1 does; list 2 helps every second module, much; 3 harms, and 4 fails. */
const CASES = Array.from({ length: 200 }, (_, index): PolicyCase => {
  const feature = 2 * rng.next() - 1;
  const isPositive = feature > 0;
  const second = index % 2 === 0 ? 3 : 0;
  return {
    features: [feature],
    saved: [isPositive ? 5 : 0, isPositive ? 0 : 5, second, -5, undefined],
  };
});

test("multiply does what the sum of products says, whatever the shape", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, size, (rows, columns, inner) => {
      const drawn = (count: number) => Float32Array.from({ length: count }, () => rng.int(9) - 4);
      const [a, b] = [drawn(rows * inner), drawn(columns * inner)];
      const plain = Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let total = 0;
        for (let k = 0; k < inner; k++) total += a[row * inner + k]! * b[column * inner + k]!;
        return total;
      });
      expect([...multiply(a, b, { rows, columns, inner })]).toEqual(plain);
    }),
  );
});

const draw = (rows: number, power: number): Batch =>
  drawBatch(CASES, { rows, power, scores: triedScores(CASES), rng: makeRng(rows) });

test("drawBatch wants what adds to the best so far, the best of it most, and nothing that was tried", () => {
  const rows = 500;
  const { wanted, weights } = draw(rows, 2);
  for (let row = 0; row < rows; row++) {
    const answer = [...wanted.subarray(row * LISTS, (row + 1) * LISTS)];
    const total = answer.reduce((sum, value) => sum + Math.max(0, value), 0);
    if (weights[row] === 0) expect(total).toBe(0);
    else expect(total).toBeCloseTo(1, 6);
    expect(answer.slice(3).every((value) => value <= 0)).toBe(true);
    if (!answer.includes(-1) && answer[2]! > 0)
      expect(Math.max(answer[0]!, answer[1]!) / answer[2]!).toBeCloseTo((5 / 3) ** 2, 4);
  }
});

test("lossGradient is the slope of the cross-entropy over the untried lists", () => {
  const batch = draw(7, 4);
  const outputs = Float32Array.from({ length: 7 * LISTS }, () => 2 * rng.next() - 1);
  const loss = (values: Float32Array): number => {
    let [sum, weights] = [0, 0];
    for (const [row, weight] of batch.weights.entries()) {
      const open = [0, 1, 2, 3, 4].map((k) => row * LISTS + k).filter((k) => batch.wanted[k]! >= 0);
      const all = Math.log(open.reduce((total, k) => total + Math.exp(values[k]!), 0));
      for (const k of open) sum += weight * batch.wanted[k]! * (all - values[k]!);
      weights += weight;
    }
    return sum / weights;
  };
  const slopes = lossGradient(batch, outputs);
  for (const [k, slope] of slopes.entries()) {
    const moved = (by: number) => loss(outputs.map((value, at) => (at === k ? value + by : value)));
    expect((moved(0.01) - moved(-0.01)) / 0.02).toBeCloseTo(slope, 3);
  }
});

/** The number of the list that is tried next. */
function next(perceptron: Perceptron, feature: number, tried: readonly Tried[]): number {
  const outputs = outputsOf(perceptron, stateOf([feature], tried, LISTS));
  const left = [...outputs.keys()].filter((list) => !tried.some((one) => one.list === list));
  return left.reduce((best, list) => (outputs[list]! > outputs[best]! ? list : best));
}

test("trainPerceptron learns which list the features ask for", () => {
  const perceptron = trainPerceptron(CASES, { steps: 300, power: 4, seed: 1 }, SMALL);
  for (const feature of [0.5, 0.9]) {
    expect(next(perceptron, feature, [])).toBe(0);
    expect(next(perceptron, -feature, [])).toBe(1);
  }
});

test("trainPerceptron learns which list to try next from what another has saved", () => {
  const cases = CASES.map(({ features }, index): PolicyCase => {
    return { features, saved: index % 2 === 0 ? [6, 12, 0, -5, -5] : [-6, 0, 12, -5, -5] };
  });
  const perceptron = trainPerceptron(cases, { steps: 300, power: 4, seed: 1 }, SMALL);
  for (const feature of [-0.9, 0, 0.9]) {
    expect(next(perceptron, feature, [{ list: 0, saved: 6 }])).toBe(1);
    expect(next(perceptron, feature, [{ list: 0, saved: -6 }])).toBe(2);
  }
});

test("trainPerceptron gives the same perceptron for the same seed, and another for another", () => {
  const weights = (seed: number): string =>
    trainPerceptron(CASES, { steps: 2, power: 4, seed }, SMALL)
      .flatMap((layer) => layer.weights.map((row) => Array.from(row).join()))
      .join();
  expect(weights(1)).toBe(weights(1));
  expect(weights(1)).not.toBe(weights(2));
});
