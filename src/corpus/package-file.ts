/** The Parquet file of one package: written whole to a temporary name, then renamed. */

import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { WithBitcode } from "./corpus-module.ts";
import { type Cell, type Database, quote } from "./duckdb.ts";

/** Raised when a column or the normal form changes its meaning: files of another format are made anew. */
export const FORMAT = "1";

const COLUMNS = {
  hash: "VARCHAR",
  package: "VARCHAR",
  version: "VARCHAR",
  licence: "VARCHAR",
  path: "VARCHAR",
  language: "VARCHAR",
  flags: "VARCHAR",
  split: "VARCHAR",
  bitcodeBytes: "BIGINT",
  textBytes: "BIGINT",
  instructions: "BIGINT",
  functions: "VARCHAR",
  bitcode: "BLOB",
} as const;

// Lists come in as JSON: DuckDB's appender takes nested values one by one, which is far slower.
const FUNCTIONS_TYPE =
  '[{"name": "VARCHAR", "hash": "VARCHAR", "instructions": "UINTEGER", "blocks": "UINTEGER"}]';
const NESTED = `* REPLACE (from_json(flags, '["VARCHAR"]') AS flags, from_json(functions, '${FUNCTIONS_TYPE}') AS functions)`;

let serial = 0;

/** Rows in the order of their hashes, so that the same modules give the same file. */
export async function writePackageFile(
  database: Database,
  path: string,
  modules: Iterable<WithBitcode> | AsyncIterable<WithBitcode>,
): Promise<void> {
  const table = `package_${++serial}`; // two packages may be written at the same time
  try {
    await database.fill(table, COLUMNS, cellsOf(modules));
    await writeParquet(database, path, {
      query: `SELECT ${NESTED} FROM ${table} ORDER BY hash, path, flags`,
      notes: { format: FORMAT },
    });
  } finally {
    await database.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

async function* cellsOf(
  modules: Iterable<WithBitcode> | AsyncIterable<WithBitcode>,
): AsyncGenerator<Cell[]> {
  for await (const { functions, flags, ...module } of modules) {
    const bare = functions.map(({ name, hash, instructions, blocks }) => ({
      name,
      hash,
      instructions,
      blocks,
    }));
    yield [
      module.hash,
      module.package,
      module.version,
      module.licence,
      module.path,
      module.language,
      JSON.stringify(flags),
      module.split,
      module.bitcodeBytes,
      module.textBytes,
      module.instructions,
      JSON.stringify(bare),
      module.bitcode,
    ];
  }
}

/** What a query gives, as a Parquet file that appears whole or not at all. */
export async function writeParquet(
  database: Database,
  path: string,
  { query, notes }: { query: string; notes: Readonly<Record<string, string>> },
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${++serial}.tmp`);
  const metadata = Object.entries(notes).map(([key, text]) => `${key}: ${quote(text)}`);
  try {
    await database.run(
      `COPY (${query}) TO ${quote(temporary)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${metadata.join(", ")}})`,
    );
    flush(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** On disk before it is renamed: a machine that loses power then has the old file or the whole new one. */
function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const MAGIC = "PAR1";
/** Length of the footer and the magic number. */
const TAIL_BYTES = 8;

/** Whether the file begins and ends as Parquet does, with a footer that fits in between. */
export function isWholeParquet(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size < MAGIC.length + TAIL_BYTES) return false;
    const head = Buffer.alloc(MAGIC.length);
    const tail = Buffer.alloc(TAIL_BYTES);
    readSync(file, head, 0, head.length, 0);
    readSync(file, tail, 0, tail.length, size - TAIL_BYTES);
    const footerBytes = tail.readUInt32LE(0);
    const ends = tail.toString("latin1", MAGIC.length);
    return (
      head.toString("latin1") === MAGIC &&
      ends === MAGIC &&
      footerBytes + MAGIC.length + TAIL_BYTES <= size
    );
  } finally {
    closeSync(file);
  }
}
