/** `llmc corpus stats`: what is in a corpus, as tables, JSON or a page with plots. */

import { existsSync } from "node:fs";
import { Command } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { statsPage } from "../../corpus/stats-page.ts";
import { type StatsTable, statsTables } from "../../corpus/stats-tables.ts";
import { type CorpusStats, corpusStats } from "../../corpus/stats.ts";
import { type Corpus, openCorpus } from "../../corpus/store.ts";
import { CommandError, EXIT } from "../context.ts";
import { jsonOption } from "../options.ts";
import { paint, table } from "../terminal.ts";
import { DEFAULT_CORPUS } from "./corpus-add.ts";

interface Options {
  corpus: string;
  json: boolean;
  html?: string;
}

export function corpusStatsCommand(): Command {
  return new Command("stats")
    .description("say what is in a corpus: splits, languages, sizes, duplicates")
    .option("-c, --corpus <folder|file>", "the corpus", DEFAULT_CORPUS)
    .addOption(jsonOption())
    .option("--html <file>", "write a page with plots too")
    .addHelpText("after", "\nExample:\n  llmc corpus stats --html stats.html")
    .action(runStats);
}

/** Opens a corpus that is there; `add` alone makes new ones. */
export async function openExisting(folder: string): Promise<Corpus> {
  if (!existsSync(folder))
    throw new CommandError(
      `${folder}: no corpus here; want -c FOLDER, or make one with \`llmc corpus add\``,
      EXIT.usage,
    );
  const corpus = await openCorpus(folder);
  for (const sentence of corpus.mended) process.stderr.write(`mended: ${sentence}\n`);
  return corpus;
}

async function runStats(options: Options): Promise<void> {
  const corpus = await openExisting(options.corpus);
  try {
    const stats = await corpusStats(corpus);
    print(options.json ? JSON.stringify(stats, null, 2) : tables(stats));
    if (options.html === undefined) return;
    writeFileAtomic(options.html, await statsPage(corpus, stats));
    if (!options.json) print(`\nwritten to ${options.html}`);
  } finally {
    corpus.close();
  }
}

function tables(stats: CorpusStats): string {
  const [facts, ...rest] = statsTables(stats);
  const text = ({ head, rows }: StatsTable): string => {
    const all = head === undefined ? rows : [head, ...rows];
    const [first = []] = all;
    return table(all, ["left", ...first.slice(1).map(() => "right" as const)]);
  };
  const named = rest.map((each) => `${paint("bold", each.title)}\n${text(each)}`);
  return [...(facts ? [text(facts)] : []), ...named].join("\n\n");
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
