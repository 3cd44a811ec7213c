/**
 * The last step: chunks in order to Parquet, shards and dataset.json. Rows that repeat an earlier one are left out, those of
 * `test` that repeat a `train` row among them. Files are made beside the old ones and take their place at the end.
 */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { type Database, openDatabase } from "../corpus/duckdb.ts";
import { SPLITS, type Split } from "../corpus/split.ts";
import { printPassList } from "../passes/print.ts";
import { type Dataset, type Totals, datasetPath } from "./dataset-file.ts";
import type { ModuleRows, TokenRow } from "./module-rows.ts";
import { type BuildOptions, type PlannedChunk, labelsHash, tokenizerHash } from "./plan.ts";
import { rowFilesWriter, rowFolder } from "./row-files.ts";
import { type Counts, count, rowKey } from "./row.ts";
import type { Selection } from "./select.ts";
import { shardFolderWriter } from "./shards.ts";
import { STAGES, type Stage, learnedShares, mixOf, shardFolder } from "./stages.ts";

export interface Material {
  readonly plan: readonly PlannedChunk[];
  readonly key: string;
  readonly selection: Selection;
  readonly readChunk: (chunk: PlannedChunk) => ModuleRows;
}

/** Undefined where the signal fired: then nothing of what was there has changed. */
export async function finish(
  options: BuildOptions,
  material: Material,
): Promise<Dataset | undefined> {
  const { out } = options;
  const partial = join(out, ".partial");
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const database = await openDatabase(join(partial, "spill"));
  let stages: Dataset["stages"] | undefined;
  try {
    await database.run("SET threads = 1"); // with more, row groups might end elsewhere
    stages = await writeAll({ options, material, database, partial });
  } finally {
    database.close();
    rmSync(join(partial, stages === undefined ? "" : "spill"), { recursive: true, force: true });
  }
  if (stages === undefined) return undefined;
  const dataset = describe(options, material, stages);
  takePlace(out, partial, dataset);
  return dataset;
}

interface Place {
  readonly options: BuildOptions;
  readonly material: Material;
  readonly database: Database;
  /** The folder that everything is written to. */
  readonly partial: string;
}

async function writeAll(place: Place): Promise<Dataset["stages"] | undefined> {
  const { options, material } = place;
  const seen = new Set<string>();
  const wanted = STAGES.filter((stage) => options.stages.includes(stage));
  const totals = new Map(wanted.map((stage) => [stage, new Map<Split, Totals>()]));
  const report = reporter(place);
  for (const split of SPLITS) {
    const writers = new Map(wanted.map((stage) => [stage, openStage(place, stage, split)]));
    for (const chunk of material.plan.filter((planned) => planned.split === split)) {
      if (options.signal?.aborted === true) return undefined;
      const { rows, leftOut } = material.readChunk(chunk);
      for (const [stage, { leave }] of writers)
        for (const [reason, times] of Object.entries(leftOut[stage] ?? {})) leave(reason, times);
      for (const row of rows) {
        const writer = writers.get(row.row.stage);
        const rowHash = rowKey(row.row);
        if (seen.has(rowHash)) writer?.leave("repeats another row", 1);
        else await writer?.add(row);
        seen.add(rowHash);
      }
      report(rows);
    }
    for (const [stage, writer] of writers) totals.get(stage)?.set(split, await writer.finish());
  }
  return Object.fromEntries([...totals].map(([stage, splits]) => [stage, bySplit(splits)]));
}

const NOTHING: Totals = { rows: 0, tokens: 0, learned: 0, leftOut: {} };

function bySplit(splits: ReadonlyMap<Split, Totals>): Record<Split, Totals> {
  const of = (split: Split): Totals => splits.get(split) ?? NOTHING;
  return { train: of("train"), valid: of("valid"), test: of("test") };
}

function reporter({ options, material }: Place): (rows: readonly TokenRow[]) => void {
  const start = performance.now();
  const sums = { done: 0, rows: 0, tokens: 0 };
  return (rows) => {
    sums.done++;
    sums.rows += rows.length;
    for (const { tokens } of rows) sums.tokens += tokens.length;
    const seconds = (performance.now() - start) / 1000;
    options.onProgress?.({ doing: "files", total: material.plan.length, seconds, ...sums });
  };
}

interface StageWriter {
  add(row: TokenRow): Promise<void>;
  leave(reason: string, times: number): void;
  finish(): Promise<Totals>;
}

function openStage(
  { options, material, database, partial }: Place,
  stage: Stage,
  split: Split,
): StageWriter {
  const { madeBy, llvm, seed, context, tokenizer } = options;
  const provenance = { stage, madeBy, llvm, seed, context, dataset: material.key };
  const notes = { format: "llmc-dataset 1", provenance: JSON.stringify(provenance) };
  const rows = rowFilesWriter(database, join(partial, rowFolder(stage, split)), notes);
  const shards = shardFolderWriter(join(partial, shardFolder(stage, split)), {
    vocabulary: tokenizer.size,
    split,
    mix: provenance,
  });
  const leftOut: Counts = {};
  return {
    async add(row) {
      shards.add(row);
      await rows.add(row);
    },
    leave: (reason, times) => count(leftOut, reason, times),
    async finish() {
      await rows.finish();
      const { documents, tokens, learned } = shards.finish();
      const sorted = Object.entries(leftOut).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return { rows: documents, tokens, learned, leftOut: Object.fromEntries(sorted) };
    },
  };
}

function describe(
  options: BuildOptions,
  { key, selection }: Material,
  stages: Dataset["stages"],
): Dataset {
  const { madeBy, llvm, seed, context, tokenizer, labels, coreset } = options;
  const learned = learnedShares(stages);
  const hash = labelsHash(labels);
  const { train, valid, test } = selection.modules;
  return {
    format: "llmc-dataset",
    version: 1,
    madeBy,
    key,
    llvm,
    seed,
    context,
    tokenizer: { hash: tokenizerHash(tokenizer), tokens: tokenizer.size },
    labels: hash === null ? null : { hash },
    modules: {
      train: train.length,
      valid: valid.length,
      test: test.length,
      tooLarge: selection.tooLarge,
    },
    stages,
    mixes: Object.fromEntries([...learned.keys()].map((stage) => [stage, mixOf(stage, learned)])),
    coreset: coreset.map(printPassList),
  };
}

/** dataset.json goes first and comes last: a folder that has it is whole. */
function takePlace(out: string, partial: string, dataset: Dataset): void {
  rmSync(datasetPath(out), { force: true });
  for (const name of ["rows", "shards"]) {
    rmSync(join(out, name), { recursive: true, force: true });
    if (existsSync(join(partial, name))) renameSync(join(partial, name), join(out, name));
  }
  writeFileAtomic(datasetPath(out), `${JSON.stringify(dataset, null, 1)}\n`);
  rmSync(partial, { recursive: true, force: true });
  rmSync(join(out, ".chunks"), { recursive: true, force: true });
}
