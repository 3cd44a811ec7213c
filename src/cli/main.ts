#!/usr/bin/env node
/** The `llmc` program: one file a command in commands/, and what is common to them here. */

import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { CommandError, EXIT, complain } from "./context.ts";

const EXAMPLES = `
Examples:
  llmc optimize main.c -o main.o              a smaller main.o than clang -Oz gives
  llmc optimize src/ -o build/ -- -Iinclude   every source below src/, with clang flags
  llmc tune main.bc --budget 500              a longer search for one module
  llmc passes search merge                    what passes there are
  llmc verify --passes 'default<Oz>,mergefunc'  does a pass list break programs?
  llmc doctor                                 is everything here that is needed?

Exit codes: 0 done, 1 found a problem, 2 bad usage or input, 3 something is missing on this machine.`;

/** Each is loaded alone when it is the one that is wanted, which halves the start; in the order of the help. */
const COMMANDS = new Map<string, () => Promise<Command>>(
  Object.entries({
    "optimize": async () => (await import("./commands/optimize.ts")).optimizeCommand(),
    "tune": async () => (await import("./commands/tune.ts")).tuneCommand(),
    "passes": async () => (await import("./commands/passes.ts")).passesCommand(),
    "verify": async () => (await import("./commands/verify.ts")).verifyCommand(),
    "label": async () => (await import("./commands/label.ts")).labelCommand(),
    "corpus": async () => (await import("./commands/corpus.ts")).corpusCommand(),
    "tokenizer": async () => (await import("./commands/tokenizer.ts")).tokenizerCommand(),
    "train": async () => (await import("./commands/train.ts")).trainCommand(),
    "dataset": async () => (await import("./commands/dataset.ts")).datasetCommand(),
    "disassemble": async () => (await import("./commands/disassemble.ts")).disassembleCommand(),
    "emulate": async () => (await import("./commands/emulate.ts")).emulateCommand(),
    "eval": async () => (await import("./commands/eval.ts")).evalCommand(),
    "report": async () => (await import("./commands/report.ts")).reportCommand(),
    "models": async () => (await import("./commands/models.ts")).modelsCommand(),
    "doctor": async () => (await import("./commands/doctor.ts")).doctorCommand(),
    "cc": async () => (await import("./commands/cc.ts")).compilerCommand("cc"),
    "c++": async () => (await import("./commands/cc.ts")).compilerCommand("c++"),
  }),
);

async function makeProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("llmc")
    .description(
      "Smaller object files than clang -Oz: pass lists are proposed, LLVM measures and checks them.",
    )
    .version(packageJson.version)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help shows the options)")
    .enablePositionalOptions() // `llmc cc --version` asks clang
    .exitOverride();
  const wanted = COMMANDS.get(argv[2] ?? "");
  const loads = wanted === undefined ? [...COMMANDS.values()] : [wanted];
  for (const command of await Promise.all(loads.map((load) => load())))
    program.addCommand(command.copyInheritedSettings(program));
  return program;
}

async function main(argv: readonly string[]): Promise<void> {
  try {
    await (await makeProgram(argv)).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong and gives the exit code; anything but a CommandError or commander's own is a bug of ours. */
function report(error: unknown): number {
  if (error instanceof CommandError) {
    complain(error.message);
    return error.exitCode;
  }
  if (
    error instanceof Error &&
    "exitCode" in error &&
    "code" in error &&
    String(error.code).startsWith("commander.")
  ) {
    return error.exitCode === 0 ? 0 : EXIT.usage;
  }
  throw error;
}

// `llmc passes list | head` closes our standard output early; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : 1),
);

await main(process.argv);
