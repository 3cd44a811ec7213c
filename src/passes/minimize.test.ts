import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { checkPassList } from "./check.ts";
import { minimizePassList } from "./minimize.ts";
import { randomPassList } from "./mutate.ts";
import { parsePassList } from "./parse.ts";
import { ozTree, presets } from "./presets.ts";
import { printPassList } from "./print.ts";
import { registryFor } from "./registry.ts";
import { walk } from "./tree.ts";
import type { PassList } from "./tree.ts";

const registry = registryFor(22);
const MANY = 10_000;

/** 100 bytes, less 10 for each wanted pass that is there, in this order. */
function wants(names: readonly string[]): (list: PassList) => Promise<number> {
  return async (list) => {
    let found = 0;
    for (const { node } of walk(list)) if (node.name === names[found]) found++;
    return 100 - 10 * found;
  };
}

async function minimized(
  text: string,
  measure: (list: PassList) => Promise<number | undefined>,
): Promise<string> {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  const value = (await measure(parsed.list)) ?? Infinity;
  const { list } = await minimizePassList(parsed.list, measure, { value, maxMeasurements: MANY });
  return printPassList(list);
}

test("minimizePassList keeps only what the value needs, and its order", async () => {
  const measure = wants(["iroutliner", "sroa", "licm"]);
  const list = ozTree(22);
  const start: PassList = [{ name: "iroutliner" }, ...list];
  const value = await measure(start);
  const result = await minimizePassList(start, measure, { value, maxMeasurements: MANY });
  expect(printPassList(result.list)).toBe("iroutliner,function(sroa,loop-mssa(licm))");
  expect(result.value).toBe(70);
  expect(result.measurements).toBeLessThan(300);
});

test("minimizePassList takes needless adaptors away and joins neighbours", async () => {
  const measure = wants(["sroa", "dse", "gvn"]);
  expect(
    await minimized("function(function(sroa)),function(dse),cgscc(function(gvn))", measure),
  ).toBe("function(sroa,dse,gvn)");
  expect(await minimized("cgscc(devirt<4>(inline))", wants(["inline"]))).toBe("cgscc(inline)");
});

test("minimizePassList drops parameters that change nothing, and keeps what must be written", async () => {
  const measure = async (list: PassList): Promise<number> =>
    walk(list).some(({ node }) => node.params?.includes("hoist-common-insts")) ? 50 : 60;
  expect(
    await minimized(
      "function<eager-inv>(simplifycfg<keep-loops;hoist-common-insts;bonus-inst-threshold=1>)",
      measure,
    ),
  ).toBe("function(simplifycfg<hoist-common-insts>)");
  expect(
    await minimized(
      "function(instcombine<max-iterations=1;no-verify-fixpoint>)",
      wants(["instcombine"]),
    ),
  ).toBe("function(instcombine<no-verify-fixpoint>)");
  expect(
    printPassList(
      (await minimizePassList(presets.Oz, wants(["default"]), { value: 90, maxMeasurements: MANY }))
        .list,
    ),
  ).toBe("default<Oz>");
});

test("minimizePassList brings neighbours into one order where that costs nothing", async () => {
  const anyOrder = async (list: PassList): Promise<number> =>
    -new Set(walk(list).map(({ node }) => node.name)).size;
  expect(await minimized("function(sroa,gvn,dse)", anyOrder)).toBe("function(dse,gvn,sroa)");
  expect(await minimized("function(sroa,gvn,dse)", wants(["sroa", "gvn", "dse"]))).toBe(
    "function(sroa,gvn,dse)",
  );
});

test("minimizePassList does not take over a failure, and stops at maxMeasurements", async () => {
  const start = ozTree(22);
  const failed = await minimizePassList(start, async () => undefined, {
    value: 7,
    maxMeasurements: 25,
  });
  expect(failed).toEqual({ list: start, value: 7, measurements: 25 });
});

test("minimizePassList is never worse, deterministic, and valid, whatever the measure", async () => {
  const cases = fc.record({
    seed: fc.integer(),
    salt: fc.integer(),
    maxMeasurements: fc.integer({ min: 0, max: 200 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ seed, salt, maxMeasurements }) => {
      const list = randomPassList(makeRng(seed), registry, { minLength: 1, maxLength: 25 });
      let asked = 0;
      const measure = async (candidate: PassList): Promise<number | undefined> => {
        asked++;
        const noise = makeRng(`${salt} ${printPassList(candidate)}`);
        return noise.int(10) === 0 ? undefined : noise.int(20);
      };
      const run = () => minimizePassList(list, measure, { value: 10, maxMeasurements });
      const result = await run();
      expect(result.measurements).toBe(asked);
      expect(asked).toBeLessThanOrEqual(maxMeasurements);
      expect(result.value).toBeLessThanOrEqual(10);
      if (result.list !== list) expect(await measure(result.list)).toBe(result.value);
      expect(checkPassList(printPassList(result.list), registry)).toMatchObject({ ok: true });
      expect(await run()).toEqual(result);
    }),
    { numRuns: 40 },
  );
});
