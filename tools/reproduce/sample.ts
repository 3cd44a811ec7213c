/** The committed sample of the test split, as `llmc eval` is asked about it. */

import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
const CORPUS = join(ROOT, "test/corpus/test-split.parquet");

/** `models` are NAME=FILE, `budgets` options with their numbers. */
export const evalSample = (
  models: readonly string[],
  budgets: Readonly<Record<string, number>>,
): string[] => [
  "eval",
  "--corpus",
  CORPUS,
  "--known",
  CORPUS.replace(".parquet", "-known.txt"),
  ...models.flatMap((model) => ["--model", model]),
  ...optionsOf(budgets),
];

export const optionsOf = (budgets: Readonly<Record<string, number>>): string[] =>
  Object.entries(budgets).flatMap(([name, value]) => [name, `${value}`]);
