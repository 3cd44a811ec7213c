import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { evalKit, says, sayingModel } from "../../../test/support/eval.ts";
import { bitcodeOfC, testPool } from "../../../test/support/llvm.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { Model, ModelRequest } from "../../model/model.ts";
import { printPassList } from "../../passes/print.ts";
import { printSaved } from "../../tasks/numbers.ts";
import { coresetName } from "../../tasks/proposal.ts";
import type { Program } from "../program.ts";
import { corpusPrograms } from "../programs.ts";
import { type TuneRow, rowSchema } from "../row.ts";
import { type Contender, type Kit, RIVALS, type Rival } from "../suite.ts";
import { tuneSuite } from "./suite.ts";

const SAMPLE = join(import.meta.dirname, "../../../test/corpus/sample.parquet");
const K = 4;
const pool = testPool(2);
const { coreset, ...rest } = evalKit(pool);
const kit = { ...rest, coreset: { lists: coreset.lists.slice(0, 2 * K) } };
const reversed = (): number[] => kit.coreset.lists.map((_, number) => number).toReversed();
const suite = tuneSuite({
  compilations: K,
  searchCompilations: 2 * K,
  rankers: { "nearest neighbour": reversed, "value prediction": () => [4, 2] },
});

let programs: readonly Program[];
beforeAll(async () => {
  const bounds = { minBytes: 0, maxBytes: 7_000 };
  const choice = { count: 3, seed: 1, perPackage: 1, ...bounds };
  ({ programs } = await corpusPrograms(SAMPLE, choice, { kit }));
});

const rival = (name: Rival): Contender => ({ kind: "rival", name, rival: name });
const asContender = (model: Model): Contender => ({ kind: "model", name: "model", model });

async function answer(contender: Contender, program: Program, how: Kit = kit): Promise<TuneRow> {
  const row = rowSchema.parse(await suite.answer(contender, program, how));
  if (row.suite !== "tune") throw new Error(`a row of ${row.suite}`);
  return row;
}

async function rowsOf(contender: Contender, how?: Kit): Promise<TuneRow[]> {
  const rows: TuneRow[] = [];
  for (const program of programs) rows.push(await answer(contender, program, how));
  return rows;
}

const said = (model: Model): Promise<TuneRow[]> => rowsOf(asContender(model));
const first = (rows: readonly TuneRow[]): number =>
  rows.reduce((sum, { sizes, ozSize }) => sum + (sizes[0] ?? ozSize), 0);
const best = ({ sizes }: TuneRow): number => Math.min(...sizes.filter((size) => size !== null));
const one = (): Program => {
  const [program] = programs;
  if (program === undefined) throw new Error("no program");
  return program;
};

test("tuneSuite puts an oracle at the top and a constant answer at the bottom", async () => {
  const tried = await rowsOf(rival("coreset"));
  const right = tried.map((row) => row.sizes.indexOf(best(row)));
  const asked: string[] = [];
  const oracle = await said(
    sayingModel(({ prompt }) => {
      if (!prompt.includes("<|passes|>#")) asked.push(prompt); // nothing was tried yet
      return says(`${coresetName(right[asked.length - 1] ?? 0)}<|sizes|>9 8`);
    }),
  );
  const useless = await said(sayingModel(() => says("globaldce<|sizes|>9 8")));
  const others = await Promise.all(
    (["-Oz", "-Os", "-O2", "-O3", "single list", "coreset"] as const).map((name) =>
      rowsOf(rival(name)),
    ),
  );
  for (const rows of others) {
    expect(first(oracle)).toBeLessThan(first(rows));
    expect(first(useless)).toBeGreaterThan(first(rows));
  }
  expect(oracle.map(best)).toEqual(tried.map(best));
});

test("tuneSuite gives the same rows again, fresh or remembered, with one worker or two", async () => {
  const single = testPool(1);
  const model = asContender(sayingModel(() => says("#ad<|sizes|>9 8", "nonsense", "#ab")));
  const rivals = (
    ["coreset", "perceptron", "random search", "hill climbing", "search"] as const
  ).map(rival);
  for (const contender of [...rivals, model]) {
    const anew = { ...evalKit(single), coreset: kit.coreset };
    const [row, remembered, again] = [
      await answer(contender, one()),
      await answer(contender, one()),
      await answer(contender, one(), anew),
    ];
    expect(remembered, contender.name).toEqual({ ...row, seconds: remembered.seconds });
    expect(again, contender.name).toEqual({ ...row, seconds: again.seconds });
  }
});

test("tuneSuite measures fresh alone, and nothing that a journal knows", async () => {
  const asked: boolean[] = [];
  const watched: Pool = {
    ...pool,
    measure: (module, steps, how) => {
      asked.push(how.fresh);
      return pool.measure(module, steps, how);
    },
  };
  const own = evalKit(watched);
  const row = await answer(rival("hill climbing"), one(), own);
  expect(asked).toEqual(asked.map(() => true));
  expect(asked).toHaveLength(1 + K); // -Oz, and each list once
  expect(await answer(rival("hill climbing"), one(), own)).toMatchObject({ sizes: row.sizes });
  expect(asked).toHaveLength(1 + K);
  expect([...own.journals.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}-fresh$/)]);
});

test("tuneSuite gives each rival's sizes in the order of its lists", async () => {
  const count = { "single list": 1, "-Oz": 1, "coreset": K, "random search": K, "search": 2 * K };
  for (const [name, lists] of Object.entries(count) as [Rival, number][])
    expect((await answer(rival(name), one())).sizes, name).toHaveLength(lists);
  const oz = await answer(rival("-Oz"), one());
  expect([oz.sizes, oz.published, oz.instructions]).toEqual([
    [oz.ozSize],
    [oz.ozPublished],
    [oz.ozInstructions],
  ]);
  const all = await tuneSuite({ compilations: 99 }).answer(rival("coreset"), one(), kit);
  const sizes = "sizes" in all ? all.sizes : [];
  expect(sizes).toHaveLength(kit.coreset.lists.length);
  const neighbours = await answer(rival("nearest neighbour"), one());
  expect(neighbours.sizes).toEqual(sizes.toReversed().slice(0, K));
  const predicted = await answer(rival("value prediction"), one());
  expect(predicted.sizes).toEqual([sizes[4], sizes[2]]);
  const chosen = await tuneSuite({ compilations: 99 }).answer(rival("perceptron"), one(), kit);
  expect("sizes" in chosen ? chosen.sizes.toSorted() : []).toEqual(sizes.toSorted());
});

test("tuneSuite takes every model, and no rival that needs a ranking it was not given", () => {
  const bare = tuneSuite();
  const taken = RIVALS.filter((name) => bare.takes(rival(name)));
  expect(taken).toEqual(
    RIVALS.filter((name) => name !== "nearest neighbour" && name !== "value prediction"),
  );
  expect(bare.takes(asContender(sayingModel(() => says())))).toBe(true);
  expect(RIVALS.filter((name) => suite.takes(rival(name)))).toEqual([...RIVALS]);
});

test("tuneSuite asks a model for as many lists as others try, one by one, and measures each once", async () => {
  const requests: ModelRequest[] = [];
  const model = sayingModel((request) => says(coresetName(requests.push(request) - 1), "#dv"));
  const row = await answer(asContender(model), one());
  expect(requests.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  expect(row).toMatchObject({ status: "ok", problem: "", unreadable: 0 });
  expect(row.sizes).toEqual((await answer(rival("coreset"), one())).sizes);
  const tokens = requests.map(({ prompt }) => model.countTokens(prompt));
  expect(row.promptTokens).toBe(tokens.reduce((sum, count) => sum + count, 0));
});

test("tuneSuite gives a model's lists in the order in which they were tried, also where it repeats itself", async () => {
  const model = sayingModel(({ prompt, count }) => {
    const tried = prompt.split("<|sizes|>").length - 1;
    if (tried !== 1) return says(coresetName(tried));
    return says("#aa", ...(count > 1 ? ["#ab"] : []));
  });
  const row = await answer(asContender(model), one());
  expect(row.sizes).toEqual((await answer(rival("coreset"), one())).sizes);
});

test("tuneSuite tells a model what its lists have saved", async () => {
  const prompts: string[] = [];
  const model = sayingModel(({ prompt }) => says(coresetName(prompts.push(prompt) - 1)));
  const { sizes, ozSize } = await answer(asContender(model), one());
  const told = sizes.slice(0, 2).map((size, number) => {
    const saved = 1 - (size ?? 0) / ozSize;
    return `${coresetName(number)}<|sizes|>${printSaved(saved)}<|passes|>`;
  });
  expect(prompts[2]).toBe(`${prompts[0]}${told.join("")}`);
});

test("tuneSuite tries a model's first lists and then searches, as llmc optimize does", async () => {
  const model = sayingModel(() => says("#ag"));
  const row = await answer({ kind: "optimize", name: "model + search", model }, one());
  const alone = await answer(rival("search"), one());
  const coresetRow = await tuneSuite({ compilations: 99 }).answer(rival("coreset"), one(), kit);
  expect(row).toMatchObject({ status: "ok", problem: "", unreadable: 0 });
  expect(row.sizes).toHaveLength(2 * K);
  expect(row.sizes[0]).toBe("sizes" in coresetRow ? coresetRow.sizes[6] : undefined);
  expect(row.sizes.slice(1, 7)).toEqual(alone.sizes.slice(0, 6));
});

test("tuneSuite searches alone where a model that is to go first fails, and says why", async () => {
  const model = sayingModel(() => ({ status: "unreachable", message: "it is down" }));
  const row = await answer({ kind: "optimize", name: "model + search", model }, one());
  const alone = await answer(rival("search"), one());
  expect(row).toMatchObject({ status: "ok", problem: "saying: it is down", sizes: alone.sizes });
});

test("tuneSuite keeps the place of an answer that holds no list", async () => {
  const texts = ["#aa", "frobnicate", "#ab"];
  const asked: string[] = [];
  const model = sayingModel(({ prompt }) => says(texts[asked.push(prompt) - 1] ?? ""));
  const row = await answer(asContender(model), one());
  const { sizes } = await answer(rival("coreset"), one());
  expect(row.sizes).toEqual([sizes[0], null]);
  expect(row).toMatchObject({ status: "ok", unreadable: 1 });
  expect(row.problem).toContain("1 of 1 answers hold no pass list");
});

test("tuneSuite inlines what must be inlined, whoever names the list", async () => {
  const source = `__attribute__((always_inline)) inline static int g(int x) { return x * 7; }
    int f(int x) { return g(x) + g(x + 1); }`;
  const program = { ...one(), bitcode: bitcodeOfC(source), id: "inline" };
  const withInliner = await answer(
    asContender(sayingModel(() => says("always-inline,globaldce<|sizes|>9 8"))),
    program,
  );
  const without = await answer(
    asContender(sayingModel(() => says("globaldce<|sizes|>9 8"))),
    program,
  );
  expect(without.sizes).toEqual(withInliner.sizes);
  expect(without.sizes).toHaveLength(1);
});

test("tuneSuite calls a program that LLVM does not take invalid", async () => {
  const row = await answer(rival("coreset"), { ...one(), bitcode: Buffer.from("no bitcode") });
  expect(row).toMatchObject({ status: "invalid", sizes: [], ozSize: 0 });
  expect(row.problem).not.toBe("");
});

test("tuneSuite says where a list is known to the checker and LLVM fails on it", async () => {
  const failing: Pool = {
    ...pool,
    measure: async (module, steps, how) =>
      steps[0] === "default<Oz>"
        ? pool.measure(module, steps, how)
        : { status: "crashed", message: "signal SIGSEGV" },
  };
  const row = await answer(rival("coreset"), one(), evalKit(failing));
  expect(row).toMatchObject({ status: "crashed", sizes: [] });
  expect(row.problem).toBe(`${K} of ${K} lists failed, the first: crashed: signal SIGSEGV`);
  const lists = [printPassList(kit.coreset.lists[0] ?? []), "default<Oz>"];
  const left = [...lists];
  const mixed = asContender(sayingModel(() => says(left.shift() ?? "")));
  const some = await answer(mixed, one(), evalKit(failing));
  expect(some).toMatchObject({ status: "ok", sizes: [null, some.ozSize, null] });
});
