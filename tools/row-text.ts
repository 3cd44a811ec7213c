/**
 * The text of a dataset's training rows, for training a tokenizer on what models read and write: without marks, which are tokens of
 * their own anyway.
 *
 *   node tools/row-text.ts DATASET OUT_FOLDER
 */

import { globSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { openDatabase, quote } from "../src/corpus/duckdb.ts";
import { MARKS } from "../src/tasks/marks.ts";

const [dataset, out] = process.argv.slice(2);
if (dataset === undefined || out === undefined) {
  process.stderr.write("want: node tools/row-text.ts DATASET OUT_FOLDER\n");
  process.exit(2);
}

const row = z.object({ prompt: z.string(), answer: z.string() });
const marks = new RegExp(
  Object.values(MARKS)
    .map((mark) => mark.replaceAll("|", "\\|"))
    .join("|"),
  "g",
);

mkdirSync(out, { recursive: true });
const database = await openDatabase(join(out, ".spill.tmp"));
for (const path of globSync("rows/*-train/*.parquet", { cwd: dataset }).toSorted()) {
  const rows = await database.rows(`SELECT prompt, answer FROM ${quote(join(dataset, path))}`);
  const texts = rows.map((value) => {
    const { prompt, answer } = row.parse(value);
    return `${prompt}${answer}`.replaceAll(marks, "\n");
  });
  const name = `${basename(dirname(path))}-${basename(path, ".parquet")}.txt`;
  writeFileSync(join(out, name), texts.join("\n"));
  process.stdout.write(`${join(out, name)}: ${rows.length} rows\n`);
}
database.close();
