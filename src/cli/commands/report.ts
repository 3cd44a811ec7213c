/** `llmc report`: the rows of an evaluation as tables and plots. */

import { Command } from "commander";
import { jsonOption } from "../options.ts";
import type { ReportOptions } from "../run-report.ts";

const HELP = `
Examples:
  llmc report evaluation/ -o report.html       one page with tables and plots, no script and no other file
  llmc report evaluation/ -o report.md         the same tables as Markdown
  llmc report evaluation/ --json               the tables for programs

The same rows give the same tables, but for the table of times. Exit codes: 0 done, 2 bad usage or input.`;

export function reportCommand(): Command {
  return new Command("report")
    .description("Make tables and plots of what `llmc eval` found.")
    .argument("<folder>", "what `llmc eval` wrote")
    .option(
      "-o, --output <file>",
      "a page (.html) or Markdown (.md); else Markdown on standard output",
    )
    .option("--title <text>", "of the report", "Evaluation")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (folder: string, options: ReportOptions) => {
      const { runReport } = await import("../run-report.ts");
      await runReport(folder, options);
    });
}
