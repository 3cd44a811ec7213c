/** `llmc label`: the tuner over many modules; sizes of each under many lists and under its own best. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { SPLITS } from "../../corpus/split.ts";
import { checkPassList } from "../../passes/check.ts";
import { printPassList } from "../../passes/print.ts";
import { type Registry, registryFor } from "../../passes/registry.ts";
import { labelAppender, readLabelLines } from "../../label/journal.ts";
import {
  type LabelModule,
  type ModuleChoice,
  chooseModules,
  corpusModules,
} from "../../label/modules.ts";
import { type LabelProgress, PHASES, type Phase, runLabels } from "../../label/run.ts";
import { addLines, makeTable } from "../../label/table.ts";
import { type Judge, suiteJudge } from "../../label/verify.ts";
import type { Pool } from "../../llvm/pool.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import type { Rig } from "../../verify/rig.ts";
import {
  CommandError,
  EXIT,
  integer,
  interruptSignal,
  openPool,
  requireToolchain,
  versionOf,
} from "../context.ts";
import {
  jobsOption,
  jsonOption,
  llvmOption,
  maxBytesOption,
  minBytesOption,
  namesAmong,
  perPackageOption,
  seedOption,
} from "../options.ts";
import { statusLine } from "../terminal.ts";
import { labelledModules, mergeCommand, statsCommand } from "./label-files.ts";
import { openSuites, requireRig } from "./verify.ts";

const HELP = `
Phases, each done once and kept in FOLDER/labels.jsonl:
  seed       the first lists, the shipped coreset or those of --lists, on every module
  search     from the best of them a search on every module, its winner minimised
  deepen     a longer search on some training modules, whose winners are worth trying elsewhere
  verify     winners and lists over self-checking programs; wrong ones never become labels
  broadcast  the lists that add most, chosen on a sample of training modules, on every module

Examples:
  llmc label --corpus corpus/ --out labels/ --count train=3000,test=500
  llmc label --corpus corpus/ --out labels/ --phase seed          the first phase alone
  llmc label --corpus corpus/ --out more/ --not-in labels.parquet others that those which have labels
  llmc label merge a/labels.jsonl b/labels.jsonl -o labels.parquet  what two machines did
  llmc label stats labels.parquet                                 what the labels say

A run that was stopped, or whose corpus has grown, goes on when it is started again. Ctrl-C stops it within seconds.
Exit codes: 0 done, 1 found a problem, 2 bad usage or input, 3 something is missing on this machine.`;

interface Options {
  corpus?: string;
  out?: string;
  count: ModuleChoice["counts"];
  perPackage: number;
  minBytes: number;
  maxBytes: number;
  notIn: string[];
  phase: Phase[];
  lists?: string;
  budget: number;
  deepModules: number;
  deepBudget: number;
  top: number;
  programs: number;
  seed: number;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function labelCommand(): Command {
  return new Command("label")
    .description("Run the tuner over a corpus: sizes of every module under many pass lists.")
    .usage("[options] --corpus DIR --out FOLDER | merge | stats")
    .option("--corpus <folder>", "what `llmc corpus` made")
    .option("--out <folder>", "where the journal is kept")
    .option("--count <counts>", "modules of each split", counts, { train: 3000, test: 500 })
    .addOption(perPackageOption("module", 24))
    .addOption(minBytesOption("module"))
    .addOption(maxBytesOption("module", 12_000))
    .option(
      "--not-in <file...>",
      "leave out the modules that these labels.parquet or labels.jsonl have",
      [],
    )
    .option("--phase <names>", "only these phases, separated by commas", namesAmong(PHASES), [
      ...PHASES,
    ])
    .option("--lists <file>", "the first lists, one a line (default: the shipped coreset)")
    .option("-b, --budget <n>", "pass lists that the search of one module tries", integer(1), 40)
    .option("--deep-modules <n>", "training modules searched for longer", integer(0), 64)
    .option("--deep-budget <n>", "pass lists that these searches try", integer(1), 300)
    .option("--top <n>", "winners' lists that are tried on every module", integer(1), 100)
    .option("--programs <n>", "programs of the builtin suite that judge a list", integer(1), 24)
    .addOption(seedOption("the searches and of the sample of programs"))
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(runLabel)
    .addCommand(mergeCommand())
    .addCommand(statsCommand());
}

function counts(text: string): ModuleChoice["counts"] {
  const entries = text.split(",").map((part) => {
    const [name, count = ""] = part.split("=");
    const split = SPLITS.find((known) => known === name);
    if (split === undefined || !/^\d+$/.test(count))
      throw new InvalidArgumentError(`"${part}": want for example train=3000,test=500.`);
    return [split, Number(count)] as const;
  });
  return Object.fromEntries(entries);
}

async function runLabel(options: Options): Promise<void> {
  const { corpus, out } = options;
  if (corpus === undefined || out === undefined)
    throw new CommandError("want --corpus DIR and --out FOLDER (--help has examples)", EXIT.usage);
  if (!existsSync(corpus)) throw new CommandError(`${corpus}: no such corpus`, EXIT.usage);
  const toolchain = requireToolchain(options.llvm);
  const registry = registryFor(toolchain.major);
  const seedLists = firstLists(options, registry);
  using pool = openPool(toolchain, options.jobs);
  const llvm = await versionOf(pool);
  const signal = interruptSignal(pool);
  const journal = join(out, "labels.jsonl");
  const table = makeTable();
  const [conflict] = addLines(table, readLabelLines(journal));
  if (conflict !== undefined || (table.llvm ?? llvm) !== llvm) {
    throw new CommandError(
      `${journal}: made by LLVM ${table.llvm} or contradicts itself (${JSON.stringify(conflict)}); ` +
        `this is LLVM ${llvm}: choose another --out folder`,
      EXIT.usage,
    );
  }
  const modules = await wantedModules(corpus, options, table.modules);
  using rig = options.phase.includes("verify") ? await requireRig(pool) : undefined;
  const judge = rig === undefined ? undefined : await openJudge(pool, rig, options, signal);
  const progress = progressLine(options);
  await runLabels({
    pool,
    registry,
    llvm,
    modules,
    seedLists,
    judge,
    table,
    signal,
    phases: options.phase,
    budget: options.budget,
    deepModules: options.deepModules,
    deepBudget: options.deepBudget,
    seed: options.seed,
    top: options.top,
    append: labelAppender(journal),
    onProgress: progress.show,
  });
  progress.clear();
  const labelled = modules.filter(({ hash }) => table.modules.get(hash)?.own !== undefined).length;
  const told = {
    journal,
    modules: modules.length,
    searched: labelled,
    unusable: table.unusable.size,
    verdicts: table.verdicts.size,
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(told, null, 2)}\n`
      : `${modules.length} modules, ${labelled} searched, ${told.unusable} unusable, ` +
          `${told.verdicts} lists judged; journal ${journal}\n`,
  );
  if (signal.aborted) process.exitCode = EXIT.interrupted;
}

async function openJudge(
  pool: Pool,
  rig: Rig,
  { programs, seed }: Options,
  signal: AbortSignal,
): Promise<Judge> {
  const how = { suite: "builtin", count: 0, sample: programs, seed, signal } as const;
  const [suite] = await openSuites(pool, rig, how);
  if (suite === undefined) throw new CommandError("no suite can be had here", EXIT.environment);
  return suiteJudge(pool, suite, rig);
}

function firstLists({ lists }: Options, registry: Registry): string[] {
  if (lists === undefined) return loadCoreset(registry).lists.map(printPassList);
  const texts = readFileSync(lists, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return texts.map((text, index) => {
    const checked = checkPassList(text, registry);
    if (checked.ok) return printPassList(checked.list);
    const [mistake] = checked.mistakes;
    throw new CommandError(
      `${lists}:${index + 1}: ${mistake?.message}; ${mistake?.mend}`,
      EXIT.usage,
    );
  });
}

async function wantedModules(
  corpus: string,
  options: Options,
  known: ReadonlyMap<string, unknown>,
): Promise<LabelModule[]> {
  const { count: wanted, perPackage, minBytes, maxBytes } = options;
  const limits = { minBytes, maxBytes };
  const all = await corpusModules(corpus, limits);
  const others = await Promise.all(options.notIn.map(labelledModules));
  const left = all.filter(({ hash }) => !others.some((labelled) => labelled.has(hash)));
  const chosen = chooseModules(left, { counts: wanted, perPackage, ...limits }, known);
  if (chosen.length > 0) return chosen;
  throw new CommandError(
    `${corpus}: no module of ${minBytes} to ${maxBytes} bytes of bitcode${others.length > 0 ? " without labels" : ""}; want a corpus (llmc corpus add makes one)`,
    EXIT.usage,
  );
}

/** How often a run without a terminal says where it is. */
const LOG_SECONDS = 30;

function progressOf({ phase, done, total, compilations, seconds }: LabelProgress): string {
  const rate = (compilations / Math.max(seconds, 0.001)).toFixed(0);
  return `${phase}: ${done}/${total} ${phase === "verify" ? "lists" : "modules"}, ${compilations} done in ${seconds.toFixed(0)} s, ${rate}/s`;
}

function progressLine({ json }: Options): {
  show: (progress: LabelProgress) => void;
  clear: () => void;
} {
  const line = statusLine();
  let told = 0;
  return {
    show(progress) {
      line.show(progressOf(progress));
      const now = performance.now() / 1000;
      if (
        json ||
        process.stderr.isTTY ||
        (now - told < LOG_SECONDS && progress.done < progress.total)
      )
        return;
      told = now;
      process.stderr.write(`${progressOf(progress)}\n`);
    },
    clear: line.clear,
  };
}
