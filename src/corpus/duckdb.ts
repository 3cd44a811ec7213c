/**
 * DuckDB, as this folder uses it: in memory, its tables come from and go to Parquet files. Loaded when first needed,
 * because loading takes 0.1 s. What a query gives is outside data: check it with zod.
 */

import type { DuckDBConnection } from "@duckdb/node-api";

/** Above this a sort or join goes to files in the spill folder. */
const MEMORY_LIMIT = "2GB";

export type Cell = string | number | boolean | Uint8Array;
export type ColumnType = "VARCHAR" | "BIGINT" | "BOOLEAN" | "BLOB";
type Row = Record<string, unknown>;

export interface Database {
  run(sql: string): Promise<void>;
  /** All rows of a small answer. */
  rows(sql: string): Promise<Row[]>;
  /** Rows as they come, on a connection of their own: other queries may run meanwhile. */
  stream(sql: string): AsyncGenerator<Row>;
  /** Makes (or replaces) a table and fills it. */
  fill(
    table: string,
    columns: Readonly<Record<string, ColumnType>>,
    rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  ): Promise<void>;
  close(): void;
}

export async function openDatabase(spillFolder: string): Promise<Database> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY_LIMIT,
    temp_directory: spillFolder,
  });
  const connection = await instance.connect();
  return {
    run: async (sql) => void (await connection.run(sql)),
    rows: async (sql) => (await connection.run(sql)).getRowObjectsJS(),
    async *stream(sql) {
      const own = await instance.connect();
      try {
        for await (const rows of (await own.stream(sql)).yieldRowObjectJs()) yield* rows;
      } finally {
        own.closeSync();
      }
    },
    async fill(table, columns, rows) {
      const declared = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
      await connection.run(`CREATE OR REPLACE TABLE ${table} (${declared.join(", ")})`);
      await append(connection, table, rows);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function append(
  connection: DuckDBConnection,
  table: string,
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): Promise<void> {
  const appender = await connection.createAppender(table);
  for await (const row of rows) {
    for (const cell of row) {
      if (typeof cell === "string") appender.appendVarchar(cell);
      else if (typeof cell === "boolean") appender.appendBoolean(cell);
      else if (typeof cell === "number") appender.appendBigInt(BigInt(cell));
      else appender.appendBlob(cell);
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** A string as SQL writes it. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of strings as SQL writes it. */
export const quoteAll = (texts: readonly string[]): string => `[${texts.map(quote).join(", ")}]`;
