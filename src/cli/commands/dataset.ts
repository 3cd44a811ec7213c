/** `llmc dataset`: training data out of a corpus and its labels. */

import { Command } from "commander";
import { datasetBuildCommand } from "./dataset-build.ts";
import { datasetShowCommand, datasetStatsCommand } from "./dataset-show.ts";

const HELP = `
Examples:
  llmc dataset build --corpus corpus/ --labels labels.parquet --tokenizer tokenizer.json --out data/
  llmc dataset stats data/                      rows and tokens of each stage, what was left out and why
  llmc dataset show data/ --task tune --row 3   one row as the model sees it

Exit codes: 0 done, 2 bad usage or input, 3 something is missing on this machine, 130 interrupted.`;

export function datasetCommand(): Command {
  const dataset = new Command("dataset")
    .description("Make rows and shards for the four training stages, and look at them.")
    .addHelpText("after", HELP)
    .showHelpAfterError("(--help shows the options)")
    .exitOverride(); // main.ts tells the commands, not those below them
  for (const command of [datasetBuildCommand(), datasetShowCommand(), datasetStatsCommand()])
    dataset.addCommand(command.copyInheritedSettings(dataset));
  return dataset;
}
