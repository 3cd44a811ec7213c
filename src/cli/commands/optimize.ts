/** `llmc optimize`: the main job. Parses options, hands over to optimize/, prints. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { resolveInputs } from "../../optimize/inputs.ts";
import { isFailure, optimizeAll } from "../../optimize/optimize.ts";
import { planOutputs } from "../../optimize/outputs.ts";
import { proposeLists, proposedCount } from "../../optimize/propose.ts";
import { type ModuleResult, toJson } from "../../optimize/result.ts";
import type { Model } from "../../model/model.ts";
import { registryFor } from "../../passes/registry.ts";
import { tuneGbnf } from "../../tasks/grammar-proposal.ts";
import type { ProposalContext } from "../../tasks/proposal.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import { STRATEGIES, type StrategyName } from "../../tuner/strategies/index.ts";
import {
  CommandError,
  EXIT,
  cacheFolder,
  complain,
  duration,
  integer,
  interruptSignal,
  journalFolder,
  journalsIn,
  openPool,
  requireToolchain,
  splitAtDashes,
} from "../context.ts";
import { printExplanation, printResult, printTotal } from "../report.ts";
import { MODEL_HELP, findModel } from "../open-model.ts";
import { jobsOption, jsonOption, llvmOption, seedOption } from "../options.ts";
import { type StatusLine, statusLine } from "../terminal.ts";
import { type CheckCommandOptions } from "../../verify/check-command.ts";
import { checkAlive, findAlive } from "../../verify/alive.ts";
import { checkDifferential } from "../../verify/differential/differential.ts";
import type { OptimizeOptions } from "../../optimize/optimize-module.ts";

const EXAMPLES = `
Examples:
  llmc optimize main.c -o main.o                      one object file
  llmc optimize a.c b.cc -o build/ -- -Iinclude -DX   several, with clang flags after --
  llmc optimize build/compile_commands.json -o out/   a whole project as its build compiles it
  llmc optimize main.ll -o main.s --budget 500        IR in, assembly out, a longer search
  llmc optimize main.c --model model.gguf             a language model proposes first
  llmc optimize main.c --explain                      what each pass did to the size; writes nothing
  llmc optimize src/ -o obj/ --check 'make test'      your own test decides; culprits get their -Oz object back

Never larger than clang -Oz: where nothing is smaller, -Oz is the answer.
Exit codes: 0 done, 2 an input is broken or the usage is, 3 no LLVM found.`;

interface Options {
  output?: string;
  budget: number;
  time?: number;
  strategy: StrategyName;
  model?: string;
  seed: number;
  jobs?: number;
  llvm?: string;
  explain: boolean;
  verify?: "differential" | "alive";
  check?: string;
  json: boolean;
}

export function optimizeCommand(): Command {
  return new Command("optimize")
    .description("Make smaller object files than clang -Oz from C, C++ or LLVM-IR.")
    .usage("[options] INPUT... [-- CLANG FLAGS]")
    .argument(
      "<input...>",
      ".c .cc .cpp .ll .bc, folders, or a compile_commands.json; clang flags after --",
    )
    .option(
      "-o, --output <path>",
      "write here: .o, .s, .ll or .bc by the suffix, or a folder (ending in /)",
    )
    .option(
      "-b, --budget <n>",
      "pass lists the search may try on a module; minimising takes a few more",
      integer(0),
      50,
    )
    .option(
      "-t, --time <time>",
      "stop searching a module after this long: 90s, 5m (makes the answer depend on the machine)",
      duration,
    )
    .addOption(
      new Option("-s, --strategy <name>", "how to search")
        .choices(Object.keys(STRATEGIES))
        .default("guided"),
    )
    .option("-m, --model <path|url|none>", `proposes lists before the search: ${MODEL_HELP}`)
    .addOption(seedOption("the search"))
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(
      new Option(
        "--verify <how>",
        "differential: run the functions of each module on made-up inputs; alive: prove them with alive-tv",
      ).choices(["differential", "alive"]),
    )
    .option(
      "--check <command>",
      "your own test: run with the new objects in place; what makes it fail falls back to -Oz",
    )
    .option("--explain", "show what each pass of the winning list did to the size", false)
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action(runOptimize);
}

async function runOptimize(args: string[], options: Options, command: Command): Promise<void> {
  const started = performance.now();
  const { paths, flags } = splitAtDashes(args, command);
  const resolved = resolveInputs(paths, flags);
  if (!resolved.ok) throw new CommandError(resolved.message, EXIT.usage);
  const outputs = planOutputs(options.output, resolved.inputs);
  if (!outputs.ok) throw new CommandError(outputs.message, EXIT.usage);

  if (options.check !== undefined && options.output === undefined) {
    throw new CommandError("--check needs -o: the command must find the new objects", EXIT.usage);
  }

  const missing = options.verify === "alive" ? await findAlive() : undefined;
  if (missing !== undefined) throw new CommandError(missing, EXIT.environment);
  const toolchain = requireToolchain(options.llvm);
  const registry = registryFor(toolchain.major);
  using pool = openPool(toolchain, options.jobs);
  const signal = interruptSignal(pool);
  const judges: Record<"none" | NonNullable<Options["verify"]>, OptimizeOptions["judge"]> = {
    none: undefined,
    differential: judgeDifferential(signal),
    alive: (held, module, passes) => checkAlive(held, module, { passes, signal }),
  };
  const status = statusLine();
  const journals = await journalFolder(pool);
  const coreset = loadCoreset(registry);
  const context = { registry, coreset: coreset.lists };
  const model = await findModel(options.model, pool, { task: "tune", tune: context });
  let finished = 0;
  const { results, failures } = await optimizeAll(pool, resolved.inputs, {
    strategy: STRATEGIES[options.strategy].run,
    propose: model && options.budget > 0 ? proposer(model, context, options.budget) : undefined,
    compilations: options.budget,
    seconds: options.time,
    seed: options.seed,
    explain: options.explain,
    coreset,
    registry,
    journalFor: journalsIn(journals),
    signal,
    judge: judges[options.verify ?? "none"],
    check:
      options.check === undefined
        ? undefined
        : { command: options.check, signal, onRun: showCheck(status) },
    outputFor: outputs.outputFor,
    onProgress: (input, { compilations, best, seconds }) =>
      status.show(
        `[${finished + 1}/${resolved.inputs.length}] ${input.name}: best ${best} B, ` +
          `${compilations}/${options.budget} compilations, ${(compilations / seconds).toFixed(0)}/s`,
      ),
    onResult: (done) => {
      finished++;
      status.clear();
      if (isFailure(done)) complain(`${done.input}: ${done.error}`);
      else if (options.check === undefined) announce(done, options); // else its verdict is not known yet
    },
  });
  await model?.close();
  status.clear();
  if (options.check !== undefined) for (const result of results) announce(result, options);
  const seconds = (performance.now() - started) / 1000;
  if (options.json)
    process.stdout.write(`${JSON.stringify(toJson(results, failures, seconds), null, 2)}\n`);
  else printTotal(results, seconds, { written: options.output });
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (failures.length > 0) process.exitCode = EXIT.usage;
}

/** For all prompts of one module. */
const MODEL_LIMIT_MS = 120_000;

function proposer(
  model: Model,
  context: ProposalContext,
  budget: number,
): NonNullable<OptimizeOptions["propose"]> {
  const count = proposedCount(budget);
  const grammar = tuneGbnf(context, { sizes: true });
  const how = { ...context, model, grammar, count, limitMs: MODEL_LIMIT_MS };
  return (pool, module, told) => proposeLists(pool, module, { ...how, ...told });
}

/** Runs functions in a scratch folder that is kept between modules: it holds the compiled runtime. */
function judgeDifferential(signal: AbortSignal): OptimizeOptions["judge"] {
  const scratch = join(cacheFolder(), "differential");
  return async (pool, module, passes) =>
    (await checkDifferential(pool, module, { passes, scratch, signal })).verdict;
}

function showCheck(status: StatusLine): NonNullable<CheckCommandOptions["onRun"]> {
  return ({ run, optimised, of }) =>
    status.show(`check, run ${run}: ${optimised} of ${of} new objects in place`);
}

function announce(result: ModuleResult, { json, explain }: Options): void {
  if (json) return;
  printResult(result);
  if (explain) printExplanation(result);
}
