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

/** Each call has a connection of its own: any number may be under way. */
export interface Database {
  run(sql: string): Promise<void>;
  /** All rows of a small answer. */
  rows(sql: string): Promise<Row[]>;
  /** Rows as they come. */
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
  // A connection does one thing at a time, and says so with an error; packages are written side by side.
  const onConnection = async <T>(use: (own: DuckDBConnection) => Promise<T>): Promise<T> => {
    const own = await instance.connect();
    try {
      return await use(own);
    } finally {
      own.closeSync();
    }
  };
  return {
    run: (sql) => onConnection(async (own) => void (await own.run(sql))),
    rows: (sql) => onConnection(async (own) => (await own.run(sql)).getRowObjectsJS()),
    async *stream(sql) {
      const own = await instance.connect();
      try {
        for await (const rows of (await own.stream(sql)).yieldRowObjectJs()) yield* rows;
      } finally {
        own.closeSync();
      }
    },
    fill: (table, columns, rows) =>
      onConnection(async (own) => {
        const declared = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
        await own.run(`CREATE OR REPLACE TABLE ${table} (${declared.join(", ")})`);
        await append(own, table, rows);
      }),
    close: () => instance.closeSync(),
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
