/**
 * The index of a corpus: `manifest.parquet`, a row a module without its bitcode, with the verdict on it. It is made
 * from the package files and can always be made again; it carries a fingerprint of those it was made of.
 */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { contentHash } from "../base/hash.ts";
import { type Cell, type Database, quote, quoteAll } from "./duckdb.ts";
import { type Candidate, dedupe } from "./dedupe.ts";
import { FORMAT, isWholeParquet, writeParquet } from "./package-file.ts";
import { SPLITS } from "./split.ts";

export const packagesFolder = (folder: string): string => join(folder, "packages");
export const manifestPath = (folder: string): string => join(folder, "manifest.parquet");

export interface PackageFile {
  readonly name: string;
  readonly path: string;
}

const SUFFIX = ".parquet";

/** In order of name. */
export function packageFiles(folder: string): PackageFile[] {
  return readdirSync(packagesFolder(folder))
    .filter((file) => file.endsWith(SUFFIX) && !file.startsWith("."))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -SUFFIX.length),
      path: join(packagesFolder(folder), file),
    }));
}

/** Other after any package file was added, replaced or removed. */
function fingerprint(files: readonly PackageFile[]): string {
  const parts = files.map(({ name, path }) => {
    const { size, mtimeMs } = statSync(path);
    return `${name} ${size} ${mtimeMs}`;
  });
  return contentHash([FORMAT, ...parts].join("\n"));
}

/** Makes the manifest where it is missing, broken, or made of other files. Gives whether it did. */
export async function refreshManifest(database: Database, folder: string): Promise<boolean> {
  const files = packageFiles(folder);
  const wanted = fingerprint(files);
  if ((await readFingerprint(database, manifestPath(folder))) === wanted) return false;
  await makeManifest(database, folder, { files, fingerprint: wanted });
  return true;
}

async function readFingerprint(database: Database, path: string): Promise<string | undefined> {
  if (!existsSync(path) || !isWholeParquet(path)) return undefined;
  const [row] = await database.rows(
    `SELECT value::VARCHAR AS value FROM parquet_kv_metadata(${quote(path)}) WHERE key::VARCHAR = 'fingerprint'`,
  );
  return z.object({ value: z.string() }).optional().parse(row)?.value;
}

const VERDICT_COLUMNS = {
  id: "BIGINT",
  kept: "BOOLEAN",
  why: "VARCHAR",
  duplicateOf: "VARCHAR",
} as const;

let serial = 0;

async function makeManifest(
  database: Database,
  folder: string,
  { files, fingerprint: made }: { files: readonly PackageFile[]; fingerprint: string },
): Promise<void> {
  const [modules, verdicts] = [`modules_${++serial}`, `verdicts_${serial}`];
  const source =
    files.length > 0
      ? `read_parquet(${quoteAll(files.map(({ path }) => path))}, file_row_number = true)`
      : `(${EMPTY})`;
  try {
    await database.run(
      `CREATE TABLE ${modules} AS SELECT * EXCLUDE (bitcode, file_row_number), file_row_number AS row,
         row_number() OVER (ORDER BY hash, package, path, file_row_number) AS id FROM ${source}`,
    );
    const found = await candidates(database, modules);
    const judged = dedupe(found.map(({ candidate }) => candidate));
    await database.fill(
      verdicts,
      VERDICT_COLUMNS,
      judged.map(({ kept, why, duplicateOf }, index): Cell[] => [
        found[index]?.id ?? 0,
        kept,
        why,
        duplicateOf,
      ]),
    );
    await writeParquet(database, manifestPath(folder), {
      query: `SELECT * EXCLUDE (id) FROM ${modules} JOIN ${verdicts} USING (id) ORDER BY id`,
      notes: { format: FORMAT, fingerprint: made },
    });
  } finally {
    await database.run(`DROP TABLE IF EXISTS ${modules}; DROP TABLE IF EXISTS ${verdicts}`);
  }
}

/** No rows, in the columns of a package file. */
const EMPTY = `SELECT '' AS hash, '' AS package, '' AS version, '' AS licence, '' AS path, '' AS language,
  ['']::VARCHAR[] AS flags, '' AS split, 0::BIGINT AS bitcodeBytes, 0::BIGINT AS textBytes, 0::BIGINT AS instructions,
  [{'name': '', 'hash': '', 'instructions': 0::UINTEGER, 'blocks': 0::UINTEGER}] AS functions,
  ''::BLOB AS bitcode, 0::BIGINT AS file_row_number WHERE false`;

const candidateRow = z.object({
  id: z.coerce.number(),
  hash: z.string(),
  package: z.string(),
  path: z.string(),
  split: z.enum(SPLITS),
  hashes: z.array(z.string()),
  instructions: z.array(z.number()),
});

async function candidates(
  database: Database,
  table: string,
): Promise<{ id: number; candidate: Candidate }[]> {
  const found: { id: number; candidate: Candidate }[] = [];
  const query = `SELECT id, hash, package, path, split, list_transform(functions, lambda f: f.hash) AS hashes,
    list_transform(functions, lambda f: f.instructions) AS instructions FROM ${table} ORDER BY id`;
  for await (const row of database.stream(query)) {
    const { id, hashes, instructions, ...rest } = candidateRow.parse(row);
    const functions = hashes.map((hash, index) => ({
      hash,
      instructions: instructions[index] ?? 0,
    }));
    found.push({ id, candidate: { ...rest, functions } });
  }
  return found;
}
