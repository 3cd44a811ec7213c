/** `dataset.json`: what a dataset is made of and what is in it. It is written last: without it a folder is no dataset. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SPLITS } from "../corpus/split.ts";
import { STAGES } from "./stages.ts";

const count = z.int().nonnegative();

const totalsSchema = z.object({
  rows: count,
  tokens: count,
  /** Tokens that are learned: answers alone in the three tasks. */
  learned: count,
  /** Rows that were not made, or not kept, by reason. */
  leftOut: z.record(z.string(), count),
});
export type Totals = z.infer<typeof totalsSchema>;

export const datasetSchema = z.object({
  format: z.literal("llmc-dataset"),
  version: z.literal(1),
  madeBy: z.string(),
  /** Of all that the rows depend on: equal keys, equal bytes. */
  key: z.string(),
  llvm: z.string(),
  seed: z.number(),
  context: count,
  tokenizer: z.object({ hash: z.string(), tokens: count }),
  labels: z.object({ hash: z.string() }).nullable(),
  /** Distinct modules that rows were made of, and those over the limit of size. */
  modules: z.object({ train: count, valid: count, test: count, tooLarge: count }),
  stages: z.partialRecord(z.enum(STAGES), z.record(z.enum(SPLITS), totalsSchema)),
  /** What each stage trains on: run.json's `data`, with folders relative to this file. */
  mixes: z.partialRecord(
    z.enum(STAGES),
    z.array(
      z.object({
        folder: z.string(),
        weight: z.number(),
        long_documents: z.enum(["split", "drop"]),
      }),
    ),
  ),
  /** What `#N` means in tuning answers. */
  coreset: z.array(z.string()),
});
export type Dataset = z.infer<typeof datasetSchema>;

export const datasetPath = (folder: string): string => join(folder, "dataset.json");

/** Undefined where there is none. Throws where it is not what `buildDataset` writes. */
export function readDataset(folder: string): Dataset | undefined {
  const path = datasetPath(folder);
  if (!existsSync(path)) return undefined;
  return datasetSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}
