/** `llmc dataset build`: corpus, labels and a tokenizer to rows, shards and dataset.json. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import packageJson from "../../../package.json" with { type: "json" };
import { makeFolder, writeFileAtomic } from "../../base/files.ts";
import type { Corpus } from "../../corpus/store.ts";
import { type BuildResult, type BuildProgress, buildDataset } from "../../dataset/build.ts";
import { STAGES, type Stage } from "../../dataset/stages.ts";
import type { Labels } from "../../label/labels.ts";
import { readLabels } from "../../label/parquet.ts";
import { registryFor } from "../../passes/registry.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
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
  namesAmong,
  seedOption,
} from "../options.ts";
import { statusLine } from "../terminal.ts";
import { openExisting } from "./corpus-stats.ts";
import { statsText } from "./dataset-show.ts";
import { openTokenizer } from "./tokenizer.ts";

const HELP = `
Stages, in the order of training:
  pretrain      IR and assembly (x86_64, aarch64) of modules, as they came and under pass lists
  emulate       IR and a pass list, to the IR or assembly that opt would give
  disassemble   assembly of functions and modules, to IR
  tune          a module, to the pass list that makes its object smallest; wants --labels

Examples:
  llmc dataset build --corpus corpus/ --labels labels.parquet --tokenizer tokenizer.json --out data/
  llmc dataset build --corpus corpus/ --tokenizer tokenizer.json --out data/ --stages pretrain,disassemble
  llmc dataset build --corpus corpus/ --tokenizer tokenizer.json --out try/ --limit 20 --context 2048

data/rows/ holds Parquet files to look at, data/shards/ what the trainer reads, data/dataset.json counts and the mix of each
stage. A build that was stopped goes on when it is started again with the same settings; others begin anew.
Exit codes: 0 done, 2 bad usage or input, 3 something is missing on this machine, 130 interrupted.`;

interface Options {
  corpus: string;
  labels?: string;
  tokenizer: string;
  out: string;
  stages?: Stage[];
  limit?: number;
  maxBytes: number;
  context: number;
  seed: number;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

/** Below this not even a small function fits with its answer. */
const MIN_CONTEXT = 256;

export function datasetBuildCommand(): Command {
  return new Command("build")
    .description("make a dataset, or go on with one")
    .requiredOption("-c, --corpus <folder|file>", "what `llmc corpus` made")
    .option("-l, --labels <file>", "labels.parquet that `llmc label merge` made")
    .requiredOption("-t, --tokenizer <file>", "tokenizer.json that `llmc tokenizer train` made")
    .requiredOption("-o, --out <folder>", "the dataset's folder")
    .option("--stages <names>", "only these, separated by commas", namesAmong(STAGES))
    .option("--limit <n>", "modules at most, those with labels first", integer(1))
    .addOption(maxBytesOption("module", 256 * 1024))
    .option("--context <n>", "tokens of a row at most", integer(MIN_CONTEXT), 4096)
    .addOption(seedOption("all that is drawn"))
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(runBuild);
}

async function runBuild(options: Options): Promise<void> {
  const wanted = wantedStages(options);
  const tokenizer = openTokenizer(options.tokenizer);
  const labels = await labelsOf(options);
  const toolchain = requireToolchain(options.llvm);
  const registry = registryFor(toolchain.major);
  using pool = openPool(toolchain, options.jobs);
  const llvm = await versionOf(pool);
  if (labels !== undefined && labels.llvm !== llvm)
    throw new CommandError(
      `${options.labels}: made by LLVM ${labels.llvm}, this is ${llvm}: want labels of the same, or --llvm`,
      EXIT.usage,
    );
  const signal = interruptSignal(pool);
  // Whatever LLVM is at belongs to a chunk that will not be kept.
  signal.addEventListener("abort", () => pool.close());
  const corpus = await requireCorpus(options.corpus);
  const line = statusLine();
  try {
    makeOut(options.out);
    const result = await buildDataset({
      ...options,
      corpus,
      labels,
      tokenizer,
      pool,
      registry,
      llvm,
      coreset: loadCoreset(registry).lists,
      stages: wanted,
      madeBy: `llmc ${packageJson.version}`,
      signal,
      onProgress: progressTo(line.show, options.json),
    });
    line.clear();
    // `llmc train` looks for it there.
    if (result.status !== "interrupted")
      writeFileAtomic(join(options.out, "tokenizer.json"), readFileSync(options.tokenizer));
    tell(result, options);
  } catch (error) {
    line.clear();
    if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
    throw error;
  } finally {
    corpus.close();
  }
}

/** DuckDB's own words for a file that is none of ours come with its first query. */
async function requireCorpus(path: string): Promise<Corpus> {
  const corpus = await openExisting(path);
  try {
    await corpus.query("SELECT hash, split, functions, kept FROM manifest LIMIT 1");
    return corpus;
  } catch (error) {
    corpus.close();
    throw new CommandError(
      `${path}: not a corpus (${messageOf(error)}); want what \`llmc corpus add\` made`,
      EXIT.usage,
    );
  }
}

function makeOut(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new CommandError(
      `${folder}: cannot be made (${messageOf(error)}); want a folder that can be written to`,
      EXIT.usage,
    );
  }
}

/** The first line: DuckDB quotes the query below it. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

function wantedStages({ stages: named, labels }: Options): Stage[] {
  if (named?.includes("tune") === true && labels === undefined)
    throw new CommandError(
      "the stage tune wants --labels; `llmc label` makes them, `llmc label merge` the file",
      EXIT.usage,
    );
  return named ?? STAGES.filter((stage) => stage !== "tune" || labels !== undefined);
}

async function labelsOf({ labels }: Options): Promise<Labels | undefined> {
  if (labels === undefined) return undefined;
  if (!existsSync(labels))
    throw new CommandError(`${labels}: no such file; \`llmc label merge\` makes it`, EXIT.usage);
  try {
    return await readLabels(labels);
  } catch (error) {
    throw new CommandError(
      `${labels}: not a file of labels (${messageOf(error)}); want one that \`llmc label merge\` wrote`,
      EXIT.usage,
    );
  }
}

/** How often a run without a terminal says where it is. */
const LOG_SECONDS = 30;

function progressTo(
  show: (text: string) => void,
  isQuiet: boolean,
): (progress: BuildProgress) => void {
  let told = performance.now() / 1000;
  return (progress) => {
    show(progressOf(progress));
    const now = performance.now() / 1000;
    if (isQuiet || process.stderr.isTTY || now - told < LOG_SECONDS) return;
    told = now;
    process.stderr.write(`${progressOf(progress)}\n`);
  };
}

function progressOf({ doing, done, total, rows, tokens, seconds }: BuildProgress): string {
  const what = doing === "rows" ? `${done}/${total} modules` : `writing ${done}/${total} chunks`;
  return `${what}, ${rows} rows, ${tokens} tokens, ${rate(tokens, seconds)} tokens/s`;
}

const rate = (amount: number, seconds: number): string =>
  (amount / Math.max(seconds, 0.001)).toFixed(0);

function tell(result: BuildResult, { out, json }: Options): void {
  if (result.status === "interrupted")
    throw new CommandError(
      `interrupted; finished chunks are kept in ${out}, the same command goes on`,
      EXIT.interrupted,
    );
  const { dataset } = result;
  const speed = result.status === "built" ? result.speed : undefined;
  if (json) {
    print(JSON.stringify({ out, status: result.status, speed, dataset }, null, 2));
    return;
  }
  print(statsText(dataset));
  if (speed === undefined) print(`${out}: nothing has changed, nothing was done`);
  else
    print(
      `${out}: ${speed.modules} modules` +
        (speed.modulesKept > 0 ? ` (and ${speed.modulesKept} from before)` : "") +
        `, ${speed.rows} rows, ${speed.tokens} tokens in ${speed.rowSeconds.toFixed(1)} s: ` +
        `${rate(speed.rows, speed.rowSeconds)} rows/s, ${rate(speed.tokens, speed.rowSeconds)} tokens/s; ` +
        `files written in ${speed.fileSeconds.toFixed(1)} s`,
    );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
