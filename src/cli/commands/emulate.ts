/** `llmc emulate`: what the model says that a pass list makes of a module; with --check beside what it really makes. */

import { Command, Option } from "commander";
import { type Check } from "../../emulate/check.ts";
import { type Emulated, type Emulation, emulateModule } from "../../emulate/emulate.ts";
import { describeFailure } from "../../llvm/outcome.ts";
import { resolveInputs } from "../../optimize/inputs.ts";
import { loadInput } from "../../optimize/load.ts";
import { checkPassList } from "../../passes/check.ts";
import { nestPassList } from "../../passes/nest.ts";
import { parsePassList } from "../../passes/parse.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import type { PassList } from "../../passes/tree.ts";
import type { CodeKind } from "../../tasks/dialect.ts";
import {
  CommandError,
  EXIT,
  complain,
  interruptSignal,
  openPool,
  requireToolchain,
  splitAtDashes,
} from "../context.ts";
import { MODEL_HELP, requireModel } from "../open-model.ts";
import { jobsOption, jsonOption, llvmOption } from "../options.ts";
import { paint, statusLine } from "../terminal.ts";

const EXAMPLES = `
The module is brought into normal form and made bare, as models read it: without metadata and without what is promised
about functions and arguments (noundef, nofree, ...); the list is run on that. One that does not fit the model's context is
asked about by groups of its functions; what the model finds no answer to, function by function. Without --check nothing
that the model says is checked.

Examples:
  llmc emulate main.ll --passes 'function(sroa,instcombine)' --check
  llmc emulate main.c --passes 'default<Oz>' --want assembly --model model.gguf
  llmc emulate main.bc --passes mem2reg --check --model http://localhost:8080

Exit codes: 0 done, 1 --check found a difference or there is no answer, 2 bad usage or input, 3 no LLVM or no model
that answers.`;

interface Options {
  passes: string;
  want: CodeKind;
  check: boolean;
  model?: string;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function emulateCommand(): Command {
  return new Command("emulate")
    .description(
      "Let the model say what a pass list makes of a module; --check holds it against opt.",
    )
    .usage("[options] FILE [-- CLANG FLAGS]")
    .argument("<file...>", "one .ll, .bc or C/C++ source; clang flags after --")
    .requiredOption("-p, --passes <list>", "as `opt -passes=` takes it")
    .addOption(
      new Option("--want <code>", "what the model is to write")
        .choices(["ir", "assembly"] satisfies CodeKind[])
        .default("ir"),
    )
    .option("--check", "run the real compiler too and say where the model is off", false)
    .option("-m, --model <path|url>", MODEL_HELP)
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action(runEmulate);
}

async function runEmulate(args: string[], options: Options, command: Command): Promise<void> {
  const { paths, flags } = splitAtDashes(args, command);
  const resolved = resolveInputs(paths, flags);
  if (!resolved.ok) throw new CommandError(resolved.message, EXIT.usage);
  const [input, ...more] = resolved.inputs;
  if (input === undefined || more.length > 0)
    throw new CommandError(`${resolved.inputs.length} inputs; want one file`, EXIT.usage);
  const toolchain = requireToolchain(options.llvm);
  const passes = readPasses(options.passes, toolchain.major);
  using pool = openPool(toolchain, options.jobs);
  const signal = interruptSignal(pool);
  const loaded = await loadInput(pool, input);
  if (loaded.status !== "ok")
    throw new CommandError(`${input.name}: ${describeFailure(loaded)}`, EXIT.usage);
  const model = await requireModel(options.model, pool, "emulate");
  const status = statusLine();
  try {
    const emulation = await emulateModule(pool, model, {
      module: loaded.value,
      passes,
      want: options.want,
      isChecked: options.check,
      signal,
      onPart: (index, count) => status.show(`${input.name}: part ${index + 1} of ${count}`),
    });
    status.clear();
    if (emulation.status !== "ok")
      throw new CommandError(`${input.name}: ${describeFailure(emulation)}`, EXIT.usage);
    give(emulation.value, { input: input.name, passes, options });
    process.exitCode = signal.aborted ? EXIT.interrupted : exitCodeOf(emulation.value);
  } finally {
    await model.close();
  }
}

/** Passes that lack an adaptor get one, as `opt` does for a list of a single level. */
function readPasses(text: string, major: number): PassList {
  const registry = registryFor(major);
  const parsed = parsePassList(text);
  const nested = parsed.ok ? printPassList(nestPassList(parsed.list, registry)) : text;
  const checked = checkPassList(nested, registry);
  if (checked.ok) return checked.list;
  const [{ message, mend }] = checked.mistakes;
  throw new CommandError(`--passes: ${message}; ${mend}`, EXIT.usage);
}

function exitCodeOf({ parts, tooLong, unreachable }: Emulation): number {
  if (unreachable !== undefined) return EXIT.environment;
  const isBad = ({ answer, check }: Emulated): boolean =>
    answer?.ok !== true || check?.isDifferent === true;
  return parts.some(isBad) || tooLong.length > 0 ? EXIT.problem : 0;
}

interface Giving {
  readonly input: string;
  readonly passes: PassList;
  readonly options: Options;
}

function give(
  { parts, tooLong, split, unreachable }: Emulation,
  { input, passes, options }: Giving,
): void {
  if (unreachable !== undefined) complain(`the model does not answer: ${unreachable}`);
  if (options.json) {
    const { want, check } = options;
    const head = { input, passes: printPassList(passes), want, checked: check };
    const object = { ...head, parts: parts.map(toJson), tooLong, split };
    process.stdout.write(`${JSON.stringify(object, null, 2)}\n`);
    return;
  }
  const sign = options.want === "ir" ? ";" : "#";
  for (const part of parts) {
    const lines = describe(part).map((line) => `${sign} ${line}`);
    const code = partsOf(part).code ?? "";
    process.stdout.write(`${[...lines, code.trimEnd()].join("\n")}\n`);
  }
  if (split > 0)
    process.stderr.write(
      "note: where the model had no answer about several functions together, it was asked about each\n",
    );
  for (const { symbol, tokens } of tooLong)
    complain(
      `${symbol} has ${tokens} tokens; the model's context has no room for it and its answer`,
    );
}

const partsOf = ({ answer }: Emulated) =>
  answer?.ok === true ? answer.answer : (answer?.partial ?? {});

function describe(part: Emulated): string[] {
  const { functions, before, check, problem } = part;
  const { sizes } = partsOf(part);
  const after =
    sizes === undefined ? "no sizes" : `${sizes.instructions} instructions, ${sizes.bytes} B`;
  return [
    functions === undefined ? "all of the module" : functions.join(" "),
    `${before.instructions} instructions, ${before.bytes} B before; the model says ${after} after`,
    ...(problem === undefined ? [] : [paint("red", problem.replaceAll(/\s+/g, " "))]),
    ...(check === undefined ? [paint("yellow", "unchecked")] : describeCheck(check)),
  ];
}

function describeCheck({ isExact, compiles, fault, bleu, actual, ...errors }: Check): string[] {
  const off = (error: number | undefined): string =>
    error === undefined ? "not predicted" : `${(error * 100).toFixed(1)} % off`;
  const compiled = compiles
    ? `compiles${errors.isMended ? " (numbers, lengths or declarations in it were mended)" : ""}`
    : `does not compile${fault === undefined ? "" : `: ${fault.replaceAll(/\s+/g, " ")}`}`;
  return [
    isExact
      ? paint("green", "exact: the same as the compiler's")
      : `${paint("yellow", "differs from the compiler's")}; BLEU ${bleu.toFixed(3)}; ${compiled}`,
    `the compiler gives ${actual.instructions} instructions (${off(errors.instructionError)}), ` +
      `${actual.bytes} B (${off(errors.byteError)})`,
  ];
}

function toJson(part: Emulated) {
  const { functions, before, problem, check } = part;
  const { code, sizes } = partsOf(part);
  return {
    functions: functions ?? null,
    before,
    predicted: sizes ?? null,
    code: code ?? null,
    problem: problem ?? null,
    check: check ?? null,
  };
}
