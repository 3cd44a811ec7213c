/**
 * Finished objects by the hash of what they are made from, in a folder that any number of compilers share. An entry is
 * two files, each written under another name and renamed, and never changed afterwards: NAME.o, and NAME.hit, which comes
 * last and tells what is known of it in one line of JSON: the event that a later hit is (events.ts).
 */

import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { hash } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import type { Event } from "./events.ts";

export interface Made {
  /** What a program loads of the object that the user's own command makes, bytes. */
  readonly baselineBytes: number;
  /** The same of this object. */
  readonly bytes: number;
  /** Empty where the object is the user's own. */
  readonly passes: string;
  readonly verdict: string;
  readonly object: Uint8Array;
}

/** `left`: clang says or does more when it makes the object than its front end alone, so it has to run each time. */
export type Entry =
  ({ readonly kind: "made" } & Made) | { readonly kind: "left"; readonly why: string };

/** Changes when an entry's meaning does; a part of every key. */
export const CACHE_VERSION = 1;
const MAX_CACHE_BYTES = 4 * 2 ** 30;
const FOLDERS = 256;

interface Line extends Event {
  readonly passes?: string;
  readonly objectHash?: string;
}

/** "ab/cdef...-FLAGS": the launcher's shortcut makes the same name (known.ts). */
export function entryKey(bitcode: Uint8Array, flagsHash: string): string {
  const whole = hash("sha256", bitcode, "hex");
  return join(whole.slice(0, 2), `${whole.slice(2)}-${flagsHash}`);
}

/** Undefined where there is none, or none that can be read whole. */
export function findEntry(folder: string, key: string): Entry | undefined {
  try {
    const line = JSON.parse(readFileSync(join(folder, `${key}.hit`), "utf8")) as Line;
    return line.way === "left"
      ? { kind: "left", why: line.note ?? "" }
      : madeEntry(line, readFileSync(join(folder, `${key}.o`)));
  } catch {
    return undefined; // none, a disk that was full, or a hand at work
  }
}

function madeEntry(line: Line, object: Uint8Array): Entry | undefined {
  const { baselineBytes, bytes, passes = "", verdict, objectHash } = line;
  if (contentHash(object) !== objectHash) return undefined;
  return { kind: "made", baselineBytes, bytes, passes, verdict, object };
}

/** Makes room in the entry's own part of the cache first: of the oldest, as much as goes beyond its share. */
export function storeEntry(
  folder: string,
  key: string,
  { source, ...entry }: Entry & { readonly source: string },
): void {
  const path = join(folder, key);
  const nothing = { source, seconds: 0, baselineBytes: 0, bytes: 0, verdict: "same as clang" };
  if (entry.kind === "left") {
    const line: Line = { ...nothing, way: "left", note: entry.why };
    return writeFileAtomic(`${path}.hit`, `${JSON.stringify(line)}\n`);
  }
  const { object, kind: _, ...made } = entry;
  dropOldest(join(path, ".."), MAX_CACHE_BYTES / FOLDERS - object.byteLength);
  writeFileAtomic(`${path}.o`, object);
  const line: Line = { ...nothing, ...made, way: "hit", objectHash: contentHash(object) };
  writeFileAtomic(`${path}.hit`, `${JSON.stringify(line)}\n`);
}

/** An object without its line, or a line without its object, is no entry; the next store of that key mends it. */
function dropOldest(folder: string, budgetBytes: number): void {
  const files = filesIn(folder).toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { path, size } of files) {
    total += size;
    if (total > budgetBytes) rmSync(path, { force: true });
  }
}

interface Stored {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

function filesIn(folder: string): Stored[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? [{ path, size: stats.size, mtimeMs: stats.mtimeMs }] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** How many objects there are and the bytes of everything. */
export function cacheSize(folder: string): { objects: number; bytes: number } {
  const all = namesIn(folder).flatMap((part) => filesIn(join(folder, part)));
  return {
    objects: all.filter(({ path }) => path.endsWith(".o")).length,
    bytes: all.reduce((total, { size }) => total + size, 0),
  };
}
