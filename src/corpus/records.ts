/**
 * What the recording compilers leave behind: `<id>.bc`, the unoptimised module of a translation unit, beside `<id>.json`, which
 * says how it came about. The module is renamed into place last, so what a reader finds is whole and described, however many
 * record into the folder at once.
 */

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { type Compile, portableFlags } from "./recorder.ts";

export interface RecordFolder {
  readonly folder: string;
  /** Paths in the record start from here, and what lies outside is not recorded. None: absolute paths. */
  readonly root?: string | undefined;
  readonly cwd: string;
}

export interface PendingRecord {
  /** Where the module is to be written. */
  readonly temporary: string;
  /** The same command has been recorded before. */
  readonly isKept: boolean;
  /** Once the module is written. Throws where the folder cannot be written. */
  keep(): void;
  drop(): void;
}

/** Undefined where the source lies outside the root. */
export function pendingRecord(
  { source, language, flags, level }: Compile & { readonly level?: string },
  { folder, root, cwd }: RecordFolder,
): PendingRecord | undefined {
  const placeOf = (path: string): string => (root === undefined ? path : relative(root, path));
  const path = placeOf(resolve(cwd, source));
  if (path.startsWith("..")) return undefined;
  const told = { path, language, flags: portableFlags(flags, root), cwd: placeOf(cwd), level };
  const text = JSON.stringify(told);
  const id = contentHash(text).slice(0, 16);
  const bitcode = join(folder, `${id}.bc`);
  const temporary = join(folder, `.${id}.${process.pid}.tmp`);
  return {
    temporary,
    isKept: existsSync(bitcode),
    keep() {
      writeFileAtomic(join(folder, `${id}.json`), text);
      renameSync(temporary, bitcode);
    },
    drop: () => rmSync(temporary, { force: true }),
  };
}

export function countRecords(folder: string): number {
  return readdirSync(folder).filter((name) => name.endsWith(".bc")).length;
}
