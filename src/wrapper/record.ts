/**
 * Keeps the unoptimised module of a translation unit beside a JSON file that says how it came about. The module is
 * renamed into place last, so what a reader finds is whole and described, however many record into the folder at once.
 */

import { renameSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { makeFolder, writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { portableFlags, recordArguments } from "../corpus/recorder.ts";
import type { Children } from "./children.ts";
import type { Unit } from "./command.ts";

export interface RecordPlace {
  readonly folder: string;
  /** Paths in the record start from here, and what lies outside is not recorded. None: absolute paths. */
  readonly root?: string | undefined;
  readonly cwd: string;
}

/** Whether the module was kept. Throws where the folder cannot be written. */
export async function recordUnit(
  { children, clang }: { children: Children; clang: string },
  unit: Unit,
  { folder, root, cwd }: RecordPlace,
): Promise<boolean> {
  const placeOf = (path: string): string => (root === undefined ? path : relative(root, path));
  const path = placeOf(resolve(cwd, unit.source));
  if (path.startsWith("..")) return false;
  const { level, language } = unit;
  const flags = portableFlags(unit.flags, root);
  const id = contentHash(JSON.stringify([placeOf(cwd), path, flags, level])).slice(0, 16);
  makeFolder(folder);
  const temporary = join(folder, `.${id}.${process.pid}.tmp`);
  const args = recordArguments(unit, { cwd, root, bitcode: temporary, level });
  const { code } = await children.run(clang, args, { collect: true });
  if (code !== 0) {
    rmSync(temporary, { force: true });
    return false;
  }
  const record = { path, language, flags, cwd: placeOf(cwd), level };
  writeFileAtomic(join(folder, `${id}.json`), JSON.stringify(record));
  renameSync(temporary, join(folder, `${id}.bc`));
  return true;
}
