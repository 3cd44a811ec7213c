/**
 * The rows of a run as Parquet, a file a suite (rows-SUITE.parquet), so that anyone can make the tables again:
 * `duckdb -c "SELECT contender, avg(1 - sizes[1] / ozSize) FROM 'rows-tune.parquet' GROUP BY 1"`.
 */

import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../base/files.ts";
import { type Database, openDatabase, quote } from "../corpus/duckdb.ts";
import { type Row, rowSchema } from "./row.ts";
import { SUITES, type SuiteName } from "./suite.ts";

const COMMON = {
  suite: "VARCHAR",
  contender: "VARCHAR",
  case: "VARCHAR",
  package: "VARCHAR",
  language: "VARCHAR",
  bytes: "BIGINT",
  promptTokens: "BIGINT",
  status: "VARCHAR",
  problem: "VARCHAR",
  seconds: "DOUBLE",
};
const BLEU =
  "STRUCT(correct BIGINT[], total BIGINT[], answerLength BIGINT, referenceLength BIGINT)";

const COLUMNS: Readonly<Record<SuiteName, Readonly<Record<string, string>>>> = {
  tune: {
    ...COMMON,
    ozSize: "BIGINT",
    ozPublished: "BIGINT",
    ozInstructions: "BIGINT",
    sizes: "BIGINT[]",
    published: "BIGINT[]",
    instructions: "BIGINT[]",
    unreadable: "BIGINT",
  },
  size: {
    ...COMMON,
    predictedBefore: "DOUBLE",
    measuredBefore: "BIGINT",
    predictedAfter: "DOUBLE",
    measuredAfter: "BIGINT",
  },
  disassemble: {
    ...COMMON,
    target: "VARCHAR",
    verdicts: "VARCHAR[]",
    compiles: "BOOLEAN[]",
    mended: "BOOLEAN[]",
    refined: "VARCHAR",
    roundTripBleu: BLEU,
    irBleu: BLEU,
  },
  emulate: {
    ...COMMON,
    passes: "VARCHAR",
    want: "VARCHAR",
    compiles: "BOOLEAN",
    isMended: "BOOLEAN",
    isExact: "BOOLEAN",
    bleu: BLEU,
    predictedInstructions: "DOUBLE",
    measuredInstructions: "BIGINT",
    predictedBytes: "DOUBLE",
    measuredBytes: "BIGINT",
  },
  loss: {
    ...COMMON,
    kind: "VARCHAR",
    nats: "DOUBLE",
    tokens: "BIGINT",
    characters: "BIGINT",
  },
  code: { ...COMMON, benchmark: "VARCHAR", passed: "BOOLEAN[]" },
};

const fileOf = (folder: string, suite: SuiteName): string => join(folder, `rows-${suite}.parquet`);

/** Suites without rows get no file, and lose the one they had. */
export async function writeRows(folder: string, rows: readonly Row[]): Promise<void> {
  makeFolder(folder);
  await withDatabase(folder, async (database) => {
    for (const suite of SUITES) {
      const own = rows.filter((row) => row.suite === suite);
      if (own.length === 0) rmSync(fileOf(folder, suite), { force: true });
      else await writeSuite(database, { path: fileOf(folder, suite), suite, rows: own });
    }
  });
}

async function writeSuite(
  database: Database,
  { path, suite, rows }: { path: string; suite: SuiteName; rows: readonly Row[] },
): Promise<void> {
  const [lines, written] = [`${path}.${process.pid}.jsonl.tmp`, `${path}.${process.pid}.tmp`];
  const columns = Object.entries(COLUMNS[suite]).map(([name, type]) => `"${name}": '${type}'`);
  try {
    writeFileSync(lines, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const read = `read_json(${quote(lines)}, format = 'newline_delimited', columns = {${columns.join(", ")}}, maximum_object_size = 104857600)`;
    await database.run(
      `COPY (SELECT * FROM ${read}) TO ${quote(written)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    renameSync(written, path);
  } finally {
    rmSync(lines, { force: true });
    rmSync(written, { force: true });
  }
}

/** All rows that writeRows wrote into the folder, in the order of suites. */
export async function readRows(folder: string): Promise<Row[]> {
  const found = SUITES.filter((suite) => existsSync(fileOf(folder, suite)));
  const rows: Row[] = [];
  await withDatabase(folder, async (database) => {
    for (const suite of found) {
      const from = quote(fileOf(folder, suite));
      for (const { row } of await database.rows(`SELECT to_json(t)::VARCHAR AS row FROM ${from} t`))
        rows.push(rowSchema.parse(JSON.parse(String(row))));
    }
  });
  return rows;
}

async function withDatabase(
  folder: string,
  use: (database: Database) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(join(folder, `.spill.${process.pid}.tmp`));
  try {
    await use(database);
  } finally {
    database.close();
  }
}
