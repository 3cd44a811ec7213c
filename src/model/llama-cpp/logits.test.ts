import fc from "fast-check";
import { expect, test } from "vitest";
import { bestToken, logSum, topTokens } from "./logits.ts";

/** Few different ones, so that some are equal. */
const someLogits = fc
  .array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 600 })
  .map((values) => Float32Array.from(values, (value) => value / 8));

test("topTokens gives the highest, of equals the lower token first, whatever the width", () => {
  fc.assert(
    fc.property(someLogits, fc.integer({ min: 1, max: 700 }), (logits, width) => {
      const sorted = [...logits.entries()].toSorted(([a, x], [b, y]) => y - x || a - b);
      const expected = sorted.slice(0, width).map(([token]) => token);
      expect(topTokens(logits, width)).toEqual(expected);
      expect(bestToken(logits)).toBe(expected[0]);
    }),
  );
});

test("logSum makes probabilities of logits that are 1 together", () => {
  fc.assert(
    fc.property(someLogits, (logits) => {
      const sum = logSum(logits);
      const all = [...logits].reduce((total, logit) => total + Math.exp(logit - sum), 0);
      expect(all).toBeCloseTo(1, 7);
      expect(Math.max(...logits) - sum).toBeLessThanOrEqual(0);
    }),
  );
});

test.each([
  ["one is not a number", [1, Number.NaN, 2]],
  ["none is a number", [Number.NaN, Number.NaN]],
  ["one is infinite", [1, Number.POSITIVE_INFINITY]],
])("logSum is not finite where %s", (_, values) => {
  expect(logSum(Float32Array.from(values))).not.toSatisfy(Number.isFinite);
});
