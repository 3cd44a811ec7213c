/** `llmc eval`: contenders on the suites, one row a contender and case. The report is made of the rows by `llmc report`. */

import { Command, Option } from "commander";
import { RIVALS, type Rival, SUITES } from "../../eval/suite.ts";
import { integer } from "../context.ts";
import { MODEL_FORMS } from "../open-model.ts";
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
import type { EvalOptions } from "../eval-options.ts";

const HELP = `
Suites:
  tune         flag tuning: bytes saved over -Oz, list by list
  size         code-size prediction
  disassemble  functions of both targets, lifted and compiled back
  emulate      what opt would give
  loss         next-token loss on IR and assembly
  code         HumanEval and MBPP; Python runs in a sandbox. Their files are given by path, plain or as .gz:
               --humaneval HumanEval.jsonl   of github.com/openai/human-eval, data/
               --mbpp mbpp.jsonl             or sanitized-mbpp.json, of github.com/google-research/google-research, mbpp/

Rivals, which need no model: ${RIVALS.join(", ")}.

Examples:
  llmc eval --corpus corpus/ --model small.gguf -o evaluation/     our model and all rivals, on the test split
  llmc eval --programs mibench/ --suite tune -o mibench-eval/      rivals alone, on your own programs
  llmc eval --corpus corpus/ --model base=run/base.gguf --model ftd=http://gpu:8000 --rivals none -o models/
  llmc eval --suite code --humaneval HumanEval.jsonl.gz --model small.gguf -o programming/   needs no programs
  llmc report evaluation/ -o report.html                           the tables and plots

Each row is kept in FOLDER/rows.jsonl when it is done: a run that was stopped, or that gets another contender or suite, does
only what is missing. FOLDER/rows-SUITE.parquet holds the rows of the last run.
Exit codes: 0 done, 2 bad usage or input, 3 something is missing on this machine, 130 interrupted.`;

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

export function evalCommand(): Command {
  return new Command("eval")
    .description("Evaluate models, and ways without one, on the suites of the published system.")
    .usage("[options] --corpus DIR | --programs DIR -o FOLDER")
    .option("-o, --output <folder>", "where the rows are kept")
    .option("-c, --corpus <folder|file>", "what `llmc corpus` made: programs of its test split")
    .option(
      "-p, --programs <path>",
      "your own: a folder of C, C++ or IR, or a compile_commands.json",
    )
    .option(
      "-s, --suite <names>",
      "only these, separated by commas (default: all; code where its files are given)",
      namesAmong(SUITES),
    )
    .addOption(
      new Option("-m, --model <[name=]model>", `can be given again: ${MODEL_FORMS}`)
        .argParser(collect)
        .default([], "none"),
    )
    .option("--rivals <names>", "none, or some separated by commas (default: all)", rivals)
    .option(
      "--optimize",
      "flag tuning with each model as `llmc optimize` uses it, too: its first lists, then the long search",
      false,
    )
    .option(
      "--alone",
      "disassembly and emulation with each model by itself, too: without the monitor that sends it back within a line",
      false,
    )
    .option("--count <n>", "programs of flag tuning and code-size prediction", integer(1), 100)
    .addOption(perPackageOption("program", 6))
    .addOption(minBytesOption("program"))
    .addOption(maxBytesOption("program", 40_000))
    .option("--compilations <n>", "pass lists of each contender", integer(1), 50)
    .option("--search <n>", "pass lists of the long search", integer(1), 300)
    .option("--functions <n>", "functions to disassemble, for each target", integer(1), 100)
    .option("--candidates <n>", "answers to one function", integer(1), 8)
    .option("--emulations <n>", "questions of emulation", integer(1), 150)
    .option("--texts <n>", "programs of next-token loss", integer(1), 40)
    .option("--labels <file>", "labels.parquet: sizes known from elsewhere, for the potential")
    .option("--known <file>", "hashes of functions that training has seen: not asked about")
    .option("--humaneval <file>", "HumanEval.jsonl(.gz), for the suite code")
    .option("--mbpp <file>", "mbpp.jsonl or sanitized-mbpp.json, for the suite code")
    .option("--samples <n>", "answers to one problem of the suite code", integer(1), 10)
    .option("--limit <seconds>", "for one request to a model", integer(1), 120)
    .addOption(seedOption("the choice of cases and of the searches"))
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (options: EvalOptions) => {
      // Suites, models and sandboxes: more than other commands should load.
      const { runEvalCommand } = await import("../run-eval.ts");
      await runEvalCommand(options);
    });
}

function rivals(text: string): readonly Rival[] {
  if (text === "all") return RIVALS;
  return text === "none" ? [] : namesAmong(RIVALS)(text);
}
