import { expect, test } from "vitest";
import { makeRng } from "../../base/rng.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import { type Scored, type StrategyContext } from "../strategy.ts";
import { guided } from "./guided.ts";

const registry = registryFor(22);
const lists = Array.from({ length: 40 }, (_, i) => [
  { name: "globaldce" },
  ...Array.from({ length: i }, () => ({ name: "mergefunc" })),
]);

/** What guided proposes when list k of the coreset measures `value(k)`, and everything else 1000. */
function proposals(budget: number, value: (k: number) => number): string[] {
  const context: StrategyContext = {
    rng: makeRng(1),
    registry,
    coreset: { lists },
    baseline: 1000,
    budget,
    known: [],
  };
  const texts = lists.map(printPassList);
  const run = guided(context);
  const seen: string[] = [];
  let batch = run.next();
  while (batch.done !== true && seen.length < budget) {
    const scored: Scored[] = batch.value.map((list) => {
      const k = texts.indexOf(printPassList(list));
      return { list, value: k < 0 ? 1000 : value(k) };
    });
    seen.push(...batch.value.map(printPassList));
    batch = run.next(scored);
  }
  return seen;
}

test("guided begins with the coreset in its order when the budget is small", () => {
  expect(proposals(5, () => 900).slice(0, 5)).toEqual(lists.slice(0, 5).map(printPassList));
});

test("guided leaves the coreset for edits of its best lists before the budget is spent", () => {
  const seen = proposals(50, (k) => 900 - k);
  const edits = seen.filter((text) => !lists.map(printPassList).includes(text));
  expect(edits.length).toBeGreaterThan(15);
});

test("guided proposes the same lists again when the results are the same", () => {
  expect(proposals(60, (k) => 800 + k)).toEqual(proposals(60, (k) => 800 + k));
});
