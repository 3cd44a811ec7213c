/**
 * Bytes saved over -Oz on packages kept apart: every strategy at 1, 5, 10 and 50 compilations, beside what needs no
 * search; the default strategy at 500 too, on fewer modules. Each winner is measured again, fresh; where nothing is
 * smaller, -Oz counts (saved 0). One process, same modules for all. Options: --modules N, --long-modules N.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inLanes } from "../src/base/lanes.ts";
import { contentHash } from "../src/base/hash.ts";
import { mean, savedPercent, sum } from "../src/base/stats.ts";
import { measureElf } from "../src/llvm/elf.ts";
import type { LoadedModule } from "../src/llvm/pool.ts";
import { printPassList } from "../src/passes/print.ts";
import { presets } from "../src/passes/presets.ts";
import { registryFor } from "../src/passes/registry.ts";
import type { PassList } from "../src/passes/tree.ts";
import { confirmBest } from "../src/tuner/confirm.ts";
import { loadCoreset } from "../src/tuner/coreset.ts";
import { type Journal, memoryJournal } from "../src/tuner/journal.ts";
import { type Objective, score } from "../src/tuner/objective.ts";
import { search } from "../src/tuner/search.ts";
import { STRATEGIES, type StrategyName } from "../src/tuner/strategies/index.ts";
import { type BenchModule, benchPool, testModules } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const { values } = parseArgs({
  options: {
    "modules": { type: "string", default: "60" },
    "long-modules": { type: "string", default: "24" },
  },
});
const BUDGETS = [1, 5, 10, 50];
/** Takes ten times as long as all the others together, so it runs on the first modules only. */
const LONG_BUDGET = 500;
const LONG_STRATEGY: StrategyName = "guided";
/** Those that can be compared at every budget; what they measured is shared, so equal lists are compiled once. */
const COMPARED: readonly StrategyName[] = ["guided", "coreset", "genetic", "climb", "random"];
const MEASURES: readonly Objective[] = ["size", "published"];
/** Larger ones take minutes each at 500 compilations. */
const MAX_BYTES = 40_000;

/** `values[measure][method]`: value after the method, never above -Oz's. */
interface Row {
  readonly package: string;
  readonly oz: Record<string, number>;
  readonly after: Record<string, Record<string, number>>;
}

const registry = registryFor(22);
const coreset = loadCoreset(registry);
using pool = benchPool(2);
const modules = testModules({ count: Number(values.modules), maxBytes: MAX_BYTES });
const rows: Row[] = [];
const benchModule = async (module: BenchModule): Promise<void> => {
  const loaded = await pool.load(module.bitcode(), module.id);
  if (loaded.status !== "ok") return say(`${module.id}: ${loaded.message}`);
  const isLong = modules.indexOf(module) < Number(values["long-modules"]);
  const row = await measureModule(loaded.value, module.package, isLong);
  pool.unload(loaded.value);
  if (row === undefined) return;
  rows.push(row);
  say(
    `${rows.length}/${modules.length} ${module.package}: -Oz ${row.oz["size"]}, ${row.after["size"]?.[methodName(LONG_STRATEGY, 50)]} at 50`,
  );
};
await inLanes(modules, benchModule, { lanes: pool.workers });
report();

async function measureModule(
  module: LoadedModule,
  packageName: string,
  isLong: boolean,
): Promise<Row | undefined> {
  const baseline = await pool.measure(module, [printPassList(presets.Oz)], {
    fresh: true,
    timeoutMs: 60_000,
  });
  if (baseline.status !== "ok") return void say(`${packageName}: ${baseline.message}`);
  const journal = memoryJournal();
  const row: Row = { package: packageName, oz: {}, after: {} };
  for (const objective of MEASURES) {
    const oz = score(baseline.value, objective);
    row.oz[objective] = oz;
    row.after[objective] = await withoutSearch(module, objective, oz);
    for (const name of COMPARED) {
      for (const budget of BUDGETS) {
        row.after[objective][methodName(name, budget)] = await searched(module, {
          name,
          budget,
          objective,
          oz,
          journal,
        });
      }
    }
    if (!isLong) continue;
    row.after[objective][methodName(LONG_STRATEGY, LONG_BUDGET)] = await searched(module, {
      name: LONG_STRATEGY,
      budget: LONG_BUDGET,
      objective,
      oz,
      journal,
    });
  }
  return row;
}

function methodName(strategy: StrategyName, budget: number): string {
  return `${strategy} at ${budget}`;
}

async function searched(
  module: LoadedModule,
  how: { name: StrategyName; budget: number; objective: Objective; oz: number; journal: Journal },
): Promise<number> {
  const { name, budget, objective, oz: baseline, journal } = how;
  const found = await search(pool, module, {
    strategy: STRATEGIES[name].run,
    objective,
    compilations: budget,
    seed: 1,
    coreset,
    registry,
    journal,
    baseline,
    timeoutMs: 10_000,
  });
  const lists = found.winners.map(({ list }) => list);
  const best = await confirmBest(pool, module, lists, { objective, baseline, timeoutMs: 10_000 });
  return best?.value ?? baseline;
}

/** What anyone gets without a search: one pass more, the machine outliner, the coreset's first list. */
async function withoutSearch(
  module: LoadedModule,
  objective: Objective,
  oz: number,
): Promise<Record<string, number>> {
  const fixed: Record<string, PassList> = {
    "default<Oz>,iroutliner": [...presets.Oz, { name: "iroutliner" }],
    "default<Oz>,mergefunc": [...presets.Oz, { name: "mergefunc" }],
    "best single list": coreset.lists[0] ?? presets.Oz,
  };
  const after: Record<string, number> = { "machine outliner": machineOutliner(module, objective) };
  for (const [name, list] of Object.entries(fixed)) {
    const outcome = await pool.measure(module, [printPassList(list)], { fresh: true });
    // No search means no fall-back either: what got larger is counted as larger.
    after[name] = outcome.status === "ok" ? score(outcome.value, objective) : oz;
  }
  return after;
}

function machineOutliner(module: LoadedModule, objective: Objective): number {
  const { bin } = pool.toolchain;
  const folder = mkdtempSync(join(tmpdir(), "llmc-bench-"));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("in.bc"), module.info.bitcode);
  execFileSync(join(bin, "opt"), [
    "-relocation-model=pic",
    "-passes=default<Oz>",
    at("in.bc"),
    "-o",
    at("oz.bc"),
  ]);
  execFileSync(join(bin, "llc"), [
    "-relocation-model=pic",
    "-filetype=obj",
    "-enable-machine-outliner",
    at("oz.bc"),
    "-o",
    at("out.o"),
  ]);
  const sections = measureElf(readFileSync(at("out.o")));
  rmSync(folder, { recursive: true });
  return score({ sections, instructions: 0 }, objective);
}

type Cell = { total: number; mean: number };

function cell(own: readonly Row[], objective: Objective, method: string): Cell {
  const pairs = own.map(
    (row) => [row.oz[objective] ?? 0, row.after[objective]?.[method] ?? 0] as const,
  );
  return {
    total: savedPercent(sum(pairs.map(([oz]) => oz)), sum(pairs.map(([, after]) => after))),
    mean: mean(pairs.map(([oz, after]) => savedPercent(oz, after))),
  };
}

function tableOf(own: readonly Row[], methods: readonly string[]) {
  return Object.fromEntries(
    methods.map((method) => [
      method,
      { size: cell(own, "size", method), published: cell(own, "published", method) },
    ]),
  );
}

function asMarkdown(table: ReturnType<typeof tableOf>): string {
  const shown = ({ total, mean: average }: Cell): string =>
    `${total.toFixed(2)} / ${average.toFixed(2)}`;
  return markdownTable(
    ["percent saved over -Oz, total / mean", "size", ".text + .data (published size)"],
    Object.entries(table).map(([method, { size, published }]) => [
      method,
      shown(size),
      shown(published),
    ]),
  );
}

function report(): void {
  const longName = methodName(LONG_STRATEGY, LONG_BUDGET);
  const long = rows.filter(({ after }) => after["size"]?.[longName] !== undefined);
  const methods = Object.keys(rows[0]?.after["size"] ?? {}).filter((method) => method !== longName);
  const table = tableOf(rows, methods);
  const longTable = tableOf(
    long,
    [...BUDGETS, LONG_BUDGET].map((budget) => methodName(LONG_STRATEGY, budget)),
  );
  const packages = [...new Set(rows.map((row) => row.package))].toSorted();
  const id = contentHash(modules.map((module) => module.id).join()).slice(0, 8);
  const about =
    `${rows.length} modules of at most ${MAX_BYTES / 1000} KB (set ${id}) of ${packages.length} packages kept apart: ${packages.join(", ")}.\n` +
    "Each measure searched for on its own. Searches fall back on -Oz; the rows without search do not. " +
    "Winners measured again, fresh.\n\n";
  const longAbout = `\nThe default strategy with more compilations, on ${long.length} of the modules:\n\n`;
  const data = { provenance: provenance("22.1.8"), packages, table, longTable, rows };
  writeResults("savings", data, about + asMarkdown(table) + longAbout + asMarkdown(longTable));
}
