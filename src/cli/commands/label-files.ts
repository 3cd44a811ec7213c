/** `llmc label merge` and `llmc label stats`: from journals to Parquet, and what is in it. */

import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { type LabelLine, readLabelLines } from "../../label/journal.ts";
import { type Labels, labelsOf, linesOf } from "../../label/labels.ts";
import { listsPath, readLabels, writeLabels } from "../../label/parquet.ts";
import { CORESET_SIZES, type LabelStats, type Saving, labelStats } from "../../label/stats.ts";
import { type Conflict, addLines, makeTable } from "../../label/table.ts";
import { CommandError, EXIT, complain } from "../context.ts";
import { jsonOption } from "../options.ts";
import { paint, table } from "../terminal.ts";

const MERGE_HELP = `
Examples:
  llmc label merge labels/labels.jsonl -o labels.parquet
  llmc label merge a/labels.jsonl b/labels.jsonl -o labels.parquet

  llmc label merge labels.parquet more/labels.jsonl --partly -o all.parquet

Writes labels.parquet, a row a module, and labels-lists.parquet, the pass lists that its columns name by id. Modules that
were not searched yet, or not tried with every list, are left out; with --partly they are in it, and what was not tried counts as failed.
Exit codes: 0 done, 1 journals contradict each other (nothing is written), 2 bad usage or input.`;

const STATS_HELP = `
Examples:
  llmc label stats labels.parquet                          with the shipped coreset
  llmc label stats labels.parquet --coreset coreset.json   with another one, before and after

Savings are percent over -Oz: of all bytes together / mean of the modules, with -Oz to fall back on.
Exit codes: 0 done, 2 bad usage or input.`;

const MAX_SHOWN = 20;

export function mergeCommand(): Command {
  return new Command("merge")
    .description("Put label journals of several machines together into Parquet.")
    .argument("<journal...>", "labels.jsonl of each, or labels.parquet of an earlier merge")
    .requiredOption("-o, --output <file>", "labels.parquet")
    .option("--partly", "also modules that were not searched or not tried with every list", false)
    .addOption(jsonOption())
    .addHelpText("after", MERGE_HELP)
    .exitOverride() // main.ts turns it into our exit code
    .action(runMerge);
}

async function runMerge(
  journals: string[],
  { output, partly, json }: { output: string; partly: boolean; json: boolean },
): Promise<void> {
  for (const path of journals)
    if (!existsSync(path)) throw new CommandError(`${path}: no such journal`, EXIT.usage);
  const lists = orUsage(() => listsPath(output));
  const labelled = makeTable();
  const lines = await Promise.all(journals.map(readLines));
  const conflicts = addLines(labelled, lines.flat());
  for (const conflict of conflicts.slice(0, MAX_SHOWN)) complain(describeConflict(conflict));
  const told = {
    conflicts: conflicts.length,
    modules: labelled.modules.size,
    unusable: labelled.unusable.size,
  };
  if (conflicts.length > 0) {
    if (json) print(JSON.stringify(told, null, 2));
    throw new CommandError(
      `${conflicts.length} conflicts, nothing written: the machines do not measure alike`,
      EXIT.problem,
    );
  }
  const labels = labelsOf(labelled, { partly });
  await writeLabels(output, labels);
  const rows = labels.rows.length;
  if (json) return print(JSON.stringify({ ...told, rows, lists: labels.lists.length }, null, 2));
  print(`${rows} modules of ${told.modules} in full, ${told.unusable} unusable`);
  print(`written to ${output} and ${lists}`);
}

async function readLines(path: string): Promise<LabelLine[]> {
  return path.endsWith(".parquet") ? linesOf(await openLabels(path)) : readLabelLines(path);
}

/** Hashes of the modules that a journal or a labels.parquet has. */
export async function labelledModules(path: string): Promise<ReadonlySet<string>> {
  if (!existsSync(path)) throw new CommandError(`${path}: no such labels`, EXIT.usage);
  const labelled = makeTable();
  addLines(labelled, await readLines(path));
  return new Set(labelled.modules.keys());
}

const describeConflict = ({ module, passes, known, found }: Conflict): string =>
  `module ${module}, ${passes}: ${known} bytes in one journal, ${found} in another`;

function orUsage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), EXIT.usage);
  }
}

export function statsCommand(): Command {
  return new Command("stats")
    .description("Coverage, the best list, and what the first lists of a coreset save.")
    .argument("<labels>", "labels.parquet")
    .option("--coreset <file>", "a coreset.json (default: the shipped one)")
    .addOption(jsonOption())
    .addHelpText("after", STATS_HELP)
    .exitOverride()
    .action(runStats);
}

async function runStats(
  path: string,
  { coreset, json }: { coreset?: string; json: boolean },
): Promise<void> {
  const stats = labelStats(await openLabels(path), coresetLists(coreset));
  if (json) return print(JSON.stringify(stats, null, 2));
  printStats(stats);
}

async function openLabels(path: string): Promise<Labels> {
  for (const file of [path, orUsage(() => listsPath(path))])
    if (!existsSync(file))
      throw new CommandError(`${file}: no such file; \`llmc label merge\` makes it`, EXIT.usage);
  return readLabels(path);
}

const coresetSchema = z.object({ lists: z.array(z.string()) });

function coresetLists(path: string | undefined): string[] {
  const shipped = new URL("../../tuner/coreset.json", import.meta.url);
  const parsed = coresetSchema.safeParse(
    orUsage(() => JSON.parse(readFileSync(path ?? shipped, "utf8"))),
  );
  if (parsed.success) return parsed.data.lists;
  throw new CommandError(`${path}: want a coreset.json, an object with "lists"`, EXIT.usage);
}

function printStats({ llvm, lists, missing, splits }: LabelStats): void {
  print(
    `LLVM ${llvm}: ${lists.broadcast} lists tried on every module, ${lists.all - lists.broadcast} more are a module's own; ${lists.unchecked} unchecked`,
  );
  if (missing.length > 0)
    print(`${missing.length} lists of the coreset are in no label and count as saving nothing`);
  const head = ["", ...splits.flatMap(({ split }) => [`${split}: size`, "published"])];
  const row = (
    name: string,
    of: (split: LabelStats["splits"][number]) => { size: Saving; published: Saving } | undefined,
  ): string[] => [name, ...splits.flatMap((split) => both(of(split)))];
  const rows = [
    head,
    ["modules / packages", ...splits.flatMap((s) => [`${s.modules} / ${s.packages}`, ""])],
    ["failed measurements", ...splits.flatMap((s) => [`${s.failed}`, ""])],
    ["best list alone", ...splits.flatMap((s) => [saving(s.bestList?.saving), ""])],
    ...CORESET_SIZES.map((k) => row(`coreset, ${k}`, ({ coreset }) => coreset[k])),
    row("own best", ({ own }) => own),
  ];
  print(table(rows, ["left", ...head.slice(1).map(() => "right" as const)]));
  for (const { split, bestList } of splits)
    if (bestList !== undefined) print(paint("dim", `best list of ${split}: ${bestList.passes}`));
}

const saving = (value: Saving | undefined): string =>
  value === undefined ? "-" : `${value.total.toFixed(2)} / ${value.mean.toFixed(2)} %`;
const both = (value: { size: Saving; published: Saving } | undefined): string[] => [
  saving(value?.size),
  saving(value?.published),
];

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
