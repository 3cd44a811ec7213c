/**
 * One object for size: from the cache by what clang's front end makes of the source, else from clang itself, and then from
 * a search that may replace it. Whatever fails after clang has made its object leaves that object in place.
 */

import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { measureElf } from "../llvm/elf.ts";
import { CACHE_VERSION, type Entry, entryKey, findEntry, storeEntry } from "./cache.ts";
import type { Ended } from "./children.ts";
import { type Unit, backEndFlags, frontEndArguments } from "./command.ts";
import { type Event, addEvent } from "./events.ts";
import { rememberCommand } from "./known.ts";
import { type End, type Settings, eventsFile, objectsFolder } from "./settings.ts";

const DONE: End = { code: 0, signal: null };

/** `args`: the command with its response files spelt out. */
export async function compileForSize(
  args: readonly string[],
  unit: Unit,
  settings: Settings,
): Promise<End> {
  const { children, clang, folder, hasColours } = settings;
  const scratch = join(folder, `tmp.${process.pid}.${Date.now()}`);
  const command = [...(hasColours ? ["-fcolor-diagnostics"] : []), ...args];
  try {
    makeFolder(scratch);
  } catch {
    return children.run(clang, args); // nowhere to remember anything
  }
  try {
    const bitcode = join(scratch, "module.bc");
    const frontEnd = frontEndArguments(command, unit);
    const front = await children.run(clang, [...frontEnd, bitcode], { collect: true });
    // Broken sources: clang itself says so, and takes the old object away as it does.
    if (front.code !== 0) return await children.run(clang, args);
    const flags = backEndFlags(args, unit);
    const flagsHash = hashOfFlags(flags, settings);
    const key = entryKey(readFileSync(bitcode), flagsHash);
    const entry = findEntry(objectsFolder(folder), key);
    if (entry?.kind === "left") return await leave(args, { unit, settings, why: entry.why });
    const end =
      entry?.kind === "made"
        ? take(entry, { unit, settings, words: front.stderr })
        : await make(command, { unit, settings, front, bitcode, flags, key, scratch });
    if (end.code === 0) remember(args, { unit, settings, flagsHash });
    return end;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function hashOfFlags(flags: readonly string[], { clangId, recipe }: Settings): string {
  return contentHash(JSON.stringify([CACHE_VERSION, flags, clangId, recipe])).slice(0, 16);
}

/** Without its name in the module nothing would tell the launcher that clang is another one by now. */
const NOT_TO_REMEMBER = /^(?:-Qn|-fno-ident)$/;

function remember(
  args: readonly string[],
  { unit, settings, flagsHash }: Known & { flagsHash: string },
): void {
  if (settings.known === undefined || args.some((arg) => NOT_TO_REMEMBER.test(arg))) return;
  const { output } = unit;
  rememberCommand(settings.known, { frontEnd: frontEndArguments(args, unit), output, flagsHash });
}

interface Known {
  readonly unit: Unit;
  readonly settings: Settings;
}

async function leave(
  args: readonly string[],
  { unit, settings, why }: Known & { why: string },
): Promise<End> {
  note({ unit, settings }, { way: "left", note: why });
  return settings.children.run(settings.clang, args);
}

function take(
  { object, baselineBytes, bytes, verdict }: Extract<Entry, { kind: "made" }>,
  { unit, settings, words }: Known & { words: Buffer },
): End {
  writeFileAtomic(unit.output, object);
  settings.say(words);
  note({ unit, settings }, { way: "hit", baselineBytes, bytes, verdict });
  return DONE;
}

interface Miss extends Known {
  readonly front: Ended;
  readonly bitcode: string;
  readonly flags: readonly string[];
  readonly key: string;
  readonly scratch: string;
}

/** clang's own object first; then, if the front end said all there was to say, a smaller one in its place. */
async function make(command: readonly string[], miss: Miss): Promise<End> {
  const { unit, settings, front, key } = miss;
  const { children, clang, folder, say } = settings;
  dropStale(folder);
  const whole = await children.run(clang, command, { collect: true });
  say(whole.stderr);
  if (whole.code !== 0) return whole;
  if (!whole.stderr.equals(front.stderr)) {
    const why = "clang's back end has something to say about it";
    storeQuietly(folder, key, { kind: "left", why, source: unit.source });
    note(miss, { way: "left", note: why });
    return whole;
  }
  const started = performance.now();
  try {
    await replace(miss, readFileSync(unit.output), started);
  } catch (error) {
    note(miss, { way: "failed", note: messageOf(error), seconds: secondsSince(started) });
  }
  return whole;
}

/** What killed compilations left behind. */
const STALE_MS = 86_400_000;

function dropStale(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.startsWith("tmp."))) {
    const path = join(folder, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > STALE_MS) rmSync(path, { recursive: true, force: true });
  }
}

async function replace(miss: Miss, baseline: Buffer, started: number): Promise<void> {
  const { unit, settings, bitcode, flags, key, scratch } = miss;
  const { source, level } = unit;
  const baselineBytes = measureElf(baseline).size;
  const work = { source, level, bitcode, flags, baseline, baselineBytes, scratch };
  const improved = await settings.improve(work);
  const { object, bytes, verdict, passes } = improved;
  if (passes !== "") writeFileAtomic(unit.output, object);
  const way = passes === "" ? "kept" : "made";
  note(miss, { way, baselineBytes, bytes, verdict, seconds: secondsSince(started) });
  const made = { object, baselineBytes, bytes, passes, verdict };
  storeQuietly(settings.folder, key, { kind: "made", ...made, source });
}

/** A full disk costs the next build a search, not this one its object. */
function storeQuietly(folder: string, key: string, entry: Entry & { source: string }): void {
  try {
    storeEntry(objectsFolder(folder), key, entry);
  } catch {
    // as said
  }
}

function note({ unit, settings }: Known, event: Pick<Event, "way"> & Partial<Event>): void {
  const nothing = { baselineBytes: 0, bytes: 0, seconds: 0, verdict: "same as clang" };
  addEvent(eventsFile(settings.folder), { source: unit.source, ...nothing, ...event });
}

const secondsSince = (started: number): number => (performance.now() - started) / 1000;
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
