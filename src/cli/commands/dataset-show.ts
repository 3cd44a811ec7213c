/** `llmc dataset show` and `llmc dataset stats`: one row as the model sees it, and what there is. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { openDatabase } from "../../corpus/duckdb.ts";
import { SPLITS, type Split } from "../../corpus/split.ts";
import { type Dataset, readDataset } from "../../dataset/dataset-file.ts";
import { type StoredRow, readRows } from "../../dataset/row-files.ts";
import { STAGES, type Stage } from "../../dataset/stages.ts";
import { CommandError, EXIT, integer } from "../context.ts";
import { jsonOption } from "../options.ts";
import { paint, table } from "../terminal.ts";

const SHOW_HELP = `
Examples:
  llmc dataset show data/ --task tune --row 3
  llmc dataset show data/ --task disassemble --split test --json | jq -r .answer

Rows are numbered from 0. With DuckDB or any other reader of Parquet: data/rows/tune-train/*.parquet.
Exit codes: 0 done, 2 bad usage or input, no such row.`;

const STATS_HELP = `
Examples:
  llmc dataset stats data/
  llmc dataset stats data/ --json | jq .mixes.tune     what run.json takes as the stage's data

Exit codes: 0 done, 2 bad usage or input.`;

interface ShowOptions {
  task: Stage;
  split: Split;
  row: number;
  json: boolean;
}

export function datasetShowCommand(): Command {
  return new Command("show")
    .description("print one row")
    .argument("<folder>", "what `llmc dataset build` made")
    .addOption(
      new Option("--task <name>", "stage of training").choices(STAGES).makeOptionMandatory(),
    )
    .addOption(new Option("--split <name>", "which part").choices(SPLITS).default("train"))
    .option("--row <n>", "its number, from 0", integer(0), 0)
    .addOption(jsonOption())
    .addHelpText("after", SHOW_HELP)
    .action(runShow);
}

export function datasetStatsCommand(): Command {
  return new Command("stats")
    .description("say what a dataset holds, and what was left out")
    .argument("<folder>", "what `llmc dataset build` made")
    .option("--json", "print dataset.json and nothing else on standard output", false)
    .addHelpText("after", STATS_HELP)
    .action((folder: string, { json }: { json: boolean }) => {
      const dataset = requireDataset(folder);
      print(json ? JSON.stringify(dataset, null, 2) : statsText(dataset));
    });
}

async function runShow(folder: string, { task, split, row, json }: ShowOptions): Promise<void> {
  const count = requireDataset(folder).stages[task]?.[split].rows ?? 0;
  if (row >= count)
    throw new CommandError(
      count === 0
        ? `${folder}: no ${task} rows in ${split}; \`llmc dataset stats\` says what there is`
        : `${folder}: no row ${row}; ${split} has ${count} ${task} rows, 0 to ${count - 1}`,
      EXIT.usage,
    );
  const database = await openDatabase(join(folder, `.spill.${process.pid}.tmp`));
  try {
    for await (const found of readRows(database, folder, {
      stage: task,
      split,
      from: row,
      limit: 1,
    }))
      print(json ? JSON.stringify(found, null, 2) : rowText(found));
  } finally {
    database.close();
  }
}

const MARK = /<\|[\w-]+\|>/g;

function rowText(row: StoredRow): string {
  const facts: [string, string][] = [
    ["row", `${row.row} of ${row.stage}, ${row.split}`],
    ["from", `${row.package}/${row.path}, module ${row.module.slice(0, 12)}`],
    ["what", `${row.part}, ${row.architecture}, ${row.functions.length} functions`],
    ["passes", row.passes === "" ? "none" : row.passes],
    ["tokens", `prompt ${row.promptTokens}, answer ${row.answerTokens}`],
  ];
  const marked = (text: string): string =>
    text.replaceAll(MARK, (mark) => `\n${paint("cyan", mark)}\n`).replaceAll(/\n{2,}/g, "\n");
  const heading = (text: string): string => paint("bold", `--- ${text} ---`);
  return [
    table(facts, ["left", "left"]),
    heading("prompt") + marked(row.prompt).trimEnd(),
    `${heading("answer")}\n${marked(row.answer).trim()}`,
  ].join("\n");
}

/** As a table, with what was left out below it. */
export function statsText(dataset: Dataset): string {
  const { modules, stages } = dataset;
  const head = ["stage", "split", "rows", "tokens", "learned", "tokens a row"];
  const rows = eachPart(stages).map(({ stage, split, totals }) => [
    stage,
    split,
    `${totals.rows}`,
    `${totals.tokens}`,
    `${totals.learned}`,
    totals.rows === 0 ? "-" : (totals.tokens / totals.rows).toFixed(0),
  ]);
  const left = eachPart(stages).flatMap(({ stage, split, totals }) =>
    Object.entries(totals.leftOut).map(([why, times]) => [stage, split, `${times}`, why]),
  );
  const numbers = ["left", "left", "right", "right", "right", "right"] as const;
  return [
    `${modules.train} train, ${modules.valid} valid, ${modules.test} test modules` +
      (modules.tooLarge > 0 ? `, ${modules.tooLarge} too large` : "") +
      `; LLVM ${dataset.llvm}, context ${dataset.context}, seed ${dataset.seed}`,
    table([head, ...rows], numbers),
    ...(left.length === 0 ? [] : ["", "left out:", table(left, ["left", "left", "right", "left"])]),
  ].join("\n");
}

function eachPart(
  stages: Dataset["stages"],
): { stage: Stage; split: Split; totals: NonNullable<Dataset["stages"][Stage]>[Split] }[] {
  return STAGES.flatMap((stage) => {
    const splits = stages[stage];
    return splits ? SPLITS.map((split) => ({ stage, split, totals: splits[split] })) : [];
  });
}

function requireDataset(folder: string): Dataset {
  let found: Dataset | undefined;
  try {
    found = readDataset(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `${folder}/dataset.json is not one of ours: ${why}; build the dataset again`,
      EXIT.usage,
    );
  }
  if (found === undefined)
    throw new CommandError(
      `${folder}: no dataset.json; want a folder that \`llmc dataset build\` finished`,
      EXIT.usage,
    );
  return found;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
