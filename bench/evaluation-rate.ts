/**
 * Evaluations a second (a pass list on a module, to the size of its object): the worker pool against spawning `opt`,
 * `llc` and `llvm-size`, on the same lists and modules in the same run; then one worker against two; then the
 * effective rate of a real search, where equal states are not compiled twice.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRng } from "../src/base/rng.ts";
import { median, sum } from "../src/base/stats.ts";
import type { LoadedModule, Pool } from "../src/llvm/pool.ts";
import { printPassList } from "../src/passes/print.ts";
import { registryFor } from "../src/passes/registry.ts";
import type { PassList } from "../src/passes/tree.ts";
import { loadCoreset } from "../src/tuner/coreset.ts";
import { memoryJournal } from "../src/tuner/journal.ts";
import { search } from "../src/tuner/search.ts";
import { STRATEGIES } from "../src/tuner/strategies/index.ts";
import { benchPool, testModules } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const MODULES = 20;
const LISTS = 6;
const REPEATS = 2;
const SEARCH_BUDGET = 40;

interface Row {
  readonly bytes: number;
  readonly spawnMs: number;
  readonly poolMs: number;
  readonly stagedPerSecond: number;
  readonly freshPerSecond: number;
}

const registry = registryFor(22);
const coreset = loadCoreset(registry);
const lists: PassList[] = [
  [{ name: "default", params: "Oz" }],
  ...coreset.lists.slice(0, LISTS - 1),
];

using one = benchPool(1);
using two = benchPool(2);
const modules = spreadBySize(testModules({ count: 1000, maxBytes: 500_000 }));
const rows: Row[] = [];
for (const module of modules) {
  const loaded = await loadOrDie(one, module.bitcode());
  const spawn: number[] = [];
  const pool: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const list of lists) {
      spawn.push(spawnOnce(one, loaded.info.bitcode, printPassList(list)));
      pool.push(await poolOnce(one, loaded, printPassList(list)));
    }
  }
  const { staged, fresh } = await searchRates(one, loaded);
  one.unload(loaded);
  rows.push({
    bytes: module.bytes,
    spawnMs: median(spawn),
    poolMs: median(pool),
    stagedPerSecond: staged,
    freshPerSecond: fresh,
  });
  say(
    `${Math.round(module.bytes / 1000)} KB: spawn ${median(spawn).toFixed(1)} ms, pool ${median(pool).toFixed(1)} ms, ` +
      `search ${fresh.toFixed(1)}/s fresh, ${staged.toFixed(1)}/s staged`,
  );
}
const scaling = await twoAgainstOne();
report();

/** Twenty modules from 5 KB up, evenly over the logarithm of their size. */
function spreadBySize<T extends { bytes: number }>(all: T[]): T[] {
  const sorted = all.filter(({ bytes }) => bytes >= 5000).toSorted((a, b) => a.bytes - b.bytes);
  const low = Math.log(sorted[0]?.bytes ?? 1);
  const high = Math.log(sorted.at(-1)?.bytes ?? 1);
  const wanted = Array.from(
    { length: MODULES },
    (_, i) => low + ((high - low) * i) / (MODULES - 1),
  );
  const chosen = new Set<T>();
  for (const at of wanted) {
    const nearest = sorted
      .filter((item) => !chosen.has(item))
      .toSorted((a, b) => Math.abs(Math.log(a.bytes) - at) - Math.abs(Math.log(b.bytes) - at))[0];
    if (nearest !== undefined) chosen.add(nearest);
  }
  return [...chosen].toSorted((a, b) => a.bytes - b.bytes);
}

async function loadOrDie(pool: Pool, bitcode: Uint8Array): Promise<LoadedModule> {
  const loaded = await pool.load(bitcode, "module");
  if (loaded.status !== "ok") throw new Error(loaded.message);
  return loaded.value;
}

function spawnOnce({ toolchain: { bin } }: Pool, bitcode: Uint8Array, passes: string): number {
  const folder = mkdtempSync(join(tmpdir(), "llmc-bench-"));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("in.bc"), bitcode);
  const start = performance.now();
  execFileSync(join(bin, "opt"), [
    "-relocation-model=pic",
    `-passes=${passes}`,
    at("in.bc"),
    "-o",
    at("opt.bc"),
  ]);
  execFileSync(join(bin, "llc"), [
    "-relocation-model=pic",
    "-filetype=obj",
    at("opt.bc"),
    "-o",
    at("out.o"),
  ]);
  execFileSync(join(bin, "llvm-size"), [at("out.o")]);
  const ms = performance.now() - start;
  rmSync(folder, { recursive: true });
  return ms;
}

async function poolOnce(pool: Pool, module: LoadedModule, passes: string): Promise<number> {
  const start = performance.now();
  const outcome = await pool.measure(module, [passes], { fresh: true, timeoutMs: 120_000 });
  if (outcome.status !== "ok") throw new Error(`${passes}: ${outcome.message}`);
  return performance.now() - start;
}

/** The lists of a genuine search, measured staged as the search does, and each fresh: lists a second. */
async function searchRates(
  pool: Pool,
  module: LoadedModule,
): Promise<{ staged: number; fresh: number }> {
  const oz = await pool.measure(module, ["default<Oz>"], { fresh: true, timeoutMs: 120_000 });
  if (oz.status !== "ok") throw new Error(oz.message);
  const seen: string[] = [];
  const journal = { ...memoryJournal(), add: (passes: string) => void seen.push(passes) };
  const start = performance.now();
  await search(pool, module, {
    strategy: STRATEGIES.guided.run,
    objective: "size",
    compilations: SEARCH_BUDGET,
    seed: 1,
    coreset,
    registry,
    journal,
    baseline: oz.value.sections.size,
    timeoutMs: 60_000,
  });
  const staged = seen.length / ((performance.now() - start) / 1000);
  const sample = makeRng(1).shuffle(seen).slice(0, 10);
  const startFresh = performance.now();
  for (const passes of sample)
    await pool.measure(module, [passes], { fresh: true, timeoutMs: 60_000 });
  return { staged, fresh: sample.length / ((performance.now() - startFresh) / 1000) };
}

/** All modules' lists through one worker, then through two: the ratio of wall-clock times. */
async function twoAgainstOne(): Promise<number> {
  const wallClock = async (pool: Pool): Promise<number> => {
    const loaded = await Promise.all(modules.map((module) => loadOrDie(pool, module.bitcode())));
    const work = loaded.flatMap((module) =>
      lists.map((list) => ({ module, passes: printPassList(list) })),
    );
    const start = performance.now();
    await Promise.all(work.map(({ module, passes }) => poolOnce(pool, module, passes)));
    const ms = performance.now() - start;
    for (const module of loaded) pool.unload(module);
    return ms;
  };
  const ratios: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++)
    ratios.push((await wallClock(one)) / (await wallClock(two)));
  return median(ratios);
}

function report(): void {
  const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;
  const ratio = (own: readonly Row[]): string =>
    own.length === 0
      ? "-"
      : `${median(own.map(({ spawnMs, poolMs }) => spawnMs / poolMs)).toFixed(2)}`;
  const whole = sum(rows.map(({ spawnMs }) => spawnMs)) / sum(rows.map(({ poolMs }) => poolMs));
  const effective =
    sum(rows.map(({ freshPerSecond }) => 1 / freshPerSecond)) /
    sum(rows.map(({ stagedPerSecond }) => 1 / stagedPerSecond));
  const summary = markdownTable(
    ["one worker against opt + llc + llvm-size", "median ratio"],
    [
      ["below 10 KB", ratio(rows.filter(({ bytes }) => bytes < 10_000))],
      ["10 to 60 KB", ratio(rows.filter(({ bytes }) => bytes >= 10_000 && bytes < 60_000))],
      ["60 KB and above", ratio(rows.filter(({ bytes }) => bytes >= 60_000))],
      ["whole set (total time)", whole.toFixed(2)],
      ["two workers against one", scaling.toFixed(2)],
      ["in a search: staged against fresh", effective.toFixed(2)],
      ["in a search: staged against spawning (product)", (effective * whole).toFixed(2)],
    ],
  );
  const detail = markdownTable(
    ["bitcode", "spawn ms", "pool ms", "ratio", "search, fresh /s", "search, staged /s", "ratio"],
    rows.map((r) => [
      kb(r.bytes),
      r.spawnMs.toFixed(1),
      r.poolMs.toFixed(1),
      (r.spawnMs / r.poolMs).toFixed(2),
      r.freshPerSecond.toFixed(1),
      r.stagedPerSecond.toFixed(1),
      (r.stagedPerSecond / r.freshPerSecond).toFixed(2),
    ]),
  );
  const about =
    `${modules.length} modules of packages kept apart; ${lists.length} lists (-Oz and the coreset's first), ` +
    `median of ${REPEATS} runs each. Search: ${SEARCH_BUDGET} lists of the default strategy, ` +
    "fresh rate from 10 of the same lists.\n\n";
  const data = {
    provenance: provenance("22.1.8"),
    scaling,
    wholeRatio: whole,
    effectiveRatio: effective,
    rows,
  };
  writeResults("evaluation-rate", data, `${about}${summary}\n${detail}`);
}
