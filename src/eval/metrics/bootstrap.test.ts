import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mean } from "../../base/stats.ts";
import { estimate, estimateOfSums, samplingUnits } from "./bootstrap.ts";
import { meanOf } from "./ratios.ts";

interface Item {
  readonly package: string;
  readonly value: number;
}

const item = (name: string, value: number): Item => ({ package: name, value });
const meanValue = meanOf(({ value }: Item) => value);
const meanOfItems = (items: readonly Item[]): number => mean(items.map(({ value }) => value));

describe("samplingUnits", () => {
  const of = (packages: number) =>
    Array.from({ length: 20 }, (_, index) => item(`p${index % packages}`, index));

  test("are packages when there are eight of them", () => {
    const units = samplingUnits(of(8));
    expect(units).toHaveLength(8);
    for (const unit of units) expect(new Set(unit.map((each) => each.package)).size).toBe(1);
    expect(units.flat()).toHaveLength(20);
  });

  test("are single cases when there are fewer", () => {
    expect(samplingUnits(of(7)).map((unit) => unit.length)).toEqual(Array(20).fill(1));
  });
});

describe("estimateOfSums", () => {
  test("of two cases has their values as its bounds: one resample in four is one of them twice", () => {
    expect(estimateOfSums([item("a", 0), item("b", 10)], meanValue)).toEqual({
      value: 5,
      low: 0,
      high: 10,
    });
  });

  test("of many cases is about as wide as the normal approximation says", () => {
    const items = Array.from({ length: 400 }, (_, index) => item("one", index % 2));
    const found = estimateOfSums(items, meanValue);
    // The mean of 400 zeros and ones has a standard error of 0.5 / 20.
    expect(found).toMatchObject({ value: 0.5 });
    if (typeof found !== "object") throw new Error("an estimate is wanted");
    expect(found.low).toBeCloseTo(0.5 - 1.96 * 0.025, 2);
    expect(found.high).toBeCloseTo(0.5 + 1.96 * 0.025, 2);
  });

  test("is wider when alike cases share packages than when each is its own", () => {
    const width = (packageOf: (index: number) => string): number => {
      const items = Array.from({ length: 80 }, (_, index) => item(packageOf(index), index % 10));
      const found = estimateOfSums(items, meanValue);
      return typeof found === "object" ? found.high - found.low : Number.NaN;
    };
    expect(width((index) => `p${index % 10}`)).toBeGreaterThan(2 * width((index) => `p${index}`));
  });

  test("leaves out items that do not count, and is undefined when none does", () => {
    const positive = meanOf(({ value }: Item) => (value > 0 ? value : undefined));
    expect(estimateOfSums([item("a", -5), item("a", 4)], positive)).toBe(4);
    expect(estimateOfSums([item("a", -5)], positive)).toBeUndefined();
    expect(estimateOfSums([], meanValue)).toBeUndefined();
  });
});

describe("estimate", () => {
  test("is undefined when the statistic has no value", () => {
    expect(estimate([item("a", 1), item("b", 2)], () => Number.NaN)).toBeUndefined();
  });

  test("leaves out the resamples in which the statistic has no value", () => {
    const distinct = (items: readonly Item[]): number =>
      new Set(items.map(({ value }) => value)).size > 1 ? meanOfItems(items) : Number.NaN;
    expect(estimate([item("a", 0), item("b", 10)], distinct)).toEqual({
      value: 5,
      low: 5,
      high: 5,
    });
  });

  test("is widened to hold its value when no resample reaches it", () => {
    const all = Array.from({ length: 30 }, (_, index) => item("one", index));
    const distinct = (items: readonly Item[]): number =>
      new Set(items.map(({ value }) => value)).size;
    expect(estimate(all, distinct)).toMatchObject({ value: 30, high: 30 });
  });
});

test("estimate and estimateOfSums agree, hold the value and repeat themselves on any items", () => {
  const items = fc.array(
    fc.record({
      package: fc.constantFrom(..."abcdefghij"),
      value: fc.integer({ min: -50, max: 50 }),
    }),
    { minLength: 2, maxLength: 25 },
  );
  fc.assert(
    fc.property(items, (drawn) => {
      const found = estimateOfSums(drawn, meanValue);
      if (typeof found !== "object") throw new Error("an estimate is wanted");
      expect(found.low).toBeLessThanOrEqual(found.value);
      expect(found.high).toBeGreaterThanOrEqual(found.value);
      expect(estimateOfSums(drawn, meanValue)).toEqual(found);
      const slow = estimate(drawn, meanOfItems);
      if (typeof slow !== "object") throw new Error("an estimate is wanted");
      expect(slow.low).toBeCloseTo(found.low, 9);
      expect(slow.high).toBeCloseTo(found.high, 9);
    }),
    { numRuns: 20 },
  );
});
