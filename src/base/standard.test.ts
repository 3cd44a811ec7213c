import { expect, test } from "vitest";
import { standardise, standardOf } from "./standard.ts";

test("standardise gives deviations from the mean, cut off, and 0 for what never changes", () => {
  const standard = standardOf([
    [1, 5],
    [3, 5],
  ]);
  expect(standardise([3, 9], standard)).toEqual([1, 0]);
  expect(standardise([-100, 5], standard)).toEqual([-3, 0]);
});
