/** `llmc corpus`: modules out of Debian source packages and anything else, without duplicates, split by package. */

import { Command } from "commander";
import { corpusAddCommand } from "./corpus-add.ts";
import { corpusExportCommand } from "./corpus-export.ts";
import { corpusStatsCommand } from "./corpus-stats.ts";

const HELP = `
Examples:
  llmc corpus add deb:zlib                          a Debian package, built here
  llmc corpus add out/ --package mine               .bc and .ll files
  llmc corpus stats                                 what there is
  llmc corpus export modules/ --split train         its modules as files

Exit codes: 0 done, 1 found a problem, 2 bad usage or input, 3 something is missing here.`;

export function corpusCommand(): Command {
  const corpus = new Command("corpus")
    .description("Collect LLVM modules for training and measuring.")
    .addHelpText("after", HELP)
    .showHelpAfterError("(--help shows the options)")
    .exitOverride(); // main.ts tells the commands, not those below them
  for (const command of [corpusAddCommand(), corpusStatsCommand(), corpusExportCommand()]) {
    corpus.addCommand(command.copyInheritedSettings(corpus));
  }
  return corpus;
}
