/**
 * Makes src/tuner/coreset.json from a collected corpus (collect.ts): searches a good pass list for every training
 * module, tries the best of them on all the others, and chooses greedily. Resumable: every result is appended to a
 * file in the work folder. `--help` says how to run it.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readJsonLines, writeFileAtomic } from "../../src/base/files.ts";
import { makePool } from "../../src/llvm/pool.ts";
import { findToolchain } from "../../src/llvm/toolchain.ts";
import { checkPassList } from "../../src/passes/check.ts";
import { presets } from "../../src/passes/presets.ts";
import { printPassList } from "../../src/passes/print.ts";
import { type Registry, registryFor } from "../../src/passes/registry.ts";
import { coresetFileSchema, type CoresetFile } from "../../src/tuner/coreset.ts";
import { knownFounders } from "../../src/tuner/strategies/genetic.ts";
import {
  type SavingsTable,
  broadcast,
  joinTables,
  listsOfWinners,
  withoutLists,
} from "./broadcast.ts";
import { greedyCoreset, savingsOfFirst } from "./greedy.ts";
import { readModules } from "./training-modules.ts";
import { type Start, type Work, parsed, searchWinners, transferringStart } from "./winners.ts";

/** Population of the evolution, so that nothing good is lost at its start. */
const DEEP_FOUNDERS = 24;

const rejectedSchema = z.object({ passes: z.string(), why: z.string() });

const HELP = `Usage: node tools/coreset/make.ts [option...]

  --corpus FOLDER    what collect.ts made (default build/corpus)
  --work FOLDER      results as they come; run again to resume (default .cache/coreset)
  --modules N        training modules at most (default 216)
  --min-bytes N      bitcode size of a training module at least (default 5000: below, there is little to save)
  --max-bytes N      and at most (default 40000)
  --budget N         pass lists searched a module (default 100)
  --candidates N     of their winners tried on every module (default 160)
  --deep-modules N   modules searched again for longer, from what did best on them (default 64)
  --deep-budget N    pass lists searched on each of them (default 500)
  --count N          pass lists chosen (default 100)
  --jobs N           worker processes (default 2)
  --seed N           (default 0)
  --out FILE         (default src/tuner/coreset.json)
`;

const { values } = parseArgs({
  options: {
    "corpus": { type: "string", default: "build/corpus" },
    "work": { type: "string", default: ".cache/coreset" },
    "modules": { type: "string", default: "216" },
    "min-bytes": { type: "string", default: "5000" },
    "max-bytes": { type: "string", default: "40000" },
    "budget": { type: "string", default: "100" },
    "candidates": { type: "string", default: "160" },
    "deep-modules": { type: "string", default: "64" },
    "deep-budget": { type: "string", default: "500" },
    "count": { type: "string", default: "100" },
    "jobs": { type: "string", default: "2" },
    "seed": { type: "string", default: "0" },
    "out": { type: "string", default: join(import.meta.dirname, "../../src/tuner/coreset.json") },
    "help": { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const found = findToolchain("22");
  if (found.status === "missing") throw new Error(found.message);
  using pool = makePool(found.toolchain, Number(values.jobs));
  const registry = registryFor(22);
  const seed = Number(values.seed);
  const modules = readModules(values.corpus, "train", {
    count: Number(values.modules),
    minBytes: Number(values["min-bytes"]),
    maxBytes: Number(values["max-bytes"]),
  });
  say(
    `${modules.length} training modules of ${new Set(modules.map((m) => m.package)).size} packages`,
  );

  const work: Work = { pool, registry, modules, folder: values.work, seed, say };
  const table = withoutLists(await makeTable(work), isUsable(registry));
  const savings = [...table.rows.values()];
  const chosen = greedyCoreset(savings, Number(values.count));
  const file = coresetFileSchema.parse({
    madeBy: "tools/coreset/make.ts",
    llvmVersion: await pool.llvmVersion(),
    seed,
    objective: "size",
    trainingPackages: [...new Set(modules.map((module) => module.package))].toSorted(),
    trainingSavings: savingsOfFirst(savings, chosen).map(
      (value) => Math.round(value * 1000) / 1000,
    ),
    lists: chosen.map((k) => table.lists[k]),
  } satisfies Record<keyof CoresetFile, unknown>);
  writeFileAtomic(values.out, format(file));
  for (const k of [1, 5, 10, 20, 50, 100])
    say(`first ${k}: ${file.trainingSavings[k - 1] ?? "-"} % mean saving on training modules`);
}

/**
 * Two passes. Short searches on all modules and a broadcast of their winners show what does well where; long searches on
 * some modules start from that, and their winners are broadcast too.
 */
async function makeTable(work: Work): Promise<SavingsTable> {
  const { registry, modules } = work;
  const short = await searchWinners(work, {
    file: "winners.jsonl",
    budget: Number(values.budget),
    startFor: transferringStart(registry),
  });
  const stock = knownFounders(registry.llvmVersion)
    .map(printPassList)
    .filter((list) => list !== printPassList(presets.Oz));
  const candidates = [...new Set([...stock, ...listsOfWinners(short)])].slice(
    0,
    Number(values.candidates),
  );
  const first = await broadcast(work, candidates);
  const deep = { ...work, modules: modules.slice(0, Number(values["deep-modules"])) };
  const long = await searchWinners(deep, {
    file: "deep-winners.jsonl",
    budget: Number(values["deep-budget"]),
    startFor: ({ id }) => bestStart(first, id),
  });
  const added = listsOfWinners(long).filter((list) => !candidates.includes(list));
  return joinTables(first, await broadcast(work, added));
}

/** Accepted by the registry as it is now, and not among the lists that `llmc verify --coreset` found wrong. */
function isUsable(registry: Registry): (list: string) => boolean {
  const rejected = readJsonLines(join(import.meta.dirname, "rejected.jsonl")).map(
    (line) => rejectedSchema.parse(line).passes,
  );
  return (list) => checkPassList(list, registry).ok && !rejected.includes(list);
}

/** The lists that were best on this very module. */
function bestStart({ lists, rows }: SavingsTable, module: string): Start {
  const row = rows.get(module) ?? [];
  const best = [...lists.keys()]
    .toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0))
    .slice(0, DEEP_FOUNDERS);
  return { founders: best.map((k) => parsed(lists[k] ?? "")), material: lists.map(parsed) };
}

/** JSON with one list a line: a change shows as that line in a diff. */
function format(file: CoresetFile): string {
  const { lists, ...head } = file;
  const rows = (items: readonly unknown[]): string =>
    items.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
  const open = JSON.stringify(head, null, 2).replace(
    /\[\s+([^[\]]*?)\s+\]/g,
    (_, body: string) => `[${body.replace(/\s+/g, " ")}]`,
  );
  return `${open.slice(0, -2)},\n  "lists": [\n${rows(lists)}\n  ]\n}\n`;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
