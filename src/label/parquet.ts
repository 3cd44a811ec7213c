/**
 * Labels in two Parquet files: NAME.parquet with a row a module, NAME-lists.parquet with the pass lists that its columns
 * name by id. Sizes are columns of integers in the order of ids, which zstd packs to a tenth of the journal.
 */

import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { type Cell, type Database, openDatabase, quote } from "../corpus/duckdb.ts";
import type { LabelRow, Labels } from "./labels.ts";
import type { Size } from "./journal.ts";

/** Where the lists of `path`, a file of labels, are. */
export function listsPath(path: string): string {
  if (!path.endsWith(".parquet"))
    throw new RangeError(`${path}: want a name that ends in .parquet for labels`);
  return path.replace(/\.parquet$/, "-lists.parquet");
}

/** No list: the module's best is -Oz. */
const NONE = -1;

const ROW_COLUMNS = {
  module: "VARCHAR",
  package: "VARCHAR",
  split: "VARCHAR",
  bitcodeBytes: "BIGINT",
  ozSize: "BIGINT",
  ozPublished: "BIGINT",
  sizes: "VARCHAR",
  publishedSizes: "VARCHAR",
  ownList: "BIGINT",
  ownSize: "BIGINT",
  ownPublished: "BIGINT",
  compilations: "BIGINT",
  milliseconds: "BIGINT",
} as const;

const LIST_COLUMNS = {
  id: "BIGINT",
  passes: "VARCHAR",
  sha: "VARCHAR",
  isBroadcast: "BOOLEAN",
  verdict: "VARCHAR",
  llvm: "VARCHAR",
} as const;

/** `sizes` and `publishedSizes` are INTEGER[]; every other number is an INTEGER, `ownList` NULL where -Oz is best. */
const AS_WRITTEN = `SELECT module, package, split, bitcodeBytes::INTEGER AS bitcodeBytes,
  ozSize::INTEGER AS ozSize, ozPublished::INTEGER AS ozPublished,
  from_json(sizes, '["INTEGER"]') AS sizes, from_json(publishedSizes, '["INTEGER"]') AS publishedSizes,
  NULLIF(ownList, ${NONE})::INTEGER AS ownList, ownSize::INTEGER AS ownSize, ownPublished::INTEGER AS ownPublished,
  compilations::INTEGER AS compilations, milliseconds::INTEGER AS milliseconds FROM label_rows ORDER BY module`;

export async function writeLabels(path: string, labels: Labels): Promise<void> {
  const lists = listsPath(path);
  makeFolder(dirname(path));
  await withDatabase(path, async (database) => {
    await database.fill("label_lists", LIST_COLUMNS, listCells(labels));
    await database.fill("label_rows", ROW_COLUMNS, labels.rows.map(rowCells));
    await copy(database, "FROM label_lists ORDER BY id", lists);
    await copy(database, AS_WRITTEN, path);
  });
}

async function copy(database: Database, sql: string, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await database.run(
    `COPY (${sql}) TO ${quote(temporary)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
  );
  renameSync(temporary, path);
}

async function withDatabase<T>(path: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(join(dirname(path), `.spill.${process.pid}.tmp`));
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

const listCells = ({ lists, llvm }: Labels): Cell[][] =>
  lists.map(({ passes, isBroadcast, verdict }, id) => {
    return [id, passes, contentHash(passes), isBroadcast, verdict, llvm];
  });

function rowCells(row: LabelRow): Cell[] {
  const { oz, own, sizes } = row;
  const part = (k: 0 | 1): string => JSON.stringify(sizes.map((size) => size?.[k] ?? null));
  return [
    row.module,
    row.package,
    row.split,
    row.bitcodeBytes,
    ...oz,
    part(0),
    part(1),
    own?.list ?? NONE,
    ...(own?.size ?? oz),
    row.compilations,
    row.milliseconds,
  ];
}

const integers = z
  .string()
  .transform((text) => z.array(z.int().nullable()).parse(JSON.parse(text)));
const rowSchema = z.object({
  module: z.string(),
  package: z.string(),
  split: z.string(),
  bitcodeBytes: z.number(),
  ozSize: z.number(),
  ozPublished: z.number(),
  sizes: integers,
  publishedSizes: integers,
  ownList: z.number().nullable(),
  ownSize: z.number(),
  ownPublished: z.number(),
  compilations: z.number(),
  milliseconds: z.number(),
});
const listSchema = z.object({
  passes: z.string(),
  isBroadcast: z.boolean(),
  verdict: z.enum(["correct", "unchecked"]),
  llvm: z.string(),
});

/** Throws where the file is not one that `writeLabels` wrote. */
export async function readLabels(path: string): Promise<Labels> {
  return withDatabase(path, async (database) => {
    const lists = (
      await database.rows(`FROM read_parquet(${quote(listsPath(path))}) ORDER BY id`)
    ).map((row) => listSchema.parse(row));
    const rows = await database.rows(
      `SELECT * REPLACE (to_json(sizes)::VARCHAR AS sizes, to_json(publishedSizes)::VARCHAR AS publishedSizes)
       FROM read_parquet(${quote(path)}) ORDER BY module`,
    );
    return {
      llvm: lists[0]?.llvm ?? "",
      lists: lists.map(({ passes, isBroadcast, verdict }) => ({ passes, isBroadcast, verdict })),
      rows: rows.map(toRow),
    };
  });
}

function toRow(value: unknown): LabelRow {
  const { ozSize, ozPublished, publishedSizes, ownList, ownSize, ownPublished, ...rest } =
    rowSchema.parse(value);
  return {
    ...rest,
    oz: [ozSize, ozPublished],
    sizes: rest.sizes.map((size, id): Size | null => {
      const published = publishedSizes[id] ?? null;
      return size === null || published === null ? null : [size, published];
    }),
    own: ownList === null ? null : { list: ownList, size: [ownSize, ownPublished] },
  };
}
