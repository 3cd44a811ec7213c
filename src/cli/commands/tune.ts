/** `llmc tune`: a longer search for the best pass list of a module, with its progress on show. Writes no object. */

import { Command, Option } from "commander";
import { savedPercent } from "../../base/stats.ts";
import { resolveInputs } from "../../optimize/inputs.ts";
import { registryFor } from "../../passes/registry.ts";
import { printPassList } from "../../passes/print.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import { OBJECTIVES, type Objective } from "../../tuner/objective.ts";
import type { Progress } from "../../tuner/search.ts";
import { STRATEGIES, type StrategyName } from "../../tuner/strategies/index.ts";
import { type Tuned, type TuneOptions, tuneModule } from "../../tuner/tune.ts";
import { type Outcome, describeFailure } from "../../llvm/outcome.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { Input } from "../../optimize/inputs.ts";
import { loadInput } from "../../optimize/load.ts";
import {
  CommandError,
  EXIT,
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
import { jobsOption, jsonOption, llvmOption, seedOption } from "../options.ts";
import { paint, statusLine } from "../terminal.ts";

const STRATEGY_HELP = Object.entries(STRATEGIES)
  .map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
  .join("\n");
const OBJECTIVE_HELP = Object.entries(OBJECTIVES)
  .map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`)
  .join("\n");
const MORE_HELP = `
Strategies:
${STRATEGY_HELP}

Objectives:
${OBJECTIVE_HELP}

Examples:
  llmc tune main.bc --budget 500                    the best of 500 pass lists
  llmc tune main.c --strategy genetic --time 5m     as many as fit into five minutes
  llmc tune a.c b.c --json -- -Iinclude             for scripts

Measurements go into a journal as they are made: a killed run that is started again goes on where it was.
Ctrl-C stops at once and keeps the best. Exit codes: 0 done, 2 bad usage or input, 3 no LLVM found.`;

interface Options {
  budget: number;
  time?: number;
  strategy: StrategyName;
  objective: Objective;
  seed: number;
  journal?: string;
  minimize: boolean;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function tuneCommand(): Command {
  return new Command("tune")
    .description("Search for the pass list that makes a module smallest.")
    .usage("[options] FILE... [-- CLANG FLAGS]")
    .argument(
      "<file...>",
      ".c .cc .cpp .ll .bc, folders, or a compile_commands.json; clang flags after --",
    )
    .option("-b, --budget <n>", "pass lists to try", integer(1), 500)
    .option(
      "-t, --time <time>",
      "stop after this long: 90s, 5m, 2h (makes the answer depend on the machine)",
      duration,
    )
    .addOption(
      new Option("-s, --strategy <name>", "how to search")
        .choices(Object.keys(STRATEGIES))
        .default("guided"),
    )
    .addOption(
      new Option("--objective <name>", "what to make small")
        .choices(Object.keys(OBJECTIVES))
        .default("size"),
    )
    .addOption(seedOption("the search"))
    .option(
      "--journal <folder>",
      "where measurements are remembered (default: in the cache folder)",
    )
    .option("--no-minimize", "leave the winning list as it was found")
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", MORE_HELP)
    .action(runTune);
}

async function runTune(files: string[], options: Options, command: Command): Promise<void> {
  const { paths, flags } = splitAtDashes(files, command);
  const resolved = resolveInputs(paths, flags);
  if (!resolved.ok) throw new CommandError(resolved.message, EXIT.usage);
  const toolchain = requireToolchain(options.llvm);
  using pool = openPool(toolchain, options.jobs);
  const registry = registryFor(toolchain.major);
  const coreset = loadCoreset(registry);
  const signal = interruptSignal(pool);
  const journals = options.journal ?? (await journalFolder(pool));
  const tuned: (Tuned & { input: string })[] = [];
  for (const input of resolved.inputs) {
    if (signal.aborted) break;
    const progress = progressOf(input, options);
    const outcome = await tuneInput(pool, input, {
      ...options,
      strategy: STRATEGIES[options.strategy].run,
      compilations: options.budget,
      seconds: options.time,
      coreset,
      registry,
      signal,
      journalFor: journalsIn(journals),
      onProgress: progress.show,
    });
    progress.clear();
    if (outcome.status === "ok") tuned.push({ input: input.name, ...outcome.value });
    else {
      complain(`${input.name}: ${describeFailure(outcome)}`);
      process.exitCode = EXIT.usage;
    }
    if (outcome.status === "ok" && !options.json)
      printTuned(input, outcome.value, options.objective);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(toJson(tuned, options), null, 2)}\n`);
  if (signal.aborted) process.exitCode = EXIT.interrupted;
}

async function tuneInput(pool: Pool, input: Input, options: TuneOptions): Promise<Outcome<Tuned>> {
  const loaded = await loadInput(pool, input);
  if (loaded.status !== "ok") return loaded;
  try {
    return await tuneModule(pool, loaded.value, options);
  } finally {
    pool.unload(loaded.value);
  }
}

function progressOf(
  input: Input,
  { budget, time }: Options,
): { show: (progress: Progress) => void; clear: () => void } {
  const line = statusLine();
  return {
    show({ compilations, best, seconds }) {
      const rate = compilations / seconds;
      const left = Math.min(
        (budget - compilations) / rate,
        time === undefined ? Number.POSITIVE_INFINITY : time - seconds,
      );
      line.show(
        `${input.name}: best ${best}, ${compilations}/${budget} compilations, ${rate.toFixed(0)}/s, ${Math.ceil(left)} s left`,
      );
    },
    clear: line.clear,
  };
}

function printTuned(
  input: Input,
  { best, baselineValue, search, compilations }: Tuned,
  objective: Objective,
): void {
  const { unit } = OBJECTIVES[objective];
  const lines = [paint("bold", input.name)];
  if (best === undefined) lines.push(`  -Oz ${baselineValue} ${unit}: nothing smaller found`);
  else {
    const percent = savedPercent(baselineValue, best.value).toFixed(2);
    lines.push(
      `  -Oz ${baselineValue} → ${paint("green", `${best.value} ${unit}`)} (${objective}), ${percent} % saved`,
    );
    lines.push(`  passes  ${printPassList(best.list)}`);
  }
  const failed = Object.entries(search.outcomes).filter(
    ([status, count]) => status !== "ok" && count > 0,
  );
  const failures = failed.map(([status, count]) => `, ${count} ${status}`).join("");
  lines.push(
    paint(
      "dim",
      `  ${compilations} compilations (${search.generated} with code generation${failures}), ended by ${search.ended}`,
    ),
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

function toJson(
  tuned: readonly (Tuned & { input: string })[],
  { objective, strategy, seed }: Options,
) {
  return {
    objective,
    strategy,
    seed,
    modules: tuned.map(({ input, baselineValue, best, compilations, search }) => ({
      input,
      baseline: baselineValue,
      value: best?.value ?? baselineValue,
      savedPercent: savedPercent(baselineValue, best?.value ?? baselineValue),
      passList: best === undefined ? "default<Oz>" : printPassList(best.list),
      compilations,
      generated: search.generated,
      outcomes: search.outcomes,
      curve: search.curve,
      ended: search.ended,
    })),
  };
}
