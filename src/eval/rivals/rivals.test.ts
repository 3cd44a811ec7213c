/** The rivals as shipped, and the file that they come from. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCorpus } from "../../corpus/store.ts";
import { makePool, type Pool } from "../../llvm/pool.ts";
import { findToolchain } from "../../llvm/toolchain.ts";
import { registryFor } from "../../passes/registry.ts";
import { printPassList } from "../../passes/print.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import { FEATURE_NAMES, featuresOf, type Features } from "../../tasks/features/features.ts";
import { readRivals, writeRivals } from "./file.ts";
import { fitGains, fitSizes } from "./fit.ts";
import { loadRivals, rivalsOf } from "./rivals.ts";

const LISTS = loadCoreset(registryFor(22)).lists.map(printPassList);
const MODULES = 30;
/** Of them: an order takes some ten milliseconds. */
const RANKED = 8;

interface Sampled {
  readonly features: Features;
  readonly before: number;
}
const modules: Sampled[] = [];
let pool: Pool;

beforeAll(async () => {
  const found = findToolchain("22");
  if (found.status !== "found") throw new Error(found.message);
  pool = makePool(found.toolchain, 1);
  const corpus = await openCorpus("test/corpus/sample.parquet");
  for await (const { bitcode, hash } of corpus.modules({ maxBitcodeBytes: 20_000, limit: MODULES }))
    modules.push(await sampled(bitcode, hash));
  corpus.close();
});
afterAll(() => pool.close());

async function sampled(bitcode: Uint8Array, name: string): Promise<Sampled> {
  const loaded = await pool.load(bitcode, name);
  if (loaded.status !== "ok") throw new Error(loaded.message);
  const normal = await pool.normalize(loaded.value);
  const before = await pool.measure(loaded.value, [], { fresh: true });
  if (normal.status !== "ok" || before.status !== "ok")
    throw new Error(`${name} cannot be measured`);
  pool.unload(loaded.value);
  return { features: featuresOf(normal.value.text), before: before.value.sections.size };
}

test("loadRivals orders all lists of the shipped coreset, and not the same way for all modules", () => {
  const rivals = loadRivals(LISTS);
  for (const rank of [rivals.nearest, rivals.valuePrediction]) {
    const orders = modules.slice(0, RANKED).map(({ features }) => rank(features));
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([...LISTS.keys()]);
    expect(new Set(orders.map(([first]) => first)).size).toBeGreaterThan(1);
    expect(rank(modules[0]!.features)).toEqual(orders[0]);
  }
});

test("loadRivals predicts sizes of real modules to within a half, nine times in ten", () => {
  const { sizes } = loadRivals(LISTS);
  const near = modules.filter(({ features, before }) => {
    return Math.abs(Math.log(sizes(features).before / before)) < Math.log(1.5);
  });
  expect(near.length).toBeGreaterThanOrEqual(0.9 * MODULES);
});

test("loadRivals leaves out lists that another LLVM leaves out, and refuses one that it was not made for", () => {
  const some = LISTS.filter((_, place) => place % 2 === 1).toReversed();
  const all = loadRivals(LISTS).nearest(modules[0]!.features);
  const order = loadRivals(some).nearest(modules[0]!.features);
  expect(order.map((k) => some[k])).toEqual(
    all.map((k) => LISTS[k]).filter((list) => some.includes(list ?? "")),
  );
  expect(() => loadRivals([...LISTS, "default<O3>"])).toThrow(/"default<O3>" is not among/);
});

const fitted = () => {
  const labelled = modules.map(({ features, before }, index) => {
    return { features, before, after: before / 2, gains: [index % 7, Math.min(30, before / 500)] };
  });
  return { gains: fitGains(labelled), sizes: fitSizes(labelled) };
};
const MADE_FROM = {
  madeBy: "a test",
  llvm: "22",
  lists: ["a", "b"],
  labels: "",
  modules: MODULES,
  packages: 1,
  sizeModules: MODULES,
};

test("readRivals gives back what writeRivals wrote, to the precision of its steps", () => {
  const data = { madeFrom: MADE_FROM, ...fitted() };
  const text = writeRivals(data);
  const read = readRivals(text);
  expect(writeRivals(read)).toBe(text);
  const [own, back] = [rivalsOf(data, ["a", "b"]), rivalsOf(read, ["a", "b"])];
  for (const { features } of modules) {
    const ratio = back.sizes(features).before / own.sizes(features).before;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  }
});

test("readRivals refuses a file that was made for other features", () => {
  const text = readFileSync(new URL("./rivals.json", import.meta.url), "utf8");
  const other = text.replace(`"${FEATURE_NAMES[0]}"`, '"instruction"');
  expect(() => readRivals(other)).toThrow(/make them again/);
});
