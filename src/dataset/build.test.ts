import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  brokenModule,
  moduleOfC,
  sampleModules,
  testTokenizer,
  writeCorpus,
} from "../../test/support/dataset.ts";
import { load, testPool, tool, value } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { WithBitcode } from "../corpus/corpus-module.ts";
import { openDatabase } from "../corpus/duckdb.ts";
import { type Corpus, openCorpus } from "../corpus/store.ts";
import type { Labels } from "../label/labels.ts";
import { measureElf } from "../llvm/elf.ts";
import { parsePassList } from "../passes/parse.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { disassemble } from "../tasks/disassemble.ts";
import { bareWithTriple } from "../tasks/bare-ir.ts";
import { emulate } from "../tasks/emulate.ts";
import { MARKS } from "../tasks/marks.ts";
import { tune } from "../tasks/tune.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { type BuildResult, buildDataset } from "./build.ts";
import type { Dataset } from "./dataset-file.ts";
import { type StoredRow, readRows } from "./row-files.ts";
import { type Stage, STAGES } from "./stages.ts";

const CONTEXT = 2048;
const pool = testPool(2);
const registry = registryFor(pool.toolchain.major);
const coreset = loadCoreset(registry).lists;
const out = tempFolder();

const SHARED =
  "int shared(int a, int b) { while (b) { int t = a % b; a = b; b = t; } return a; }\n";
const TWIN = "unsigned twin(unsigned x) { unsigned n = 0; for (; x; x &= x - 1) n++; return n; }\n";
const ONLY_TRAIN = "int train_only(int x) { return x > 3 ? x * 5 : shared(x, 12); }\n";
const ONLY_TEST =
  "int test_only(const int *p, int n) { int s = shared(n, 4); while (n--) s += p[n]; return s; }\n";

let modules: WithBitcode[];
let corpus: Corpus;
let dataset: Dataset;
const rows: Record<Stage, StoredRow[]> = { pretrain: [], emulate: [], tune: [], disassemble: [] };
const all = (): StoredRow[] => STAGES.flatMap((stage) => rows[stage]);

/** What a tuner might say: lists 0 and 1 of the coreset save on even modules, none on odd ones, which have a list of their own. */
function madeUpLabels(labelled: readonly WithBitcode[]): Labels {
  const [first = [], second = []] = coreset;
  const own = "function(sroa,instcombine<no-verify-fixpoint>,simplifycfg)";
  return {
    llvm: "22",
    lists: [
      { passes: printPassList(first), isBroadcast: true, verdict: "correct" },
      { passes: printPassList(second), isBroadcast: true, verdict: "correct" },
      { passes: own, isBroadcast: false, verdict: "correct" },
    ],
    rows: labelled.map((module, index) => ({
      module: module.hash,
      package: module.package,
      split: module.split,
      bitcodeBytes: module.bitcodeBytes,
      oz: [1000, 900],
      sizes: index % 2 === 0 ? [[900, 800], [950, 700]] : [[1100, 1000], null], // prettier-ignore
      own: index % 2 === 0 ? { list: 0, size: [900, 800] } : { list: 2, size: [890, 700] },
      compilations: 1,
      milliseconds: 1,
    })),
  };
}

beforeAll(async () => {
  const made = [
    { name: "alpha", split: "train", text: SHARED + TWIN + ONLY_TRAIN },
    { name: "beta", split: "test", text: SHARED + ONLY_TEST },
    { name: "gamma", split: "test", text: TWIN },
    { name: "delta", split: "valid", text: "int delta(int x) { return x << 3 | 1; }\n" },
    { name: "inline", split: "train", text: 'void pause(void) { __asm__ volatile("pause"); }\n' },
  ] as const;
  modules = [...(await sampleModules(6)), brokenModule("broken", "train")];
  for (const module of made) modules.push(await moduleOfC(pool, module));
  const path = join(tempFolder(), "corpus.parquet");
  await writeCorpus(path, modules);
  corpus = await openCorpus(path);
  const result: BuildResult = await buildDataset({
    corpus,
    labels: madeUpLabels(modules.slice(0, 6)),
    tokenizer: testTokenizer,
    pool,
    registry,
    coreset,
    out,
    stages: STAGES,
    maxBytes: 100_000,
    context: CONTEXT,
    seed: 1,
    llvm: await pool.llvmVersion(),
    madeBy: "test",
  });
  if (result.status !== "built") throw new Error(result.status);
  dataset = result.dataset;
  const database = await openDatabase(join(out, "spill"));
  for (const stage of STAGES)
    for (const split of ["train", "valid", "test"] as const)
      for await (const row of readRows(database, out, { stage, split })) rows[stage].push(row);
  database.close();
}, 60_000);
afterAll(() => corpus.close());

const normal = async (text: string): Promise<string> => {
  const module = await load(pool, text);
  const { text: form } = value(await pool.normalize(module));
  pool.unload(module);
  return form;
};

const TRIPLES = { x86_64: "x86_64-pc-linux-gnu", aarch64: "aarch64-unknown-linux-gnu" } as const;

/** What code generation makes of an answer of disassembly, which names no target. */
async function listingOf(answer: string, architecture: Architecture): Promise<string> {
  const target = `target triple = "${TRIPLES[architecture]}"\n`;
  const module = await load(pool, target + answer.replace(MARKS.end, ""));
  const assembly = value(await pool.emit(module, "", "assembly"));
  pool.unload(module);
  return Buffer.from(assembly).toString();
}

const askedIn = (prompt: string): string =>
  prompt.slice(prompt.indexOf(MARKS.assembly) + MARKS.assembly.length).replace(MARKS.ir, "");

describe("buildDataset", () => {
  test("gives rows of every stage, none over the context, as many as dataset.json says", () => {
    for (const stage of STAGES) {
      const totals = Object.values(dataset.stages[stage] ?? {});
      expect(rows[stage].length, stage).toBeGreaterThan(5);
      expect(rows[stage]).toHaveLength(totals.reduce((sum, part) => sum + part.rows, 0));
      const tokens = rows[stage].map((row) => row.promptTokens + row.answerTokens);
      expect(Math.max(...tokens)).toBeLessThanOrEqual(CONTEXT);
      expect(tokens.reduce((a, b) => a + b)).toBe(
        totals.reduce((sum, part) => sum + part.tokens, 0),
      );
    }
  });

  test("numbers rows through, and every row's tokens are its text's", () => {
    for (const row of all()) {
      const ids = testTokenizer.encode(row.prompt + row.answer, { specials: "tokens" });
      expect(ids).toHaveLength(row.promptTokens + row.answerTokens);
      expect([row.prompt.startsWith(MARKS.begin), row.answer.endsWith(MARKS.end)]).toEqual([
        true,
        true,
      ]);
    }
    const numbers = rows.emulate.filter(({ split }) => split === "train").map(({ row }) => row);
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  test("leaves no function in two splits, though packages share some", async () => {
    const train = new Set(
      modules
        .filter(({ split }) => split === "train")
        .flatMap((m) => m.functions.map((f) => f.hash)),
    );
    const others = modules.filter(({ split }) => split !== "train");
    const leaks = others.flatMap((m) => m.functions).filter((fn) => train.has(fn.hash));
    expect(leaks.map(({ name }) => name).toSorted()).toEqual(["shared", "twin"]);
    const bySplit = (isTrain: boolean): Set<string> =>
      new Set(
        all()
          .filter((row) => (row.split === "train") === isTrain)
          .flatMap((row) => row.functions),
      );
    const [inTrain, elsewhere] = [bySplit(true), bySplit(false)];
    expect(inTrain.size).toBeGreaterThan(10);
    expect([...elsewhere].filter((hash) => inTrain.has(hash) || train.has(hash))).toEqual([]);
    expect(elsewhere.size).toBe(2); // test_only, delta
    // By what the rows say, whatever they claim to hold.
    const foreign = all().filter(({ split }) => split !== "train");
    expect(
      foreign.filter((row) =>
        /define [^\n]*@(?:shared|twin)\(|^(?:shared|twin):/m.test(row.prompt + row.answer),
      ),
    ).toEqual([]);
    const plain = foreign.filter(
      ({ stage, passes, teaches }) => stage === "pretrain" && passes === "" && teaches === "ir",
    );
    expect(plain).toHaveLength(2);
    for (const { answer } of plain) {
      const module = await load(pool, answer.replace(MARKS.end, ""));
      const { functions } = value(await pool.normalize(module));
      pool.unload(module);
      expect(functions.filter(({ hash }) => train.has(hash))).toEqual([]);
    }
    const [{ left } = { left: {} }] = [{ left: dataset.stages.pretrain?.test.leftOut ?? {} }];
    expect(left).toMatchObject({ "every function is in another split": 1 }); // gamma
  });

  test("counts what LLVM cannot read, and inline assembly that has one architecture", () => {
    expect(dataset.stages.pretrain?.train.leftOut).toMatchObject({
      "LLVM invalid": 1,
      "no aarch64: inline assembly": 2,
    });
    expect(dataset.stages.tune?.train.leftOut["LLVM invalid"]).toBeUndefined(); // it has no labels
  });

  test("has assembly of both architectures that assembles", () => {
    for (const architecture of ["x86_64", "aarch64"] as const) {
      const own = rows.pretrain.filter(
        (row) => row.teaches === "assembly" && row.architecture === architecture,
      );
      expect(own.length).toBeGreaterThan(5);
      for (const { prompt, answer } of own.slice(0, 4)) {
        expect(prompt).toBe(MARKS.begin + MARKS[architecture] + MARKS.assembly);
        const text = answer.replace(MARKS.end, "");
        const options = ["-filetype=obj", `-triple=${architecture}-linux-gnu`, "-o", "-", "-"];
        expect(measureElf(tool("llvm-mc", options, text)).size).toBeGreaterThan(0);
      }
      expect(rows.disassemble.some((row) => row.architecture === architecture)).toBe(true);
    }
  });

  test("emulate: answers parse back to what opt itself gives, bare, with the object's size", async () => {
    const wanted = rows.emulate.filter(({ architecture }) => architecture === "x86_64");
    for (const { prompt, answer, teaches } of wanted) {
      const want = teaches === "assembly" ? "assembly" : "ir";
      const parsed = emulate.compact.parse({ text: answer, ended: true }, { want });
      if (!parsed.ok) throw new Error(parsed.faults[0].message);
      expect(emulate.compact.target(parsed.answer)).toBe(answer);
      expect(prompt.endsWith(MARKS[want] + MARKS.sizes)).toBe(true);
    }
    for (const { prompt, answer, passes } of wanted
      .filter(({ teaches }) => teaches === "ir")
      .slice(0, 3)) {
      const ir =
        prompt.slice(prompt.indexOf(MARKS.ir) + MARKS.ir.length).split(MARKS.sizes)[0] ?? "";
      const parsed = emulate.compact.parse({ text: answer, ended: true }, { want: "ir" });
      if (!parsed.ok) throw new Error(parsed.faults[0].message);
      const optimised = tool("opt", ["-S", `-passes=${passes}`, "-o", "-", "-"], ir).toString();
      const bare = bareWithTriple(await normal(optimised));
      expect(await normal(parsed.answer.code)).toBe(await normal(bare));
      const module = await load(pool, bare);
      const { sections } = value(await pool.measure(module, [""], { fresh: true }));
      expect(parsed.answer.sizes?.bytes).toBe(sections.size);
      pool.unload(module);
    }
  });

  test("tune: rows tell what lists saved, and end with one that saves more, with the labels' size", () => {
    expect(rows.tune.length).toBeGreaterThan(0);
    const SAVED: Readonly<Record<string, string>> = { "#aa": "+H", "#ab": "+G" };
    for (const row of rows.tune) {
      expect(row.prompt).toMatch(/^<\|begin\|><\|tune\|><\|ir\|>; module \d+ [^]*<\|passes\|>$/);
      const turns = row.answer.split(MARKS.passes);
      for (const turn of turns.slice(0, -1)) {
        const [, name = "", saved] = /^(#[a-z]{2})<\|sizes\|>([+-][A-I])$/.exec(turn) ?? [];
        expect(saved).toBe(SAVED[name] ?? "-I");
        expect(turns.at(-1)).not.toMatch(RegExp(`^${name}<`));
      }
      const last = { text: turns.at(-1) ?? "", ended: true };
      const parsed = tune.compact.parse(last, { registry, coreset });
      if (!parsed.ok) throw new Error(parsed.faults[0].message);
      const { proposal, sizes } = parsed.answer;
      const number = proposal.kind === "coreset" && proposal.number === 0 ? 0 : 1;
      expect(proposal).toEqual({ kind: "coreset", number });
      expect(row.passes).toBe(printPassList(coreset[number] ?? []));
      expect(sizes?.after).toBe([900, 950][number]);
      if (row.row > 2) continue;
      const { bitcode = new Uint8Array() } = modules.find(({ hash }) => hash === row.module) ?? {};
      const llc = ["-relocation-model=pic", "-filetype=obj", "-o", "-", "-"];
      expect(sizes?.before).toBe(measureElf(tool("llc", llc, bitcode)).size);
    }
    expect(dataset.stages.tune?.train.leftOut["no list of the coreset saves"]).toBeGreaterThan(0);
  });

  test("tune: what lists have saved is told and not learned", () => {
    const told = rows.tune.flatMap(({ answer, told: edges }) =>
      edges.flatMap((from, at) => (at % 2 === 0 ? answer.slice(from, edges[at + 1]) : [])),
    );
    expect(told.some((text) => /[+-][A-I]?<\|passes\|>$/.test(text))).toBe(true);
    for (const text of told)
      expect(text).toMatch(
        /^(?:[+-][A-I]?<\|passes\|>)?(?:#[a-z]{2}<\|sizes\|>[+-][A-I]?<\|passes\|>)*(?:\d+ \d+<\|end\|>)?$/,
      );
    for (const { answer, told: edges } of rows.tune) {
      expect(edges.length % 2).toBe(0);
      expect(edges.every((edge, at) => edge > (edges[at - 1] ?? -1))).toBe(true);
      expect(edges.at(-1) ?? 0).toBeLessThanOrEqual(answer.length);
    }
  });

  test("disassemble: the answer's IR compiles to the assembly that was asked about", async () => {
    for (const { answer } of rows.disassemble) {
      const parsed = disassemble.compact.parse({ text: answer, ended: true }, {});
      if (!parsed.ok) throw new Error(parsed.faults[0].message);
      expect(disassemble.compact.target(parsed.answer)).toBe(answer);
      expect(answer).not.toMatch(/!tbaa/);
    }
    const whole = rows.disassemble.filter(({ part }) => part === "module");
    expect(new Set(whole.map(({ architecture }) => architecture)).size).toBe(2);
    for (const { prompt, answer, architecture } of whole)
      expect(cleanAssembly(await listingOf(answer, architecture), architecture)).toBe(
        askedIn(prompt),
      );
    const functions = rows.disassemble.filter(({ part }) => part === "function");
    expect(functions.length).toBeGreaterThan(5);
    for (const { prompt, answer, architecture, ...row } of functions) {
      expect(row.functions.length, answer).toBeLessThanOrEqual(1);
      const { names, cut } = assemblyFunctions(await listingOf(answer, architecture), architecture);
      expect(names).toHaveLength(1);
      expect(cut(names[0] ?? "")).toBe(askedIn(prompt));
    }
  });

  test("mixes earlier stages into each later one, to 15 % of what it learns", () => {
    for (const stage of STAGES) {
      const mix = dataset.mixes[stage] ?? [];
      const [own, ...earlier] = mix;
      expect(own?.folder).toBe(`shards/${stage}-train`);
      expect(earlier.map(({ folder }) => folder)).toEqual(
        STAGES.slice(0, STAGES.indexOf(stage)).map((name) => `shards/${name}-train`),
      );
      const learned = mix.map(({ folder, weight }) => {
        const name = STAGES.find((each) => folder === `shards/${each}-train`) ?? stage;
        const { learned: tokens = 0, tokens: read = 1 } = dataset.stages[name]?.train ?? {};
        return (weight * tokens) / read;
      });
      const total = learned.reduce((sum, each) => sum + each, 0);
      expect(1 - (learned[0] ?? 0) / total).toBeCloseTo(stage === "pretrain" ? 0 : 0.15, 4);
      expect(mix.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  test("pass lists of rows are pass lists", () => {
    const lists = new Set(
      all()
        .map(({ passes }) => passes)
        .filter((passes) => passes !== ""),
    );
    expect(lists.size).toBeGreaterThan(10);
    for (const passes of lists) expect(parsePassList(passes).ok, passes).toBe(true);
  });
});
