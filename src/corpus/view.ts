/**
 * A corpus as it is at one moment: a folder of the same layout with hard links to its files. DuckDB opens a file by
 * its name more than once during one query, so a file that another process replaces in between would be read half old
 * and half new ("TProtocolException: Invalid data", or worse: no error).
 */

import { copyFileSync, linkSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../base/files.ts";
import type { Database } from "./duckdb.ts";
import { manifestPath, packageFiles, packagesFolder, refreshManifest } from "./manifest.ts";

/** Disposing of it removes the links. */
export interface View extends Disposable {
  /** A corpus folder whose manifest is that of its packages; nobody writes into it. */
  readonly folder: string;
}

let serial = 0;

/** Makes the manifest first where it is not that of the packages, for the corpus itself as well. */
export async function takeView(database: Database, corpus: string): Promise<View> {
  const folder = join(corpus, `.view.${process.pid}.${++serial}.tmp`);
  const release = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    makeFolder(packagesFolder(folder));
    for (const { name, path } of packageFiles(corpus))
      share(path, join(packagesFolder(folder), `${name}.parquet`));
    share(manifestPath(corpus), manifestPath(folder));
    if (await refreshManifest(database, folder)) {
      const published = `${folder}.manifest`;
      share(manifestPath(folder), published);
      renameSync(published, manifestPath(corpus));
    }
    return { folder, [Symbol.dispose]: release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Links, or copies where the file system has no links. What is gone meanwhile stays away. */
function share(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    const times = statSync(from, { throwIfNoEntry: false });
    if (times === undefined) return;
    copyFileSync(from, to);
    utimesSync(to, times.atime, times.mtime); // the manifest's fingerprint is made of sizes and times
  }
}
