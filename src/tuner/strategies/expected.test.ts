import { expect, test } from "vitest";
import { makeRng } from "../../base/rng.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import type { PassList } from "../../passes/tree.ts";
import { loadCoreset } from "../coreset.ts";
import { loadPrior, makeBelief } from "../expected-improvement.ts";
import { expected } from "./expected.ts";

const registry = registryFor(22);
const { lists } = loadCoreset(registry);

/** The first lists that it proposes where each saves a percent on a module of so many bytes. */
function proposals(count: number, baseline: number, coreset = { lists }): PassList[] {
  const run = expected({ rng: makeRng(1), registry, coreset, baseline, budget: count, known: [] });
  const seen: PassList[] = [];
  let batch = run.next();
  while (batch.done !== true && seen.length < count) {
    seen.push(...batch.value);
    batch = run.next(batch.value.map((list) => ({ list, value: 0.99 * baseline })));
  }
  return seen;
}

test("expected takes the list with most expected improvement, then the one with most after what that saved", () => {
  const belief = makeBelief(loadPrior(lists.map(printPassList)) ?? { means: [], covariance: [] });
  const most = (): number => {
    const all = belief.improvements();
    return all.indexOf(Math.max(...all));
  };
  const first = most();
  belief.learn(first, 1);
  expect(proposals(2, 5000)).toEqual([lists[first], lists[most()]]);
});

test("expected proposes every list once", () => {
  const all = proposals(100, 5000);
  expect(all).toHaveLength(lists.length);
  expect(new Set(all)).toEqual(new Set(lists));
});

test.each([
  ["of the smallest modules", 500, lists],
  ["of which nothing is known", 5000, [[{ name: "globaldce" }], [{ name: "mergefunc" }]]],
])("expected keeps the coreset's order %s", (_, baseline, own) => {
  expect(proposals(2, baseline, { lists: own }).slice(0, 2)).toEqual(own.slice(0, 2));
});
