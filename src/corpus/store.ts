/**
 * The corpus on disk: `packages/NAME.parquet` with the modules of one source package and their bitcode, and
 * `manifest.parquet`, an index of all of them that says which are kept (manifest.ts, dedupe.ts).
 *
 * Files are written whole to a temporary name and renamed, and the index is made anew whenever the package files are not
 * those it was made of. What is read is a view of one moment (view.ts). So several may write into a folder and others read it, and
 * what a killed one left is mended on opening.
 */

import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../base/files.ts";
import { MODULE_COLUMNS, type WithBitcode, parseModule } from "./corpus-module.ts";
import { type Cell, type Database, openDatabase, quote, quoteAll } from "./duckdb.ts";
import { refuseHeldOut } from "./held-out.ts";
import { manifestPath, packageFiles, packagesFolder } from "./manifest.ts";
import { isWholeParquet, writePackageFile } from "./package-file.ts";
import type { Split } from "./split.ts";
import { takeView } from "./view.ts";

export type { CorpusModule } from "./corpus-module.ts";

export interface ModuleFilter {
  readonly splits?: readonly Split[];
  readonly maxBitcodeBytes?: number;
  readonly limit?: number;
  readonly packages?: readonly string[];
}

export interface Corpus {
  readonly folder: string;
  /** What opening it mended, a sentence each. */
  readonly mended: readonly string[];
  /** Adds a package whole, in place of what was there under its name. Throws for a name that is held out or no name. */
  addPackage(
    name: string,
    modules: AsyncIterable<WithBitcode> | Iterable<WithBitcode>,
  ): Promise<void>;
  /** When the package was written, in milliseconds since 1970; undefined where it is not there. */
  writtenAt(name: string): number | undefined;
  /** The kept (distinct) modules, in the order of their hashes. */
  modules(filter?: ModuleFilter): AsyncIterable<WithBitcode>;
  /** An SQL query over `manifest`, which has the columns of CorpusModule, `kept`, `why` and `duplicateOf`. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

/** Opens or makes a corpus. A file of one package, such as an exported sample, opens as a corpus that cannot grow. */
export async function openCorpus(folder: string): Promise<Corpus> {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true) return openFile(folder);
  makeFolder(packagesFolder(folder));
  const mended = mend(folder);
  const database = await openDatabase(join(folder, `.spill.${process.pid}.tmp`));
  return {
    folder,
    mended,
    async addPackage(name, modules) {
      const refusal = refusePackage(name);
      if (refusal !== null) throw new RangeError(refusal);
      await writePackageFile(database, pathOf(folder, name), modules);
    },
    writtenAt: (name) => statSync(pathOf(folder, name), { throwIfNoEntry: false })?.mtimeMs,
    async *modules(filter = {}) {
      using view = await takeView(database, folder);
      yield* readModules(database, view.folder, filter);
    },
    async query(sql) {
      using view = await takeView(database, folder);
      const manifest = `read_parquet(${quote(manifestPath(view.folder))})`;
      return await database.rows(`WITH manifest AS NOT MATERIALIZED (FROM ${manifest}) ${sql}`);
    },
    close: () => database.close(),
  };
}

/** Debian's rule for names, a little wider; nothing that leads out of the folder. */
const PACKAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/;

/** Why a package of this name cannot be added, or null where it can. */
export function refusePackage(name: string): string | null {
  if (!PACKAGE_NAME.test(name))
    return `"${name}" is no package name: want letters, digits, + - . and _, beginning with one of the first two`;
  return refuseHeldOut(name);
}

const pathOf = (folder: string, name: string): string =>
  join(packagesFolder(folder), `${name}.parquet`);

/** Names of temporary files, of views and of DuckDB's spill folder, with the process id of their writer. */
const TEMPORARY = /^\.(?:.+\.parquet|spill|view)\.(\d+)(?:\.\d+)?\.tmp(?:\.manifest)?$/;

/** Removes what writers that are gone left half done; puts torn package files aside, so that they are made anew. */
function mend(folder: string): string[] {
  const mended: string[] = [];
  for (const place of [folder, packagesFolder(folder)]) {
    for (const name of readdirSync(place)) {
      const pid = TEMPORARY.exec(name)?.[1];
      if (pid === undefined || isAlive(Number(pid))) continue;
      rmSync(join(place, name), { recursive: true, force: true });
      mended.push(`removed ${join(place, name)}, which a run that ended early left`);
    }
  }
  for (const { name, path } of packageFiles(folder)) {
    if (isWholeParquet(path)) continue;
    renameSync(path, `${path}.broken`);
    mended.push(
      `${path} is torn and now named .broken: add the package ${name} again to have it back`,
    );
  }
  return mended;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const keptRow = z.object({ package: z.string(), row: z.coerce.number(), hash: z.string() });

let serial = 0;

async function* readModules(
  database: Database,
  folder: string,
  filter: ModuleFilter,
): AsyncGenerator<WithBitcode> {
  const rows = await database.rows(
    `SELECT package, row, hash FROM read_parquet(${quote(manifestPath(folder))})
     WHERE kept AND ${condition(filter)} ORDER BY hash LIMIT ${filter.limit ?? Number.MAX_SAFE_INTEGER}`,
  );
  const wanted = rows.map((row) => keptRow.parse(row));
  if (wanted.length === 0) return;
  const table = `wanted_${++serial}`;
  await database.fill(
    table,
    { package: "VARCHAR", row: "BIGINT", hash: "VARCHAR" },
    wanted.map((row): Cell[] => [row.package, row.row, row.hash]),
  );
  const files = [...new Set(wanted.map((row) => row.package))].map((name) => pathOf(folder, name));
  try {
    yield* withBitcode(
      database,
      `SELECT ${MODULE_COLUMNS}, bitcode FROM read_parquet(${quoteAll(files)}, file_row_number = true) AS p
       SEMI JOIN ${table} AS w ON p.hash = w.hash AND p.package = w.package AND p.file_row_number = w.row
       ORDER BY hash`,
    );
  } finally {
    await database.run(`DROP TABLE ${table}`);
  }
}

function condition({ splits, maxBitcodeBytes, packages }: ModuleFilter): string {
  return [
    "true",
    splits && `list_contains(${quoteAll(splits)}::VARCHAR[], split)`,
    packages && `list_contains(${quoteAll(packages)}::VARCHAR[], package)`,
    maxBitcodeBytes !== undefined && `bitcodeBytes <= ${Math.floor(maxBitcodeBytes)}`,
  ]
    .filter((part) => typeof part === "string")
    .join(" AND ");
}

const bitcodeRow = z.object({ bitcode: z.instanceof(Uint8Array) });

async function* withBitcode(database: Database, query: string): AsyncGenerator<WithBitcode> {
  for await (const row of database.stream(query)) {
    // A copy: DuckDB's own bytes may be views of a chunk of many megabytes.
    const bitcode = Uint8Array.from(bitcodeRow.parse(row).bitcode);
    yield { ...parseModule(row), bitcode };
  }
}

async function openFile(path: string): Promise<Corpus> {
  const database = await openDatabase(`${path}.spill.tmp`);
  const source = `read_parquet(${quote(path)})`;
  return {
    folder: path,
    mended: [],
    addPackage: () =>
      Promise.reject(
        new Error(`${path} is one file, to be read: want a folder to add packages to`),
      ),
    writtenAt: () => undefined,
    async *modules(filter = {}) {
      const limit = filter.limit ?? Number.MAX_SAFE_INTEGER;
      const query = `SELECT ${MODULE_COLUMNS}, bitcode FROM ${source} WHERE ${condition(filter)}`;
      yield* withBitcode(database, `${query} ORDER BY hash LIMIT ${limit}`);
    },
    query: (sql) =>
      database.rows(
        `WITH manifest AS NOT MATERIALIZED (SELECT * EXCLUDE (bitcode), true AS kept, '' AS why, '' AS duplicateOf FROM ${source}) ${sql}`,
      ),
    close: () => database.close(),
  };
}
