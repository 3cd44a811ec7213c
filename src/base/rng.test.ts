import { expect, test } from "vitest";
import { makeRng } from "./rng.ts";

test("makeRng gives the same sequence when the seed is the same, another when it differs", () => {
  const take = (seed: number | string) => {
    const rng = makeRng(seed);
    return Array.from({ length: 8 }, () => rng.int(1000));
  };
  expect(take(7)).toEqual(take("7"));
  expect(take(7)).not.toEqual(take(8));
});

test("rng.int covers its range evenly when asked often", () => {
  const rng = makeRng("even");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) counts[rng.int(4)]! += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test("rng.shuffle keeps the elements and leaves its argument alone", () => {
  const items = [1, 2, 3, 4, 5, 6];
  const shuffled = makeRng(1).shuffle(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6]);
  expect(shuffled.toSorted()).toEqual(items);
});

test("rng.pick throws a RangeError when the array is empty", () => {
  expect(() => makeRng(1).pick([])).toThrow(RangeError);
});
