/** `llmc corpus stats`: what is in a corpus, as tables, JSON or a page with plots. */

import { existsSync } from "node:fs";
import { Command } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { statsPage } from "../../corpus/stats-page.ts";
import { type CorpusStats, type Group, corpusStats } from "../../corpus/stats.ts";
import { type Corpus, openCorpus } from "../../corpus/store.ts";
import { CommandError, EXIT } from "../context.ts";
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
    .option("--json", "print one JSON object and nothing else on standard output", false)
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
  const { total, removed, leak, lastRun } = stats;
  const facts: string[][] = [
    ["packages", number(total.packages)],
    ["modules", `${number(total.kept)} kept of ${number(total.modules)}`],
    ["functions", `${number(total.functions)}, ${number(total.distinctFunctions)} distinct`],
    ["instructions", number(total.instructions)],
    ["characters of the normal form", number(total.characters)],
    ["bitcode bytes", number(total.bitcodeBytes)],
    [
      "test functions that training has too",
      `${number(leak.inTrain)} of ${number(leak.functions)}`,
    ],
  ];
  if (lastRun !== undefined)
    facts.push(["modules a second, last run", (lastRun.modules / lastRun.seconds).toFixed(1)]);
  return [
    table(facts, ["left", "right"]),
    section("splits", groupTable("split", stats.bySplit)),
    section("languages", groupTable("language", stats.byLanguage)),
    section(
      "removed",
      table(
        [
          ["why", "modules", "functions"],
          ...removed.map(({ why, modules, functions }) => [
            why,
            number(modules),
            number(functions),
          ]),
        ],
        ["left", "right", "right"],
      ),
    ),
    section("sizes", sizesTable(stats)),
    section("packages", groupTable("package", stats.byPackage)),
  ].join("\n\n");
}

const section = (title: string, text: string): string => `${paint("bold", title)}\n${text}`;

function groupTable(title: string, groups: readonly Group[]): string {
  const head = [
    title,
    "packages",
    "modules",
    "functions",
    "distinct",
    "instructions",
    "characters",
  ];
  const rows = groups.map((row) => [
    row.name,
    ...[
      row.packages,
      row.modules,
      row.functions,
      row.distinctFunctions,
      row.instructions,
      row.characters,
    ].map(number),
  ]);
  return table([head, ...rows], ["left", ...head.slice(1).map(() => "right" as const)]);
}

function sizesTable({ sizes }: CorpusStats): string {
  const head = ["", "min", "10 %", "median", "90 %", "99 %", "max"];
  const rows = sizes.map((row) => [
    row.of,
    ...[row.min, row.p10, row.median, row.p90, row.p99, row.max].map(number),
  ]);
  return table([head, ...rows], ["left", ...head.slice(1).map(() => "right" as const)]);
}

const number = (value: number): string => Math.round(value).toLocaleString("en");
const print = (text: string): void => void process.stdout.write(`${text}\n`);
