import { expect, test } from "vitest";
import { mean, median, placeOfLargest, quantile, savedPercent, sum } from "./stats.ts";

test("sum, mean and median agree with hand-computed values", () => {
  expect(sum([1, 2, 3, 4])).toBe(10);
  expect(mean([1, 2, 3, 4])).toBe(2.5);
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("quantile interpolates between neighbours", () => {
  expect(quantile([10, 20, 30, 40, 50], 0.9)).toBeCloseTo(46);
});

test("savedPercent is zero when nothing was there", () => {
  expect(savedPercent(0, 0)).toBe(0);
  expect(savedPercent(200, 150)).toBe(25);
});

test("placeOfLargest looks at the given places alone and takes the first of equals", () => {
  expect(placeOfLargest([9, 1, 5, 5], [1, 3, 2])).toBe(3);
  expect(placeOfLargest([-Infinity, -Infinity], [1, 0])).toBe(1);
});
