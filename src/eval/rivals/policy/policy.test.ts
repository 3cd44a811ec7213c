/** The policy as shipped, and the file that it comes from. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { load, programBitcode, testPool, toolchain, value } from "../../../../test/support/llvm.ts";
import { parsePassList } from "../../../passes/parse.ts";
import { registryFor } from "../../../passes/registry.ts";
import type { PassList } from "../../../passes/tree.ts";
import { FEATURE_NAMES, featuresOf } from "../../../tasks/features/features.ts";
import { type Coreset, loadCoreset } from "../../../tuner/coreset.ts";
import type { Scored } from "../../../tuner/strategy.ts";
import { readPolicy, shippedPolicy, writePolicy } from "./file.ts";
import { gelu, geluSlope, outputsOf } from "./perceptron.ts";
import { policyStrategy } from "./policy.ts";

const coreset = loadCoreset(registryFor(toolchain.major));
const pool = testPool();
const [module, other] = [
  await load(pool, programBitcode("table.c")),
  await load(pool, programBitcode("shapes.cpp")),
];
const features = featuresOf(value(await pool.normalize(module)).text);
const BASELINE = 1000;

/** The numbers of the lists that are proposed where list `k` measures `sizeOf(k)` bytes. */
function chosen(
  from: Coreset,
  sizeOf: (list: number) => number | undefined,
  of = features,
): number[] {
  const run = policyStrategy(of)({ coreset: from, baseline: BASELINE });
  const order: number[] = [];
  let batch = run.next([]);
  while (batch.done !== true) {
    const results = batch.value.map((list): Scored => {
      order.push(from.lists.indexOf(list));
      return { list, value: sizeOf(order.at(-1) ?? 0) };
    });
    batch = run.next(results);
  }
  return order;
}

test("policyStrategy proposes every list once, the same ones again when told the same", () => {
  const order = chosen(coreset, (k) => BASELINE - k);
  expect(order.toSorted((a, b) => a - b)).toEqual([...coreset.lists.keys()]);
  expect(chosen(coreset, (k) => BASELINE - k)).toEqual(order);
});

test("policyStrategy begins with the same list and goes on by what it has saved", () => {
  const sizes = [BASELINE, 0.9 * BASELINE, 1.5 * BASELINE, undefined];
  const orders = sizes.map((size) => chosen(coreset, () => size));
  expect(new Set(orders.map(([first]) => first)).size).toBe(1);
  expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(2);
});

test("policyStrategy does not treat all modules alike", async () => {
  const others = featuresOf(value(await pool.normalize(other)).text);
  const orders = [features, others].map((of) => chosen(coreset, () => BASELINE, of).join());
  expect(orders[0]).not.toBe(orders[1]);
});

test("policyStrategy proposes what there is of a shorter coreset, and refuses a list that it was not made for", () => {
  const some = { lists: coreset.lists.filter((_, k) => k % 3 === 1).toReversed() };
  expect(chosen(some, () => BASELINE).toSorted((a, b) => a - b)).toEqual([...some.lists.keys()]);
  const parsed = parsePassList("default<O3>");
  const strange: PassList = parsed.ok ? parsed.list : [];
  expect(() => chosen({ lists: [strange] }, () => BASELINE)).toThrow(
    /"default<O3>" is not among its \d+ lists/,
  );
});

test("readPolicy gives back what writePolicy wrote, and refuses a policy of other features", () => {
  const text = readFileSync(new URL("./policy.json", import.meta.url), "utf8");
  expect(writePolicy(readPolicy(text))).toBe(text);
  expect(text.length).toBeLessThan(700_000);
  const changed = text.replace(`"${FEATURE_NAMES[0]}"`, '"instruction"');
  expect(() => readPolicy(changed)).toThrow(/make it again/);
  expect(shippedPolicy().madeFrom.lists.length).toBeGreaterThanOrEqual(coreset.lists.length);
});

test("outputsOf adds up weighted inputs, with GELU between the layers and not behind the last", () => {
  const layers = [
    {
      weights: [
        [1, 2],
        [0, -1],
      ],
      biases: [0.5, 0],
    },
    { weights: [[2, 3]], biases: [-1] },
  ];
  const [output = NaN] = outputsOf(layers, [1, -2]);
  expect(output).toBeCloseTo(2 * gelu(-2.5) + 3 * gelu(2) - 1, 12);
  expect(output).toBeGreaterThan(4);
});

test("geluSlope is the slope of gelu", () => {
  for (const x of [-3, -0.5, 0, 0.5, 3])
    expect((gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5).toBeCloseTo(geluSlope(x), 6);
});
