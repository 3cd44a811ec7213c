/** `llmc disassemble`: assembly or an object to LLVM-IR, each function with what is known of it. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { disassembleFunctions, functionNames } from "../../disassemble/disassemble.ts";
import type { AssemblySource } from "../../disassemble/assembly-source.ts";
import { REFINE_TOKENS } from "../../disassemble/refine/refine.ts";
import { readAssemblySource } from "../../disassemble/source.ts";
import { type LiftedFunction, countVerdicts } from "../../disassemble/verdict.ts";
import { type WholeModule, putTogether } from "../../disassemble/whole-module.ts";
import { type Outcome, describeFailure } from "../../llvm/outcome.ts";
import type { Pool } from "../../llvm/pool.ts";
import { nearest } from "../../passes/spelling.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import {
  CommandError,
  EXIT,
  cacheFolder,
  complain,
  duration,
  integer,
  interruptSignal,
  openPool,
  requireToolchain,
} from "../context.ts";
import { MODEL_HELP, requireModel } from "../open-model.ts";
import { jobsOption, jsonOption, llvmOption } from "../options.ts";
import { paint, statusLine, table } from "../terminal.ts";

const EXAMPLES = `
Verdicts, a function:
  exact        compiles back to the same assembly
  equivalent   showed the same as the machine code whenever both were run (x86_64 only; a test, not a proof)
  unverified   valid IR of which nothing was shown
  failed       no answer, no valid IR, or seen to do something else; not in the output

Examples:
  llmc disassemble main.s --model model.gguf -o main.ll
  llmc disassemble main.o --candidates 1 --refine 0      a second a function instead of some twenty
  llmc disassemble main.o --model http://localhost:8080
  llmc disassemble arm.s --target aarch64 --model model.gguf --json

Exit codes: 0 done, 1 a function failed, 2 bad usage or input, 3 no LLVM or no model that answers.`;

/** As the evaluation asks. */
const CANDIDATES = 8;

interface Options {
  function?: string;
  target?: Architecture;
  model?: string;
  candidates: number;
  refine: number;
  output?: string;
  timeLimit?: number;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function disassembleCommand(): Command {
  return new Command("disassemble")
    .description("Lift assembly or an object file to LLVM-IR; what the model says is checked.")
    .argument("<file>", ".s or .o, for x86_64 or aarch64")
    .option("-f, --function <name>", "this function alone")
    .addOption(
      new Option(
        "--target <architecture>",
        "what the file must be for (default: told from it)",
      ).choices(["x86_64", "aarch64"] satisfies Architecture[]),
    )
    .option("-m, --model <path|url>", MODEL_HELP)
    .option(
      "-n, --candidates <n>",
      "answers asked for, a function; the best one is kept",
      integer(1),
      CANDIDATES,
    )
    .option(
      "-r, --refine <tokens>",
      "what the model may write more where no answer is exact, led by what its code lacks; 0: nothing",
      integer(0),
      REFINE_TOKENS,
    )
    .option("-o, --output <file>", "write the module here (default: standard output)")
    .option("-t, --time-limit <time>", "functions whose turn comes later fail: 90s, 5m", duration)
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action(runDisassemble);
}

async function runDisassemble(file: string, options: Options): Promise<void> {
  const toolchain = requireToolchain(options.llvm);
  using pool = openPool(toolchain, options.jobs);
  const source = await readSource(pool, file, options);
  const names = namesIn(source, file, options.function);
  const signal = interruptSignal(pool);
  const model = await requireModel(options.model, pool, "disassemble");
  const status = statusLine();
  try {
    const { functions, unreachable } = await disassembleFunctions(pool, model, {
      source,
      names,
      candidates: options.candidates,
      refineTokens: options.refine,
      scratch: join(cacheFolder(), "differential"),
      timeLimitMs: options.timeLimit === undefined ? undefined : options.timeLimit * 1000,
      signal,
      onFunction: (name, index) => status.show(`[${index + 1}/${names.length}] ${name}`),
    });
    status.clear();
    const whole = await putTogether(toolchain, functions, source.architecture);
    give({ file, source, functions, whole }, options);
    if (unreachable !== undefined) complain(`the model does not answer: ${unreachable}`);
    const isFailed = functions.some(({ verdict }) => verdict === "failed");
    if (signal.aborted) process.exitCode = EXIT.interrupted;
    else if (unreachable !== undefined) process.exitCode = EXIT.environment;
    else if (isFailed) process.exitCode = EXIT.problem;
  } finally {
    await model.close();
  }
}

async function readSource(pool: Pool, file: string, { target }: Options): Promise<AssemblySource> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${file}: cannot be read: ${why}`, EXIT.usage);
  }
  const source = await readAssemblySource(pool.toolchain, bytes, { architecture: target });
  if (source.status === "ok") return source.value;
  throw new CommandError(`${file}: ${source.message}`, EXIT.usage);
}

function namesIn(
  source: AssemblySource,
  file: string,
  wanted: string | undefined,
): readonly string[] {
  const names = functionNames(source);
  if (names.length === 0) throw new CommandError(`${file}: no function in it`, EXIT.usage);
  if (wanted === undefined) return names;
  if (names.includes(wanted)) return [wanted];
  const near = nearest(wanted, names);
  const hint =
    near === undefined ? `it has ${names.slice(0, 8).join(", ")}` : `did you mean ${near}?`;
  throw new CommandError(`${file}: no function "${wanted}" in it; ${hint}`, EXIT.usage);
}

interface Result {
  readonly file: string;
  readonly source: AssemblySource;
  readonly functions: readonly LiftedFunction[];
  readonly whole: Outcome<WholeModule>;
}

function give({ file, source, functions, whole }: Result, { output, json }: Options): void {
  const text = whole.status === "ok" ? whole.value.text : undefined;
  const notes = [
    ...source.notes,
    ...(whole.status === "ok"
      ? whole.value.leftOut.map(({ name, why }) => `${name} is not in the module: ${why}`)
      : [`no module: ${describeFailure(whole)}`]),
  ];
  if (output !== undefined && text !== undefined) write(output, text);
  if (json) {
    const { architecture } = source;
    const counts = countVerdicts(functions);
    const object = { input: file, architecture, counts, notes, functions: functions.map(toJson) };
    process.stdout.write(`${JSON.stringify(object, null, 2)}\n`);
    return;
  }
  if (output === undefined && text !== undefined) process.stdout.write(text);
  const report = output === undefined ? process.stderr : process.stdout;
  const rows = functions.map(({ name, verdict, reason }) => [
    name,
    COLOURED[verdict](verdict),
    reason,
  ]);
  report.write(`${table(rows, ["left", "left", "left"])}\n`);
  for (const note of notes) report.write(`${paint("yellow", "note:", report)} ${note}\n`);
  if (output !== undefined && text !== undefined) report.write(`written to ${output}\n`);
}

const COLOURED: Readonly<Record<LiftedFunction["verdict"], (text: string) => string>> = {
  exact: (text) => paint("green", text),
  equivalent: (text) => paint("green", text),
  unverified: (text) => paint("yellow", text),
  failed: (text) => paint("red", text),
};

function write(path: string, text: string): void {
  try {
    writeFileAtomic(path, text);
  } catch (error) {
    complain(
      `${path}: cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
    throw new CommandError("nothing written; want -o in a folder that can be written", EXIT.usage);
  }
}

const toJson = ({ name, verdict, reason, ir, candidates }: LiftedFunction) => ({
  name,
  verdict,
  reason,
  ir: ir ?? null,
  candidates: candidates.map((candidate) => ({
    verdict: candidate.verdict,
    reason: candidate.reason,
    isMended: candidate.isMended,
    logProbability: candidate.logProbability ?? null,
    ir: candidate.ir ?? null,
  })),
});
