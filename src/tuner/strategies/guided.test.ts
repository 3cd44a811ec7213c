import { expect, test } from "vitest";
import { chooseNext } from "./guided.ts";

const list = (name: string) => [{ name }];
const lists = ["a", "b", "c", "d"].map(list);

/** Two kinds of training modules: those that like b also like c, those that do not like d. */
const savings = [
  [10, 60, 80, 0],
  [10, 60, 70, 0],
  [10, 0, 0, 50],
  [10, 0, 0, 40],
];

test("chooseNext follows the training modules that reacted alike", () => {
  expect(chooseNext({ lists, savings }, new Map([[0, 10], [1, 60]]), 1)).toEqual([2]);
  expect(chooseNext({ lists, savings }, new Map([[0, 10], [1, 0]]), 1)).toEqual([3]);
});

test("chooseNext never gives an observed list, and all others at the most", () => {
  expect(chooseNext({ lists, savings }, new Map([[2, 80], [3, 0]]), 9).toSorted()).toEqual([0, 1]);
  expect(chooseNext({ lists, savings }, new Map([0, 1, 2, 3].map((k) => [k, 0])), 2)).toEqual([]);
});

test("chooseNext keeps the coreset's order where nothing tells the lists apart", () => {
  expect(chooseNext({ lists, savings: [] }, new Map([[0, 10]]), 2)).toEqual([1, 2]);
});

test("chooseNext is not misled by a list that failed", () => {
  expect(chooseNext({ lists, savings }, new Map([[0, -1000], [1, 60]]), 1)).toEqual([2]);
});
