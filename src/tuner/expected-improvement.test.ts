import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "./coreset.ts";
import {
  type PriorFile,
  loadPrior,
  makeBelief,
  nameInPrior,
  priorOf,
} from "./expected-improvement.ts";

const LISTS = loadCoreset(registryFor(22)).lists.map(printPassList);
const FILE: PriorFile = {
  madeBy: "test",
  llvmVersion: "22",
  modules: 1,
  lists: ["a", "b", "c"].map(nameInPrior),
  means: [1, 0.5, 0.9],
  covariance: [[4], [3.9, 4], [0, 0, 4]],
};

describe("priorOf", () => {
  test("gives means and covariance in the order of the lists that are asked for", () => {
    expect(priorOf(FILE, ["c", "a"])).toEqual({
      means: [0.9, 1],
      covariance: [
        [4, 0],
        [0, 4],
      ],
    });
    expect(priorOf(FILE, ["b", "a"])?.covariance).toEqual([
      [4, 3.9],
      [3.9, 4],
    ]);
  });

  test("gives nothing when it was made without a list", () => {
    expect(priorOf(FILE, ["a", "d"])).toBeUndefined();
  });

  test("knows every list of the shipped coreset", () => {
    const prior = loadPrior(LISTS);
    expect(prior?.means).toHaveLength(LISTS.length);
    prior?.covariance.forEach((row, list) => expect(row[list]).toBeGreaterThan(0));
  });
});

describe("makeBelief", () => {
  const prior = {
    means: [1, 0.5, 0.9],
    covariance: [
      [4, 3.9, 0],
      [3.9, 4, 0],
      [0, 0, 4],
    ],
  };

  test("expects most of the list with the highest mean when variances are alike and nothing was tried", () => {
    const [a = 0, b = 0, c = 0] = makeBelief(prior).improvements();
    expect(a).toBeGreaterThan(c);
    expect(c).toBeGreaterThan(b);
    // E max(0, x) of x ~ N(1, 2): Φ(1/2) + 2 φ(1/2)
    expect(a).toBeCloseTo(0.69146 + 2 * 0.35207, 4);
  });

  test("expects less of a list that goes with one that disappointed, and nothing else of the others", () => {
    const belief = makeBelief(prior);
    const before = belief.improvements();
    belief.learn(0, -3);
    const after = belief.improvements();
    expect(after[1]).toBeLessThan(0.01);
    expect(after[2]).toBeCloseTo(before[2] ?? 0, 10);
  });

  test("expects less of a list that goes with none when the best so far is high", () => {
    const belief = makeBelief(prior);
    belief.learn(0, 5);
    expect(belief.improvements()[2]).toBeLessThan(0.05);
  });

  test("takes a failed list for the worst", () => {
    const [failed, worst] = [makeBelief(prior), makeBelief(prior)];
    failed.learn(0, undefined);
    worst.learn(0, -1000);
    expect(failed.improvements()).toEqual(worst.improvements());
  });

  test("gives finite improvements above 0 whatever the shipped lists save", () => {
    const shipped = loadPrior(LISTS);
    if (shipped === undefined) throw new Error("no prior");
    const tried = fc.array(
      fc.tuple(fc.nat(LISTS.length - 1), fc.double({ min: -200, max: 100, noNaN: true })),
      { maxLength: 75 },
    );
    fc.assert(
      fc.property(tried, (measured) => {
        const belief = makeBelief(shipped);
        for (const [list, saved] of measured) belief.learn(list, saved);
        expect(belief.improvements().every((gain) => gain > 0 && gain < 100)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
