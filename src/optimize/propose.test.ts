import { beforeAll, expect, test } from "vitest";
import { load, programBitcode, programPath, testPool, toolchain } from "../../test/support/llvm.ts";
import type { LoadedModule } from "../llvm/pool.ts";
import type { PassList } from "../passes/tree.ts";
import type {
  Model,
  ModelOutcome,
  ModelReply,
  ModelRequest,
  WeighRequest,
} from "../model/model.ts";
import { makeRng } from "../base/rng.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { memoryJournal } from "../tuner/journal.ts";
import { STRATEGIES } from "../tuner/strategies/index.ts";
import { coresetName } from "../tasks/proposal.ts";
import { resolveInputs } from "./inputs.ts";
import { optimizeModule } from "./optimize-module.ts";
import { type ProposeOptions, proposeLists } from "./propose.ts";

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
const BASELINE = 1000;

/** All lists that are proposed when the first one saves 1.2 %, the second adds 0.4 %, and the others fail. */
async function proposalsOf(
  model: Model,
  options: Partial<ProposeOptions> = {},
): Promise<{ lists: PassList[]; notes: string[] }> {
  const notes: string[] = [];
  const onNote = (note: string): void => void notes.push(note);
  const told = { baseline: BASELINE, onNote };
  const run = proposeLists(pool, module, { ...context, ...limits, ...told, model, ...options });
  const lists: PassList[] = [];
  let batch = await run.next([]);
  while (batch.done !== true) {
    const value = [988, 1004][lists.length];
    lists.push(...batch.value);
    batch = await run.next(batch.value.map((list) => ({ list, value })));
  }
  return { lists, notes };
}

test("proposeLists asks for one list after the other, and tells what those before have saved", async () => {
  const answers = ["#ad", "globaldce,mergefunc", "#af<|sizes|>900 800", "#ah"];
  const { model, asked } = speaker((_, nth) => says(answers[nth] ?? ""));
  const { lists, notes } = await proposalsOf(model, { count: 4 });
  const listOf = (number: number): string => printPassList(coreset.lists[number] ?? []);
  expect(lists.map(printPassList)).toEqual([
    listOf(3),
    "globaldce,mergefunc",
    listOf(5),
    listOf(7),
  ]);
  expect(notes).toEqual([]);
  expect(asked[0]?.prompt).toMatch(
    /^<\|begin\|><\|tune\|><\|ir\|>; module \d+ [^\n]*\n; [^\n]*\n<\|passes\|>$/,
  );
  const told = asked.map(({ prompt }) => prompt.slice(asked[0]?.prompt.length));
  const tried = [
    "#ad<|sizes|>+D<|passes|>",
    "globaldce,mergefunc<|sizes|>-B<|passes|>",
    "#af<|sizes|>-I<|passes|>",
  ];
  expect(told).toEqual(tried.map((_, nth) => tried.slice(0, nth).join("")).concat(tried.join("")));
  expect(asked.every(({ count, stops }) => count === 1 && stops.includes("<|sizes|>"))).toBe(true);
});

/** Finds the lists as likely as `weights` say, by number; the others hardly. */
function weigher(weights: Readonly<Record<number, number>>): {
  model: Model;
  asked: WeighRequest[];
} {
  const asked: WeighRequest[] = [];
  const { model } = speaker(() => says("never asked"));
  const weigh = (request: WeighRequest) => {
    asked.push(request);
    const value = request.options.map((_, number) => Math.log(weights[number] ?? 1e-9));
    return Promise.resolve({ status: "ok" as const, value });
  };
  return { model: { ...model, weigh }, asked };
}

test("proposeLists weighs the coreset's lists where the model can, tells what those before saved, and takes none twice", async () => {
  const { model, asked } = weigher({ 3: 0.9, 5: 0.05, 60: 0.04 });
  const { lists, notes } = await proposalsOf(model, { count: 3 });
  expect(new Set(lists)).toEqual(new Set([3, 5, 60].map((number) => coreset.lists[number])));
  expect(lists[0]).toBe(coreset.lists[3]);
  expect(notes).toEqual([]);
  expect(asked.map(({ options }) => options.length)).toEqual([75, 75, 75]);
  const [first = "", second = ""] = asked.map(({ prompt }) => prompt);
  expect(second).toBe(`${first}#ad<|sizes|>+D<|passes|>`);
});

test("proposeLists takes the list that adds most by the labels where the model finds all alike", async () => {
  const { model } = weigher(Object.fromEntries(coreset.lists.map((_, number) => [number, 1 / 75])));
  const { lists } = await proposalsOf(model, { count: 2 });
  const baseline = 1000;
  const run = STRATEGIES.expected.run({
    ...context,
    coreset,
    baseline,
    rng: makeRng("none"),
    budget: 2,
    known: [],
  });
  const batches = [run.next(), run.next([{ list: lists[0] ?? [], value: 988 }])];
  expect(lists).toEqual(batches.flatMap(({ value: batch }) => batch ?? []));
});

test("proposeLists takes the first list of a large module from the model and listens less to it for the next", async () => {
  const liked = { 3: 0.9, 5: 0.09 };
  const lists = (baseline: number) => proposalsOf(weigher(liked).model, { count: 2, baseline });
  const [small, large] = [await lists(1000), await lists(1_000_000)];
  expect(small.lists).toEqual([3, 5].map((number) => coreset.lists[number]));
  expect(large.lists[0]).toBe(coreset.lists[3]);
  // Both lists of the model's are nearly twins: what was measured with the first tells of the second.
  expect(large.lists[1]).not.toBe(coreset.lists[5]);
});

test("proposeLists gives all of the coreset and ends where more is wanted of a model that weighs", async () => {
  const { lists } = await proposalsOf(weigher({}).model, { count: 100 });
  expect(new Set(lists)).toEqual(new Set(coreset.lists));
  expect(lists).toHaveLength(75);
});

test("proposeLists gives the lists until then and the reason when a model cannot weigh any more", async () => {
  const { model, asked } = weigher({ 3: 1 });
  const weigh: Model["weigh"] = (request) =>
    asked.length === 1
      ? Promise.resolve({ status: "crashed", message: "it is down" })
      : (model.weigh?.(request) ?? Promise.reject(new Error("no weigh")));
  const { lists, notes } = await proposalsOf({ ...model, weigh });
  expect(lists).toEqual([coreset.lists[3]]);
  expect(notes).toEqual(["speaker: it is down"]);
});

test("proposeLists asks for other answers where a model repeats itself, and ends where it has none", async () => {
  const { model, asked } = speaker(({ count }) => says(...["#ad", "#ae"].slice(0, count)));
  const { lists, notes } = await proposalsOf(model);
  expect(lists).toEqual([coreset.lists[3], coreset.lists[4]]);
  expect(notes).toEqual([]);
  expect(asked.map(({ count }) => count)).toEqual([1, 1, 2, 1, 3]);
});

test("proposeLists ends where a model says nothing that can be run", async () => {
  const { model } = speaker((_, nth) => says(nth === 0 ? "#ad" : "frobnicate"));
  const { lists, notes } = await proposalsOf(model);
  expect(lists).toEqual([coreset.lists[3]]);
  expect(new Set(notes)).toEqual(
    new Set(["speaker: 1 of 1 answers hold no pass list that can be run"]),
  );
});

test("proposeLists tells the last of many lists, so that the prompt keeps to the context", async () => {
  const { model, asked } = speaker((_, nth) => says(coresetName(nth)), { contextTokens: 1_400 });
  const { lists } = await proposalsOf(model, { count: 40 });
  expect(lists).toHaveLength(40);
  expect(asked.at(-1)?.prompt).toMatch(/<\|passes\|>#ay<\|sizes\|>/);
});

test("proposeLists asks a model of the published dialect about each part of a module that does not fit, and takes their lists in turn", async () => {
  const { model, asked } = speaker((_, nth) => says(coresetName(nth), coresetName(nth + 10)), {
    contextTokens: 1_100,
    dialect: "published",
  });
  const { lists } = await proposalsOf(model);
  expect(asked.length).toBeGreaterThan(1);
  const first = asked.map((_, nth) => printPassList(coreset.lists[nth] ?? []));
  expect(lists.slice(0, asked.length).map(printPassList)).toEqual(first);
  for (const { prompt } of asked) expect(model.countTokens(prompt)).toBeLessThan(1_100);
});

test.each(["refused", "crashed", "timeout", "unreachable"] as const)(
  "proposeLists gives no list and the reason when the model is %s",
  async (status) => {
    const { model } = speaker(() => ({ status, message: "it is down" }));
    const proposals = await proposalsOf(model);
    expect(proposals).toEqual({ lists: [], notes: ["speaker: it is down"] });
  },
);

test("proposeLists says so when a context has no room for a prompt", async () => {
  const { model } = speaker(() => says("#aa<|sizes|>1 1"), { contextTokens: 300 });
  const { lists, notes } = await proposalsOf(model);
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
      model &&
      ((held, loaded, told) =>
        proposeLists(held, loaded, { ...context, ...limits, ...told, model })),
  });
  if (outcome.status !== "ok") throw new Error(outcome.message);
  return outcome.value.result;
}

test("optimizeModule measures a model's lists first and says that the model won", async () => {
  const byCoreset = await optimizeWith(undefined, limits.count);
  expect(byCoreset.source).toBe("coreset");
  const { model } = speaker((_, nth) => says(coresetName(nth)));
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
