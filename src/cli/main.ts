#!/usr/bin/env node
/** The `llmc` program: one file a command in commands/, and what is common to them here. */

import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { CommandError, EXIT, complain } from "./context.ts";
import { compilerCommands } from "./commands/cc.ts";
import { corpusCommand } from "./commands/corpus.ts";
import { datasetCommand } from "./commands/dataset.ts";
import { disassembleCommand } from "./commands/disassemble.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { emulateCommand } from "./commands/emulate.ts";
import { evalCommand } from "./commands/eval.ts";
import { labelCommand } from "./commands/label.ts";
import { modelsCommand } from "./commands/models.ts";
import { optimizeCommand } from "./commands/optimize.ts";
import { passesCommand } from "./commands/passes.ts";
import { auditCommand } from "./commands/passes-audit.ts";
import { reportCommand } from "./commands/report.ts";
import { tokenizerCommand } from "./commands/tokenizer.ts";
import { trainCommand } from "./commands/train.ts";
import { tuneCommand } from "./commands/tune.ts";
import { verifyCommand } from "./commands/verify.ts";

const EXAMPLES = `
Examples:
  llmc optimize main.c -o main.o              a smaller main.o than clang -Oz gives
  llmc optimize src/ -o build/ -- -Iinclude   every source below src/, with clang flags
  llmc tune main.bc --budget 500              a longer search for one module
  llmc passes search merge                    what passes there are
  llmc verify --passes 'default<Oz>,mergefunc'  does a pass list break programs?
  llmc doctor                                 is everything here that is needed?

Exit codes: 0 done, 1 found a problem, 2 bad usage or input, 3 something is missing on this machine.`;

function makeProgram(): Command {
  const program = new Command("llmc")
    .description(
      "Smaller object files than clang -Oz: pass lists are proposed, LLVM measures and checks them.",
    )
    .version(packageJson.version)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help shows the options)")
    .enablePositionalOptions() // `llmc cc --version` asks clang
    .exitOverride();
  const passes = passesCommand();
  passes.addCommand(auditCommand().copyInheritedSettings(passes));
  for (const command of [
    optimizeCommand(),
    tuneCommand(),
    passes,
    verifyCommand(),
    labelCommand(),
    corpusCommand(),
    tokenizerCommand(),
    trainCommand(),
    datasetCommand(),
    disassembleCommand(),
    emulateCommand(),
    evalCommand(),
    reportCommand(),
    modelsCommand(),
    doctorCommand(),
    ...compilerCommands(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

async function main(argv: readonly string[]): Promise<void> {
  try {
    await makeProgram().parseAsync([...argv]);
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
