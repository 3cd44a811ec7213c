/**
 * Files that are never half there: written under a temporary name in the same folder, then renamed.
 * And append-only JSON lines, whose last line may be torn by a kill and is then ignored.
 */

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Writes `bytes` to `path` so that a reader sees the old file or the whole new one. Creates the folder. */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): void {
  const folder = dirname(path);
  makeFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Creates a folder and those above it. Node's own `recursive` never returns where the parent is there and yet ENOENT
 * comes (seen with Node 24 below /proc).
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(resolve(folder));
  if (above !== resolve(folder)) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been quicker.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** The parsed lines of a JSONL file; none when there is no such file. Lines that do not parse are skipped. */
export function readJsonLines(path: string): unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").split("\n").flatMap(parseLine);
}

function parseLine(line: string): unknown[] {
  if (line === "") return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return []; // torn by a kill in the middle of an append
  }
}

/**
 * Appends values as JSON lines. Begins on a fresh line, so that a torn last line spoils only itself.
 * One write call a value: parallel appenders on a local file system do not interleave.
 */
export function jsonLineAppender(path: string): (value: unknown) => void {
  makeFolder(dirname(path));
  const torn = existsSync(path) && !readFileSync(path, "utf8").endsWith("\n");
  if (torn) appendFileSync(path, "\n");
  return (value) => appendFileSync(path, `${JSON.stringify(value)}\n`);
}
