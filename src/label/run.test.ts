import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { load, programBitcode, testPool, toolchain, value } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { splitOf } from "../corpus/split.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { LABEL_VERSION, labelAppender, readLabelLines } from "./journal.ts";
import { labelsOf } from "./labels.ts";
import type { LabelModule } from "./modules.ts";
import { type LabelRun, PHASES, runLabels } from "./run.ts";
import { addLines, makeTable } from "./table.ts";
import type { Judge } from "./verify.ts";

const pool = testPool(2);
const llvm = await pool.llvmVersion();
const registry = registryFor(toolchain.major);
const SEED = loadCoreset(registry).lists.slice(0, 6).map(printPassList);
const PACKAGE = "giflib"; // of the training split

const programs = {
  table: programBitcode("table.c"),
  tokens: programBitcode("tokens.c"),
  shapes: programBitcode("shapes.cpp"),
};
const modules = Object.entries(programs).map(([name, bitcode]): LabelModule => ({
  hash: name,
  package: PACKAGE,
  split: splitOf(PACKAGE),
  bytes: bitcode.byteLength,
  bitcode: () => bitcode,
}));

/** Calls everything right but what `isWrong`; remembers what it was asked. */
function judge(asked: string[], isWrong: (passes: string) => boolean = () => false): Judge {
  return async (lists, { onVerdict }) => {
    asked.push(...lists);
    for (const [index, passes] of lists.entries())
      onVerdict(
        { passes, status: isWrong(passes) ? "wrong" : "correct", programs: 1, why: "" },
        index + 1,
      );
  };
}

let path: string;
beforeEach(() => {
  path = join(tempFolder(), "labels.jsonl");
});

/** A run over the journal at `path`, as a new process would begin it. */
function start(more: Partial<LabelRun> = {}): LabelRun {
  const table = makeTable();
  expect(addLines(table, readLabelLines(path))).toEqual([]);
  return {
    pool,
    registry,
    llvm,
    modules,
    table,
    phases: PHASES,
    seedLists: SEED,
    budget: 3,
    deepModules: 1,
    deepBudget: 5,
    seed: 0,
    top: 2,
    judge: judge([]),
    append: labelAppender(path),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...more,
  };
}

test("runLabels labels three modules with sizes that a fresh measurement confirms", async () => {
  const run = start();
  await runLabels(run);
  const { lists, rows } = labelsOf(run.table);
  expect(rows.map(({ module }) => module)).toEqual(["shapes", "table", "tokens"]);
  expect(lists.slice(0, SEED.length).map(({ passes }) => passes)).toEqual(SEED);
  for (const row of rows) {
    const module = await load(pool, programs[row.module as keyof typeof programs]);
    const measured = async (passes: string): Promise<[number, number]> => {
      const { sections } = value(await pool.measure(module, [passes], { fresh: true }));
      return [sections.size, sections.text + sections.data];
    };
    expect(row.oz).toEqual(await measured("default<Oz>"));
    for (const [id, size] of row.sizes.entries())
      expect(size).toEqual(await measured(lists[id]!.passes));
    if (row.own === null) continue;
    expect(row.own.size).toEqual(await measured(lists[row.own.list]!.passes));
    expect(row.own.size[0]).toBeLessThan(row.oz[0]);
    for (const size of row.sizes) expect(row.own.size[0]).toBeLessThanOrEqual(size![0]);
  }
  expect(rows.some(({ own }) => own !== null)).toBe(true);
});

test("runLabels measures nothing again when the journal has it", async () => {
  await runLabels(start());
  const before = readFileSync(path, "utf8");
  const asked: string[] = [];
  await runLabels(start({ judge: judge(asked) }));
  expect(asked).toEqual([]);
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("runLabels goes on after a kill in the middle of a line and ends where an undisturbed run ends", async () => {
  const phases = ["seed", "search"] as const;
  const whole = start({ phases });
  await runLabels(whole);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  for (const kept of [0, 1, 2, 4]) {
    writeFileSync(path, lines.slice(0, kept).map((line) => `${line}\n`).join("")); // prettier-ignore
    appendFileSync(path, lines[kept]!.slice(0, 40));
    const again = start({ phases });
    await runLabels(again);
    const bare = ({ rows }: ReturnType<typeof labelsOf>) =>
      rows.map(({ milliseconds: _, ...row }) => row);
    expect(bare(labelsOf(again.table))).toEqual(bare(labelsOf(whole.table)));
    expect(readLabelLines(path)).toHaveLength(lines.length);
  }
});

test("runLabels stops at once when the signal fires, and what was done is kept", async () => {
  const stop = new AbortController();
  const first = start({
    pool: testPool(1),
    phases: ["seed"],
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await runLabels(first);
  expect(first.table.modules.size).toBe(1);
  const second = start({ phases: ["seed"] });
  expect(second.table.modules.size).toBe(1);
  await runLabels(second);
  expect(second.table.modules.size).toBe(3);
});

/** As if a search on the program table.c had found each of `lists`. */
async function pretendFound(lists: readonly string[]): Promise<void> {
  const module = await load(pool, programs.table);
  const size = async (passes: string): Promise<[number, number]> => {
    const { sections } = value(await pool.measure(module, [passes], { fresh: true }));
    return [sections.size, sections.text + sections.data];
  };
  const of = { module: "table", package: PACKAGE, bytes: 1, seconds: 0 };
  const head = { v: LABEL_VERSION, kind: "own", llvm, ...of } as const;
  const baseline = await size("default<Oz>");
  for (const passes of lists) {
    const own = { passes, size: await size(passes) };
    expect(own.size[0]).toBeLessThan(baseline[0]);
    labelAppender(path)({ ...head, baseline, own, budget: 9, compilations: 1 });
  }
}

const GOOD = "function(instcombine<no-verify-fixpoint>,simplifycfg,sroa,early-cse,jump-threading)";

test("runLabels tries a winner of one module on all of them", async () => {
  await pretendFound([GOOD]);
  const run = start({ seedLists: ["default<Os>"] });
  await runLabels(run);
  const sets = [...run.table.sets.values()];
  expect(sets.map(({ role, lists }) => [role, lists])).toContainEqual(["broadcast", [GOOD]]);
  for (const { sizes } of run.table.modules.values())
    expect([...sizes.keys()]).toEqual(["default<Os>", GOOD]);
});

test("runLabels broadcasts no list that was judged wrong, and makes none a label", async () => {
  await pretendFound([GOOD]);
  const run = start({
    seedLists: ["default<Os>", "function(sroa)"],
    judge: judge([], (passes) => passes === GOOD || passes === "function(sroa)"),
  });
  await runLabels(run);
  const { lists, rows } = labelsOf(run.table);
  expect(lists.map(({ passes }) => passes)).not.toContain(GOOD);
  expect(lists.filter(({ isBroadcast }) => isBroadcast)).toHaveLength(1);
  expect(rows).toHaveLength(3);
  for (const { sizes } of rows) expect(sizes).toHaveLength(1);
  expect([...run.table.sets.values()].map(({ role }) => role)).toEqual(["seed"]);
});

test("runLabels sets aside what is no module or has no function, and labels the others", async () => {
  const broken = (hash: string, text: string): LabelModule => ({
    ...modules[0]!,
    hash,
    bitcode: () => Buffer.from(text),
  });
  const run = start({
    phases: ["seed"],
    modules: [
      broken("text", "no bitcode"),
      broken("empty", 'target triple = "x86_64-pc-linux-gnu"\n@x = global i32 1'),
      modules[0]!,
    ],
  });
  await runLabels(run);
  expect([...run.table.unusable.keys()].toSorted()).toEqual(["empty", "text"]);
  expect(run.table.unusable.get("empty")).toBe("rejected: it has no function");
  expect([...run.table.modules.keys()]).toEqual(["table"]);
});

test("runLabels tries a module again whose worker died, in the next run", async () => {
  const dying = testPool(1);
  dying.close();
  const first = start({ pool: dying, phases: ["seed"] });
  await runLabels(first);
  expect([first.table.modules.size, first.table.unusable.size]).toEqual([0, 0]);
  const second = start({ phases: ["seed"] });
  await runLabels(second);
  expect(second.table.modules.size).toBe(3);
});

test("runLabels gives LLVM no list of an old journal whose passes are unsafe by now", async () => {
  const unsafe = "function(structurizecfg)";
  const lists = ["function(sroa)", unsafe];
  const set = {
    v: LABEL_VERSION,
    llvm,
    kind: "lists",
    set: "old",
    role: "broadcast",
    lists,
  } as const;
  labelAppender(path)(set);
  const run = start({ seedLists: ["default<Os>"], phases: ["seed", "search", "broadcast"] });
  await runLabels(run);
  expect(run.table.verdicts.get(unsafe)).toMatchObject({ status: "undecided", programs: 0 });
  for (const { sizes } of run.table.modules.values()) {
    expect(sizes.get(unsafe)).toBeNull();
    expect(sizes.get("function(sroa)")).not.toBeNull();
  }
  const { lists: named, rows } = labelsOf(run.table);
  expect(named.map(({ passes }) => passes)).not.toContain(unsafe);
  expect(rows).toHaveLength(3);
});
