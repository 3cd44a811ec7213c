/** Rows as Parquet, to be browsed: `rows/STAGE-SPLIT/000.parquet` and so on, numbered through by the column `row`. */

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Cell, type Database, quote } from "../corpus/duckdb.ts";
import { writeParquet } from "../corpus/package-file.ts";
import type { Split } from "../corpus/split.ts";
import type { TokenRow } from "./module-rows.ts";
import { rowSchema } from "./row.ts";
import type { Stage } from "./stages.ts";

/** Characters of prompts and answers in one file: what is held in memory before it is written. */
const MAX_FILE_CHARACTERS = 128 * 2 ** 20;

const COLUMNS = {
  row: "BIGINT",
  stage: "VARCHAR",
  split: "VARCHAR",
  module: "VARCHAR",
  package: "VARCHAR",
  path: "VARCHAR",
  part: "VARCHAR",
  architecture: "VARCHAR",
  teaches: "VARCHAR",
  passes: "VARCHAR",
  functions: "VARCHAR",
  promptTokens: "BIGINT",
  answerTokens: "BIGINT",
  prompt: "VARCHAR",
  answer: "VARCHAR",
  told: "VARCHAR",
} as const;

/** Lists come in as JSON: DuckDB's appender takes nested values one by one, which is far slower. */
const NESTED = `* REPLACE (from_json(functions, '["VARCHAR"]') AS functions, from_json(told, '["INTEGER"]') AS told)`;

export const rowFolder = (stage: Stage, split: Split): string => `rows/${stage}-${split}`;

export interface RowFiles {
  add(row: TokenRow): Promise<void>;
  /** Writes what is left. Without any row there is no folder. */
  finish(): Promise<void>;
}

/** `notes` go into each file's metadata. */
export function rowFilesWriter(
  database: Database,
  folder: string,
  notes: Readonly<Record<string, string>>,
): RowFiles {
  let pending: TokenRow[] = [];
  let characters = 0;
  let first = 0;
  let files = 0;
  const table = `rows_${folder.replaceAll(/\W/g, "_")}`;
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    mkdirSync(folder, { recursive: true });
    const cells = pending.map((row, index) => cellsOf(row, first + index));
    await database.fill(table, COLUMNS, cells);
    const path = join(folder, `${String(files++).padStart(3, "0")}.parquet`);
    await writeParquet(database, path, {
      query: `SELECT ${NESTED} FROM ${table} ORDER BY row`,
      notes,
    });
    await database.run(`DROP TABLE ${table}`);
    first += pending.length;
    [pending, characters] = [[], 0];
  };
  return {
    async add(row) {
      pending.push(row);
      characters += row.row.prompt.length + row.row.answer.length;
      if (characters > MAX_FILE_CHARACTERS) await flush();
    },
    finish: flush,
  };
}

function cellsOf({ row, promptTokens, answerTokens }: TokenRow, number: number): Cell[] {
  return [
    number,
    row.stage,
    row.split,
    row.module,
    row.package,
    row.path,
    row.part,
    row.architecture,
    row.teaches,
    row.passes,
    JSON.stringify(row.functions),
    promptTokens,
    answerTokens,
    row.prompt,
    row.answer,
    JSON.stringify(row.told),
  ];
}

const count = z.coerce.number();
const storedSchema = rowSchema.extend({
  row: count,
  promptTokens: count,
  answerTokens: count,
});
export type StoredRow = z.infer<typeof storedSchema>;

export interface RowPlace {
  readonly stage: Stage;
  readonly split: Split;
}

/** Rows `from` and those after it, `limit` at most, in order. None where there is no such file. */
export async function* readRows(
  database: Database,
  folder: string,
  { stage, split, from = 0, limit }: RowPlace & { from?: number; limit?: number },
): AsyncGenerator<StoredRow> {
  const own = join(folder, rowFolder(stage, split));
  if (!existsSync(own) || readdirSync(own).length === 0) return;
  const bound = limit === undefined ? "" : `LIMIT ${limit}`;
  const query = `SELECT * REPLACE (to_json(functions)::VARCHAR AS functions, to_json(told)::VARCHAR AS told)
    FROM read_parquet(${quote(join(own, "*.parquet"))}) WHERE row >= ${from} ORDER BY row ${bound}`;
  for await (const value of database.stream(query)) {
    const nested = z.object({ functions: z.string(), told: z.string() }).parse(value);
    const [functions, told] = [JSON.parse(nested.functions), JSON.parse(nested.told)];
    yield storedSchema.parse({ ...value, functions, told });
  }
}
