/**
 * One command of a build. What is no compilation of one file goes to clang with the wrapper's own streams; of the rest a
 * module may be recorded, and an object for size goes its own way (for-size.ts). What is needed for those two is loaded
 * when they are: most of what a build asks is only handed on.
 */

import { lstatSync, readFileSync, statSync } from "node:fs";
import { type Unit, parseUnit } from "./command.ts";
import { expandResponseFiles } from "./response-file.ts";
import type { End, Settings } from "./settings.ts";

export async function compile(args: readonly string[], settings: Settings): Promise<End> {
  const { children, clang, cwd, record } = settings;
  const plain = (): Promise<End> => children.run(clang, args);
  const expanded = expandResponseFiles(args);
  const unit = expanded && parseUnit(expanded, cwd);
  if (unit === null || expanded === null) return plain();
  const isForCache = unit.isForSize && isPlainFile(unit.output) && !isTrivial(unit.source);
  const end = isForCache ? await forSize(args, { expanded, unit, settings }) : await plain();
  if (end.code === 0 && record !== undefined) await keepRecord(unit, settings, record);
  return end;
}

async function keepRecord(
  unit: Unit,
  { children, clang, cwd, warn }: Settings,
  place: NonNullable<Settings["record"]>,
): Promise<void> {
  try {
    const { recordUnit } = await import("./record.ts");
    await recordUnit({ children, clang }, unit, { ...place, cwd });
  } catch (error) {
    warn(
      `${unit.source} is not recorded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Renaming a file over /dev/null, or over a link, is not what clang does. */
function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

/** Up to here a source that includes nothing of its own package holds nothing to save; most are a configure script's. */
const TRIVIAL_BYTES = 1024;

function isTrivial(source: string): boolean {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (stats === undefined || stats.size > TRIVIAL_BYTES) return false;
  return !/#\s*include\s*"/.test(readFileSync(source, "utf8"));
}

interface Work {
  readonly expanded: readonly string[];
  readonly unit: Unit;
  readonly settings: Settings;
}

async function forSize(args: readonly string[], { expanded, unit, settings }: Work): Promise<End> {
  // What a response file holds may change while the command stays the same.
  const isWhole = !args.some((arg) => arg.startsWith("@"));
  const known = isWhole ? settings.known : undefined;
  try {
    const { compileForSize } = await import("./for-size.ts");
    return await compileForSize(expanded, unit, { ...settings, known });
  } catch {
    return settings.children.run(settings.clang, args); // clang knows best how to say what is wrong there
  }
}
