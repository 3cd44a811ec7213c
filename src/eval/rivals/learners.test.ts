/** The learners on data whose answer is known. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRng } from "../../base/rng.ts";
import { type Boosting, boost, predict } from "./boosting.ts";
import { nearestGains } from "./nearest.ts";
import { orderLists } from "./order.ts";
import { fitRidge, predictRidge } from "./ridge.ts";
import { growTree, binFeatures, leafOf } from "./tree.ts";

const rng = makeRng("learners");
const FEATURES = Array.from({ length: 300 }, () => [rng.next(), rng.next(), 7, rng.next()]);
const SHAPE = { depth: 3, minRows: 5, shrinkage: 0, sketch: 8, featureShare: 1 };
const BOOSTING: Boosting = { ...SHAPE, trees: 60, rate: 0.2, rowShare: 0.8 };

describe("growTree", () => {
  const rows = Int32Array.from(FEATURES.keys());
  const grow = (target: (row: number[]) => number[]) => {
    const targets = FEATURES.map(target);
    const data = { width: targets[0]?.length ?? 0, data: Float64Array.from(targets.flat()) };
    return growTree(binFeatures(FEATURES), data, { rows, shape: SHAPE, rng: makeRng(1) });
  };

  test("finds a step and gives each side its values", () => {
    const tree = grow(([, second = 0]) => (second > 0.5 ? [4, -1] : [0, 3]));
    expect(leafOf(tree, [0, 0.9, 7, 0])).toEqual([4, -1]);
    expect(leafOf(tree, [0, 0.1, 7, 0])).toEqual([0, 3]);
  });

  test("is one leaf where all targets are the same", () => {
    expect(grow(() => [2])).toEqual([{ values: [2] }]);
  });
});

describe("boost", () => {
  const targets = FEATURES.map(([a = 0, b = 0]) => [a * b, a > 0.5 ? 1 : 0]);

  test("predicts cases that it has not seen better than their mean", () => {
    const [known, unknown] = [FEATURES.slice(0, 240), FEATURES.slice(240)];
    const model = boost(known, targets.slice(0, 240), { ...BOOSTING, rng: makeRng(1) });
    const squares = [0, 0];
    for (const [index, features] of unknown.entries()) {
      const [wanted = 0] = targets[240 + index] ?? [];
      squares[0]! += (wanted - (predict(model, features)[0] ?? 0)) ** 2;
      squares[1]! += (wanted - (model.start[0] ?? 0)) ** 2;
    }
    expect(squares[0]!).toBeLessThan(0.15 * squares[1]!);
  });

  test("gives the same trees for the same seed, and others for another", () => {
    const fit = (seed: number) =>
      boost(FEATURES, targets, { ...BOOSTING, trees: 3, rng: makeRng(seed) });
    expect(fit(1)).toEqual(fit(1));
    expect(fit(1)).not.toEqual(fit(2));
  });
});

describe("fitRidge", () => {
  const targets = FEATURES.map(([a = 0, b = 0, , c = 0]) => [3 * a - 2 * b + 5, c]);

  test("finds a line where the penalty is small, a feature that never changes notwithstanding", () => {
    const [first, second] = predictRidge(fitRidge(FEATURES, targets, 1e-9), [0.25, 0.5, 7, 0.75]);
    expect(first).toBeCloseTo(3 * 0.25 - 2 * 0.5 + 5, 6);
    expect(second).toBeCloseTo(0.75, 6);
  });

  test("gives the mean where the penalty is huge", () => {
    const model = fitRidge(FEATURES, targets, 1e12);
    expect(predictRidge(model, [1, 0, 7, 0])[0]).toBeCloseTo(model.start[0] ?? 0, 6);
  });
});

test("nearestGains listens to the neighbours, and to the mean of all beside them", () => {
  const features = [[0], [0.1], [5], [5.1]];
  const gains = [[8], [4], [0], [0]];
  const standard = { means: [0], deviations: [1] };
  const neighbours = { standard, features, gains, meanGains: [3] };
  const near = nearestGains(neighbours, [0], 2)[0] ?? 0;
  expect(near).toBeCloseTo((8 + 4 + 30 * 3) / 32);
  expect(nearestGains(neighbours, [2.9], 2)[0] ?? 0).toBeLessThan(near);
});

describe("orderLists", () => {
  /** The second list gains what the first gains, only less; the third gains elsewhere. */
  const gains = [
    [10, 9, 0],
    [10, 9, 0],
    [0, 0, 4],
  ];
  const together = { gains, meanGains: [20 / 3, 6, 4 / 3] };

  test("puts what adds something before the best one's twin", () => {
    expect(orderLists(together.meanGains, together)).toEqual([0, 2, 1]);
  });

  test("begins with the list of which most is expected", () => {
    expect(orderLists([1, 1, 30], together)[0]).toBe(2);
    expect(orderLists([1, 30, 1], together)[0]).toBe(1);
  });

  test("orders all lists, each once, whatever is expected", () => {
    const expected = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(expected, (values) => {
        expect(orderLists(values, together).toSorted()).toEqual([0, 1, 2]);
      }),
    );
  });
});
