/** `llmc train`: a recipe on a dataset, stage after stage, to a model. */

import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type Dataset, datasetPath, readDataset } from "../../dataset/dataset-file.ts";
import { tokenizerHash } from "../../dataset/plan.ts";
import { FILE_TYPES, type FileType } from "../../model/gguf/metadata.ts";
import { makeTokenizer } from "../../tokenizer/encode.ts";
import { parseTokenizer } from "../../tokenizer/file.ts";
import { type BundleOptions, writeBundle } from "../../train/bundle.ts";
import { ensureTrainer } from "../../train/environment.ts";
import { provenanceOf } from "../../train/provenance.ts";
import type { RunPlan } from "../../train/recipe.ts";
import { placeStart } from "../../train/start.ts";
import { RECIPES, RECIPE_NAMES, type RecipeName, summaries } from "../../train/recipes.ts";
import { type RunProgress, type RunResult, runPlan } from "../../train/run.ts";
import { CommandError, EXIT, complain, duration } from "../context.ts";
import { jsonOption, namesAmong, seedOption } from "../options.ts";
import { statusLine, table } from "../terminal.ts";
import { plotCommand } from "./train-plot.ts";
import { progressTeller, stagesTable } from "./train-progress.ts";

const HELP = `
A run trains its recipe's stages, of pretrain, emulate, disassemble and tune, each from the weights of the one before, then
writes OUT/model (Hugging Face) and OUT/model-f16.gguf. The first run installs PyTorch into trainer/.venv.

Examples:
  llmc train --list                                       the recipes
  llmc train nano --data data/ --out runs/nano            data/ is of \`llmc dataset build\`
  llmc train small --data data/ --out runs/small --time-limit 8h --gguf f16,q8_0
  llmc train small --data data/ --bundle small.tar.xz     for a GPU elsewhere; trainer/README.md says how to go on
  llmc train emulator --data data/ --out runs/more --from models/emulator-q8_0.gguf --steps-scale 0.2
                                                          go on from weights that are there
  llmc train plot runs/nano -o loss.html                  loss curves

Ctrl-C and the time limit end a run with a checkpoint; the same command goes on with it.
Exit codes: 0 done or stopped by the time limit, 1 the run broke, 2 bad usage or input, 3 something is missing on this
machine, 130 interrupted.`;

interface Options {
  list: boolean;
  data?: string;
  out?: string;
  bundle?: string;
  from?: string;
  tokenizer?: string;
  timeLimit?: number;
  stepsScale: number;
  seed: number;
  gguf: FileType[];
  json: boolean;
}

export function trainCommand(): Command {
  return new Command("train")
    .description("Train a model on a dataset, by a recipe.")
    .usage("[options] RECIPE --data DIR (--out DIR | --bundle FILE) | --list | plot")
    .argument("[recipe]", RECIPE_NAMES.join(", "))
    .option("--list", "show the recipes: parameters, steps, tokens", false)
    .option("--data <folder>", "what `llmc dataset build` made")
    .option("--out <folder>", "where the run is kept")
    .option("--bundle <file>", "train nothing, pack all that the run takes into a .tar.xz")
    .option(
      "--from <model>",
      "a .gguf file of ours or a Hugging Face folder to go on from; its tokenizer must be the dataset's",
    )
    .option("-t, --tokenizer <file>", "the dataset's tokenizer.json (default: DATA/tokenizer.json)")
    .option(
      "--time-limit <time>",
      "stop with a checkpoint before this has passed: 90s, 20m, 8h",
      duration,
    )
    .option("--steps-scale <x>", "multiply the steps of all stages", positive, 1)
    .addOption(seedOption("the first weights and of the order of rows"))
    .option(
      "--gguf <types>",
      `GGUF files to write, of ${FILE_TYPES.join(", ")}`,
      namesAmong(FILE_TYPES),
      ["f16"],
    )
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(runTrain)
    .addCommand(plotCommand());
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity))
    throw new InvalidArgumentError("want a number above 0, for example 0.1.");
  return value;
}

async function runTrain(name: string | undefined, options: Options): Promise<void> {
  if (options.list) return list(options.json);
  const recipe = recipeNamed(name);
  const data = resolve(required(options.data, "--data"));
  const dataset = openDataset(data);
  const tokenizer = tokenizerOf(options.tokenizer ?? join(data, "tokenizer.json"), dataset);
  const plan = RECIPES[recipe]({
    ...options,
    data,
    dataset,
    isContinued: options.from !== undefined,
    provenance: await provenanceOf(dataset),
  });
  if (plan.stages.length === 0)
    throw new CommandError(`${data}: has no training rows; build it from more modules`, EXIT.usage);
  const signal = interruption();
  const { from } = options;
  const start = from === undefined ? undefined : placerOf(from, tokenizer);
  if (options.bundle !== undefined)
    return bundle(plan, {
      data,
      out: options.bundle,
      placeStart: start,
      json: options.json,
      signal,
    });
  const out = resolve(required(options.out, "--out"));
  await start?.(out);
  const line = statusLine();
  line.show("setting up trainer/.venv; PyTorch is a download of 200 MB and more");
  const fault = await ensureTrainer(TRAINER, signal);
  line.clear();
  if (signal.aborted) throw new CommandError("interrupted", EXIT.interrupted);
  if (fault !== undefined) throw new CommandError(fault, EXIT.environment);
  const tell = progressTeller(line);
  const result = await runWith(plan, { ...options, out, tokenizer, signal, onProgress: tell });
  line.clear();
  report(result, plan, { ...options, signal });
}

/** Puts the weights that are gone on from into a run's folder. */
function placerOf(from: string, tokenizer: string): (out: string) => Promise<void> {
  return async (out) => {
    const fault = await placeStart({ from, out, tokenizer });
    if (fault !== undefined) throw new CommandError(fault, EXIT.usage);
  };
}

async function bundle(
  plan: RunPlan,
  {
    json,
    ...options
  }: Omit<BundleOptions, "trainer" | "signal"> & { json: boolean; signal: AbortSignal },
): Promise<void> {
  const line = statusLine();
  line.show("packing trainer, settings and shards: a minute for 200 MB of tokens");
  const fault = await writeBundle(plan, { ...options, trainer: TRAINER });
  line.clear();
  if (options.signal.aborted) throw new CommandError("interrupted", EXIT.interrupted);
  if (fault !== undefined) throw new CommandError(fault, EXIT.environment);
  const runs = plan.stages.map(({ stage }) => `run/${stage}/run.json`);
  const { size } = statSync(options.out);
  if (json) return print(JSON.stringify({ bundle: options.out, bytes: size, runs }));
  print(
    `${options.out}: ${(size / 1e6).toFixed(1)} MB. There, in the folder where it was unpacked:`,
  );
  print(`  python3 -m trainer ${runs.join(" ")} --budget SECONDS`);
}

/** Beside src/ in a checkout, beside dist/ else. */
const TRAINER = resolve(import.meta.dirname, "../../../trainer");

const runWith = (
  plan: RunPlan,
  options: Options & {
    out: string;
    tokenizer: string;
    signal: AbortSignal;
    onProgress: (progress: RunProgress) => void;
  },
): Promise<RunResult> =>
  runPlan(plan, {
    ...options,
    timeLimitS: options.timeLimit,
    trainer: TRAINER,
    variables: process.env,
  });

function recipeNamed(name: string | undefined): RecipeName {
  const found = RECIPE_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  const what = name === undefined ? "no recipe" : `no recipe is called "${name}"`;
  throw new CommandError(
    `${what}; want one of ${RECIPE_NAMES.join(", ")} (\`llmc train --list\`)`,
    EXIT.usage,
  );
}

function required(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw new CommandError(
    `${option} is missing; want for example llmc train nano --data data/ --out runs/nano`,
    EXIT.usage,
  );
}

function openDataset(folder: string): Dataset {
  const advice = "want a folder that `llmc dataset build` finished";
  let dataset: Dataset | undefined;
  try {
    dataset = readDataset(folder);
  } catch {
    throw new CommandError(
      `${datasetPath(folder)}: not of this version's form; ${advice}`,
      EXIT.usage,
    );
  }
  if (dataset === undefined)
    throw new CommandError(`${datasetPath(folder)}: no such file; ${advice}`, EXIT.usage);
  return dataset;
}

/** The text of the file, when it is the tokenizer that the dataset was made with. */
function tokenizerOf(path: string, dataset: Dataset): string {
  const wrong = (why: string): CommandError =>
    new CommandError(
      `${path}: ${why}; want with --tokenizer the file that the dataset was made with`,
      EXIT.usage,
    );
  let text: string;
  let hash: string;
  try {
    text = readFileSync(path, "utf8");
    hash = tokenizerHash(makeTokenizer(parseTokenizer(text)));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  if (hash !== dataset.tokenizer.hash) throw wrong("is another tokenizer than the dataset's");
  return text;
}

/** First Ctrl-C: the trainer writes a checkpoint and stops. Second: leave at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onInterrupt);
  return controller.signal;
}

function report(
  result: RunResult,
  plan: RunPlan,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): void {
  if (json) print(JSON.stringify({ recipe: plan.recipe, skipped: plan.skipped, ...result }));
  else describe(result, plan);
  if (result.status === "failed") {
    complain(`${result.at}: ${result.message}`);
    process.exitCode = result.isConfig ? EXIT.usage : EXIT.problem;
  }
  if (result.status === "stopped" && signal.aborted) process.exitCode = EXIT.interrupted;
}

function describe(result: RunResult, { skipped }: RunPlan): void {
  if (result.stages.length > 0) print(stagesTable(result.stages));
  if (skipped.length > 0) print(`left out, the dataset has no rows for: ${skipped.join(", ")}`);
  if (result.status === "stopped")
    print(`stopped at ${result.at}: ${result.reason}; the same command goes on`);
  if (result.status === "finished") for (const path of [result.model, ...result.gguf]) print(path);
}

const LISTED_VOCABULARY = 16_384;

function list(json: boolean): void {
  const recipes = summaries(LISTED_VOCABULARY);
  if (json) return print(JSON.stringify({ vocabulary: LISTED_VOCABULARY, recipes }));
  const millions = (count: number): string =>
    `${(count / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} M`;
  const rows = recipes.map(({ name, parameters, context, steps, tokens, about }) => [
    name,
    millions(parameters),
    String(context),
    String(steps),
    millions(tokens),
    about,
  ]);
  print(
    table(
      [["recipe", "parameters", "context", "steps", "tokens", ""], ...rows],
      ["left", "right", "right", "right", "right", "left"],
    ),
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
