/** `llmc train plot`: loss curves. */

import { Command } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { readCurves } from "../../train/curves.ts";
import { lossPage, lossSvg } from "../../train/plot.ts";
import { CommandError, EXIT } from "../context.ts";

export function plotCommand(): Command {
  return new Command("plot")
    .showHelpAfterError("(--help shows the options)")
    .exitOverride() // main.ts tells the commands, not those below them
    .description("draw the loss curves of one or several runs")
    .argument("<runs...>", "folders of `llmc train --out`, or folders with metrics.jsonl")
    .requiredOption("-o, --out <file>", "an .html page, or an .svg file")
    .addHelpText(
      "after",
      `
Examples:
  llmc train plot runs/nano -o loss.html
  llmc train plot runs/a runs/b -o loss.svg     one plot for both`,
    )
    .action(plot);
}

async function plot(folders: readonly string[], { out }: { readonly out: string }): Promise<void> {
  if (!/\.(svg|html)$/.test(out))
    throw new CommandError(`--out ${out}: want a name that ends in .html or .svg`, EXIT.usage);
  const runs = folders.map((folder) => {
    const curves = readCurves(folder);
    if (curves === undefined || curves.training.length === 0)
      throw new CommandError(
        `${folder}: no metrics.jsonl with steps, nor one of a stage below it; want the folder of a run`,
        EXIT.usage,
      );
    return curves;
  });
  writeFileAtomic(out, await (out.endsWith(".svg") ? lossSvg(runs) : lossPage(runs)));
  process.stdout.write(`${out}\n`);
}
