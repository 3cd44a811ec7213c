import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { load, programBitcode, testPool, toolchain, value } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { checkPassList } from "../passes/check.ts";
import { parsePassList } from "../passes/parse.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import { confirmBest, minimizeConfirmed } from "./confirm.ts";
import { type Coreset, usableCoreset } from "./coreset.ts";
import { memoryJournal, openJournal } from "./journal.ts";
import { type SearchOptions, search } from "./search.ts";
import { STRATEGIES, type StrategyName } from "./strategies/index.ts";
import type { Strategy } from "./strategy.ts";
import { tuneModule } from "./tune.ts";

const registry = registryFor(toolchain.major);
const coreset: Coreset = usableCoreset(
  {
    madeBy: "test",
    llvmVersion: "",
    seed: 0,
    objective: "size",
    trainingPackages: [],
    trainingSavings: [],
    lists: [
      "default<Oz>,iroutliner",
      "default<Oz>,mergefunc",
      "default<Oz>,function(simplifycfg),globaldce",
      "default<Os>",
      "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg),globaldce",
    ],
  },
  registry,
);

const bitcode = programBitcode("table.c");
const one = testPool(1);
const two = testPool(2);
let module: LoadedModule;
let onTwo: LoadedModule;
let baseline: number;
beforeAll(async () => {
  module = await load(one, bitcode);
  onTwo = await load(two, bitcode);
  baseline = value(await one.measure(module, ["default<Oz>"], { fresh: true })).sections.size;
});

function options(strategy: Strategy, more: Partial<SearchOptions> = {}): SearchOptions {
  return {
    strategy,
    objective: "size",
    compilations: 24,
    seed: 7,
    coreset,
    registry,
    journal: memoryJournal(),
    baseline,
    timeoutMs: 50_000,
    ...more, // a busy machine must not make two answers differ
  };
}

const pass = (text: string): PassList => {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return parsed.list;
};

/** Proposes these batches and remembers what it was told. */
function scripted(
  batches: readonly (readonly string[])[],
  told: (number | undefined)[][] = [],
): Strategy {
  return function* () {
    for (const batch of batches) told.push((yield batch.map(pass)).map(({ value: size }) => size));
  };
}

/** Counts what reaches LLVM. */
function counting(pool: Pool): { pool: Pool; measured: () => number } {
  let count = 0;
  return {
    pool: { ...pool, measure: (...args) => (count++, pool.measure(...args)) },
    measured: () => count,
  };
}

describe.each(
  Object.entries(STRATEGIES).map(([name, { run }]) => [name as StrategyName, run] as const),
)("strategy %s", (name, run) => {
  test("proposes valid lists only, stays in its budget, and ends no larger than -Oz", async () => {
    const proposed: PassList[] = [];
    const watched: Strategy = function* (context) {
      const inner = run(context);
      let next = inner.next();
      while (next.done !== true) {
        proposed.push(...next.value);
        next = inner.next(yield next.value);
      }
    };
    const result = await search(one, module, options(watched));
    for (const list of proposed)
      expect(checkPassList(printPassList(list), registry)).toMatchObject({ ok: true });
    expect(result.outcomes.rejected).toBe(0);
    const hasOnlyCoreset = name === "coreset" || name === "expected";
    expect(result.compilations).toBe(hasOnlyCoreset ? coreset.lists.length : 24);
    expect(result.ended).toBe(hasOnlyCoreset ? "exhausted" : "budget");
    for (const { value: size } of result.winners) expect(size).toBeLessThan(baseline);
    const curve = result.curve.map(([, best]) => best);
    expect(curve).toEqual(curve.toSorted((a, b) => b - a));
    expect(Object.values(result.outcomes).reduce((a, b) => a + b)).toBe(result.compilations);
  });

  test("gives the same answer for the same seed, on one worker and on two", async () => {
    const [first, second] = await Promise.all([
      search(one, module, options(run)),
      search(two, onTwo, options(run)),
    ]);
    expect(second.winners).toEqual(first.winners);
    expect(second.curve).toEqual(first.curve);
  });
});

describe("search", () => {
  test("counts each list once, and tells the strategy of every one it proposed", async () => {
    const told: (number | undefined)[][] = [];
    const counted = counting(one);
    const batches = [
      ["globaldce", "globaldce", "function(sroa)"],
      ["globaldce", "mergefunc"],
    ];
    const result = await search(counted.pool, module, options(scripted(batches, told)));
    expect(result.compilations).toBe(3);
    expect(counted.measured()).toBe(3);
    expect(told.map((batch) => batch.length)).toEqual([3, 2]);
    expect(told[0]?.[0]).toBe(told[0]?.[1]);
    expect(told[1]?.[0]).toBe(told[0]?.[0]);
  });

  test("cuts a batch where the budget ends", async () => {
    const counted = counting(one);
    const result = await search(
      counted.pool,
      module,
      options(STRATEGIES.random.run, { compilations: 3 }),
    );
    expect([result.compilations, counted.measured(), result.ended]).toEqual([3, 3, "budget"]);
  });

  test("measures nothing when the budget is 0", async () => {
    const counted = counting(one);
    expect(
      await search(counted.pool, module, options(STRATEGIES.random.run, { compilations: 0 })),
    ).toMatchObject({ compilations: 0, winners: [], ended: "budget" });
    expect(counted.measured()).toBe(0);
  });

  test("gives no unsafe or unknown list to LLVM", async () => {
    const counted = counting(one);
    const lists = ["function(structurizecfg)", "no-such-pass", "trigger-crash-module", "globaldce"];
    const result = await search(counted.pool, module, options(scripted([lists])));
    expect(result.outcomes).toMatchObject({ ok: 1, rejected: 3, crashed: 0 });
    expect(counted.measured()).toBe(1);
  });

  test("gives up a strategy that proposes nothing new", async () => {
    const stuck: Strategy = function* () {
      while (true) yield [pass("globaldce")];
    };
    expect(await search(one, module, options(stuck))).toMatchObject({
      compilations: 1,
      ended: "exhausted",
    });
  });

  test("ends when its time is up, in the middle of a batch", async () => {
    const PASSES = ["globaldce", "default<Oz>", "mergefunc"];
    // Eight passes: the digits of i in base 3, so no list is there twice.
    const list = (_: unknown, i: number) =>
      pass(Array.from({ length: 8 }, (__, at) => PASSES[Math.floor(i / 3 ** at) % 3]).join(","));
    const manyAtOnce: Strategy = function* () {
      yield Array.from({ length: 5000 }, list);
    };
    const result = await search(
      one,
      module,
      options(manyAtOnce, { compilations: 5000, seconds: 0.05 }),
    );
    expect(result.ended).toBe("time");
    expect(result.compilations).toBeLessThan(5000);
  });

  test("returns at once with the best so far when interrupted, while LLVM still works", async () => {
    const controller = new AbortController();
    // Each step has another text, so none is known from the one before it.
    const step = (_: unknown, i: number) =>
      `default<O3>,function(simplifycfg<bonus-inst-threshold=${i + 2}>)`;
    const endless = Array.from({ length: 300 }, step).join(",");
    const journal = memoryJournal();
    const strategy = scripted([["default<Oz>,iroutliner", "default<Oz>,mergefunc"], [endless]]);
    const onProgress = (): void =>
      void setTimeout(() => (controller.abort(), one.interrupt()), 100);
    const result = await search(
      one,
      module,
      options(strategy, { signal: controller.signal, onProgress, journal }),
    );
    expect(result).toMatchObject({ ended: "interrupted", compilations: 2 });
    expect(journal.find(endless)).toBeUndefined();
    expect((await one.measure(module, ["default<Oz>"], { fresh: true })).status).toBe("ok");
  });

  test("resumes from the journal: the same answer, and nothing is compiled again", async () => {
    const path = join(tempFolder(), "journal.jsonl");
    const counted = counting(one);
    const run = (compilations: number) =>
      search(
        counted.pool,
        module,
        options(STRATEGIES.guided.run, { compilations, journal: openJournal(path) }),
      );
    await run(10); // as if killed after 10
    expect(counted.measured()).toBe(10);
    const resumed = await run(24);
    expect(counted.measured()).toBe(24);
    const again = await run(24);
    expect(counted.measured()).toBe(24);
    expect(again.winners).toEqual(resumed.winners);
    const uninterrupted = await search(two, onTwo, options(STRATEGIES.guided.run));
    expect(resumed.winners).toEqual(uninterrupted.winners);
  });
});

describe("confirmBest and minimizeConfirmed", () => {
  const long = pass("default<Oz>,globaldce,mergefunc,iroutliner,function(simplifycfg),globaldce");
  const confirm = () => ({ objective: "size" as const, timeoutMs: 10_000, baseline });

  test("confirm by a fresh measurement and drop what is not smaller than -Oz", async () => {
    expect(
      await confirmBest(
        one,
        module,
        [presets.Oz, pass("default<O3>"), pass("no-such-pass")],
        confirm(),
      ),
    ).toBeUndefined();
  });

  test("minimise to a list no longer, no larger, and truly measured", async () => {
    const best = await confirmBest(one, module, [long], {
      ...confirm(),
      baseline: Number.POSITIVE_INFINITY,
    });
    expect(best).toBeDefined();
    if (best === undefined) return;
    const { confirmed, measurements } = await minimizeConfirmed(one, module, best, confirm());
    expect(confirmed.value).toBeLessThanOrEqual(best.value);
    expect(printPassList(confirmed.list).length).toBeLessThan(printPassList(long).length);
    expect(measurements).toBeGreaterThan(1);
    const again = value(
      await one.measure(module, [printPassList(confirmed.list)], { fresh: true }),
    );
    expect(again.sections.size).toBe(confirmed.value);
  });
});

describe("tuneModule", () => {
  const tune = (more: object = {}) => ({
    strategy: STRATEGIES.guided.run,
    objective: "size" as const,
    compilations: 20,
    seed: 1,
    coreset,
    registry,
    minimize: true,
    journalFor: () => memoryJournal(),
    ...more,
  });

  test("reports what a fresh measurement of the winner gives", async () => {
    const {
      best,
      baselineValue,
      compilations,
      search: searched,
    } = value(await tuneModule(one, module, tune()));
    expect(baselineValue).toBe(baseline);
    expect(compilations).toBeGreaterThanOrEqual(searched.compilations);
    const list = printPassList(best?.list ?? presets.Oz);
    expect(value(await one.measure(module, [list], { fresh: true })).sections.size).toBe(
      best?.value ?? baseline,
    );
  });

  test.each(["text", "published", "instructions"] as const)(
    "never ends worse than -Oz by %s",
    async (objective) => {
      const { best, baselineValue } = value(
        await tuneModule(one, module, tune({ objective, compilations: 6 })),
      );
      expect(best?.value ?? baselineValue).toBeLessThanOrEqual(baselineValue);
    },
  );

  test("fails only when -Oz itself cannot be measured", async () => {
    const broken = await load(
      one,
      'module asm "frobnicate eax"\ndefine void @f() {\n  ret void\n}',
    );
    expect(await tuneModule(one, broken, tune())).toMatchObject({ status: "invalid" });
  });
});
