import { beforeAll, expect, test } from "vitest";
import { load, programBitcode, programPath, testPool, toolchain } from "../../test/support/llvm.ts";
import type { LoadedModule } from "../llvm/pool.ts";
import type { Model, ModelOutcome, ModelReply, ModelRequest } from "../model/model.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { memoryJournal } from "../tuner/journal.ts";
import { STRATEGIES } from "../tuner/strategies/index.ts";
import { resolveInputs } from "./inputs.ts";
import { optimizeModule } from "./optimize-module.ts";
import { proposeLists } from "./propose.ts";

const pool = testPool(1);
const registry = registryFor(toolchain.major);
const coreset = loadCoreset(registry);
const context = { registry, coreset: coreset.lists };
let module: LoadedModule;
beforeAll(async () => {
  module = await load(pool, programBitcode("table.c"));
});

/** Says `answer` of each request, and remembers the requests. */
function speaker(
  answer: (request: ModelRequest, nth: number) => ModelOutcome<readonly ModelReply[]>,
  { contextTokens = 16_384, dialect = "compact" }: Partial<Model> = {},
): { model: Model; asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  const model: Model = {
    name: "speaker",
    dialect,
    contextTokens,
    countTokens: (text) => Math.ceil(text.length / 3),
    propose: (request) => Promise.resolve(answer(request, asked.push(request) - 1)),
    close: () => Promise.resolve(),
  };
  return { model, asked };
}

const says = (...texts: string[]): ModelOutcome<readonly ModelReply[]> => ({
  status: "ok",
  value: texts.map((text) => ({ text, ended: true, tokens: 1 })),
});
const limits = { count: 8, limitMs: 60_000 };

test("proposeLists gives the lists that can be run, each once, and says how many cannot", async () => {
  const { model, asked } = speaker(() =>
    says(
      "#3<|sizes|>900 800",
      "globaldce,mergefunc<|sizes|>900 810",
      "globaldce,mergefunc<|sizes|>900 700",
      "frobnicate<|sizes|>900 1",
      "#3<|sizes|>1 1",
      "",
    ),
  );
  const { lists, notes } = await proposeLists(pool, module, { ...context, ...limits, model });
  expect(lists.map(printPassList)).toEqual([
    printPassList(coreset.lists[3] ?? []),
    "globaldce,mergefunc",
  ]);
  expect(notes).toEqual(["speaker: 2 of 6 answers hold no pass list that can be run"]);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.prompt).toMatch(
    /^<\|begin\|><\|tune\|><\|ir\|>; module \d+ [^]*\ndefine [^]*<\|passes\|>$/,
  );
});

test("proposeLists asks a model of the published dialect about each part of a module that does not fit, and takes their lists in turn", async () => {
  const { model, asked } = speaker((_, nth) => says(`#${nth}`, `#${nth + 10}`), {
    contextTokens: 1_100,
    dialect: "published",
  });
  const { lists } = await proposeLists(pool, module, { ...context, ...limits, model });
  expect(asked.length).toBeGreaterThan(1);
  const first = asked.map((_, nth) => printPassList(coreset.lists[nth] ?? []));
  expect(lists.slice(0, asked.length).map(printPassList)).toEqual(first);
  for (const { prompt } of asked) expect(model.countTokens(prompt)).toBeLessThan(1_100);
});

test.each(["refused", "crashed", "timeout", "unreachable"] as const)(
  "proposeLists gives no list and the reason when the model is %s",
  async (status) => {
    const { model } = speaker(() => ({ status, message: "it is down" }));
    const proposals = await proposeLists(pool, module, { ...context, ...limits, model });
    expect(proposals).toEqual({ lists: [], notes: ["speaker: it is down"] });
  },
);

test("proposeLists says so when a context has no room for a prompt", async () => {
  const { model } = speaker(() => says("#0<|sizes|>1 1"), { contextTokens: 300 });
  const { lists, notes } = await proposeLists(pool, module, { ...context, ...limits, model });
  expect(lists).toEqual([]);
  expect(notes[0]).toContain("300 tokens has no room for a prompt");
});

async function optimizeWith(model: Model | undefined, compilations: number) {
  const inputs = resolveInputs([programPath("table.c")], []);
  if (!inputs.ok || inputs.inputs[0] === undefined) throw new Error("no input");
  const outcome = await optimizeModule(pool, inputs.inputs[0], {
    strategy: STRATEGIES.coreset.run,
    compilations,
    seed: 1,
    explain: false,
    coreset,
    registry,
    journalFor: () => memoryJournal(),
    as: "object",
    propose:
      model && ((held, loaded) => proposeLists(held, loaded, { ...context, ...limits, model })),
  });
  if (outcome.status !== "ok") throw new Error(outcome.message);
  return outcome.value.result;
}

test("optimizeModule measures a model's lists first and says that the model won", async () => {
  const numbers = Array.from({ length: limits.count }, (_, n) => n);
  const byCoreset = await optimizeWith(undefined, limits.count);
  expect(byCoreset.source).toBe("coreset");
  const { model } = speaker(() => says(...numbers.map((n) => `#${n}<|sizes|>9 8`)));
  const byModel = await optimizeWith(model, limits.count);
  expect(byModel).toMatchObject({ bytes: byCoreset.bytes, source: "model", notes: [] });
  expect(byModel.bytes).toBeLessThan(byModel.baselineBytes);
});

test("optimizeModule does without a model that fails, and says why", async () => {
  const { model } = speaker(() => ({ status: "unreachable", message: "connection refused" }));
  const without = await optimizeWith(undefined, 4);
  const result = await optimizeWith(model, 4);
  expect(result.bytes).toBe(without.bytes);
  expect(result.notes).toContain("speaker: connection refused");
});
