import { expect, test } from "vitest";
import { greedyCoreset, savingsOfFirst } from "./greedy.ts";

test("greedyCoreset takes the list that helps most, then the one that helps where it did not", () => {
  const savings = [
    [5, 6, 0],
    [5, 0, 0],
    [0, 0, 4],
  ];
  expect(greedyCoreset(savings, 3)).toEqual([0, 2, 1]);
  expect(greedyCoreset(savings, 1)).toEqual([0]);
});

test("greedyCoreset begins a second layer when no further list helps, and leaves useless lists out", () => {
  expect(greedyCoreset([[10, 5, -3]], 3)).toEqual([0, 1]);
  expect(greedyCoreset([[-10]], 3)).toEqual([]);
});

test("greedyCoreset counts only what is added to `start`", () => {
  const savings = [
    [9, 1],
    [0, 2],
  ];
  expect(greedyCoreset(savings, 1)).toEqual([0]);
  expect(greedyCoreset(savings, 1, [9, 0])).toEqual([1]);
});

test("savingsOfFirst counts a module that got larger as -Oz", () => {
  expect(
    savingsOfFirst(
      [
        [10, 0],
        [-5, 2],
      ],
      [0, 1],
    ),
  ).toEqual([5, 6]);
});
