/**
 * From what stands on the command line to translation units: sources, IR files, folders, compile_commands.json.
 * Reads the file system, runs nothing. What the user names must be there; what a folder or a database brings along and
 * cannot be used is an input with a problem, so that the others are done.
 */

import { type Stats, existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { MAX_INPUT_BYTES } from "../base/limits.ts";
import { type FlagCheck, sortFlags } from "../llvm/clang-flags.ts";
import { type CompileEntry, readCompileCommands } from "./compile-commands.ts";

export interface Input {
  /** As shown to the user. */
  readonly name: string;
  readonly path: string;
  readonly kind: "source" | "ir";
  readonly flags: readonly string[];
  readonly cwd?: string | undefined;
  /** Path of the output inside an output folder, without suffix. */
  readonly stem: string;
  readonly notes: readonly string[];
  /** Why it cannot be used, where that is known already: `loadInput` fails with it. */
  readonly problem?: string | undefined;
}

export type Inputs =
  | { readonly ok: true; readonly inputs: readonly Input[] }
  | { readonly ok: false; readonly message: string };

const SOURCE_SUFFIXES = new Set([".c", ".cc", ".cpp", ".cxx", ".C"]);
const IR_SUFFIXES = new Set([".ll", ".bc"]);
const WANTED = ".c, .cc, .cpp, .cxx, .ll, .bc, a folder, or a compile_commands.json";
const MAX_FILES = 100_000;

/** Everything to be optimised, in the order given; a folder's files in alphabetical order. */
export function resolveInputs(paths: readonly string[], userFlags: readonly string[]): Inputs {
  const flags = sortFlags(userFlags);
  if (!flags.ok) return flags;
  const inputs: Input[] = [];
  for (const path of paths) {
    const found = resolveOne(path, flags);
    if (!found.ok) return found;
    inputs.push(...found.inputs);
  }
  return { ok: true, inputs };
}

type GoodFlags = Extract<FlagCheck, { ok: true }>;

function resolveOne(path: string, flags: GoodFlags): Inputs {
  const stats = statOf(path);
  if (stats === undefined) return refuse(`${path}: no such file or folder`);
  if (stats.isDirectory()) return resolveFolder(path, flags);
  if (basename(path) === "compile_commands.json" || extname(path) === ".json")
    return resolveDatabase(path, flags);
  const kind = kindOf(path);
  if (kind === undefined)
    return refuse(`${path}: cannot tell what this is by its suffix; want ${WANTED}`);
  const problem = sizeProblem(stats);
  if (problem !== undefined) return refuse(`${path}: ${problem}`);
  return { ok: true, inputs: [{ name: path, path, kind, stem: stemOf(path), ...given(flags) }] };
}

function resolveFolder(folder: string, flags: GoodFlags): Inputs {
  const database = join(folder, "compile_commands.json");
  if (existsSync(database)) return resolveDatabase(database, flags);
  const inputs = filesBelow(folder).flatMap((path): Input[] => {
    const kind = kindOf(path);
    const stem = join(dirname(relative(folder, path)), stemOf(path));
    const problem = fileProblem(path);
    return kind === undefined ? [] : [{ name: path, path, kind, stem, ...given(flags), problem }];
  });
  if (inputs.length === 0) return refuse(`${folder}: nothing to optimise in it; want ${WANTED}`);
  if (inputs.length > MAX_FILES)
    return refuse(`${folder}: ${inputs.length} files, the most is ${MAX_FILES}`);
  return { ok: true, inputs };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
}

function kindOf(path: string): Input["kind"] | undefined {
  const suffix = extname(path);
  return SOURCE_SUFFIXES.has(suffix) ? "source" : IR_SUFFIXES.has(suffix) ? "ir" : undefined;
}

function resolveDatabase(database: string, extra: GoodFlags): Inputs {
  const read = readCompileCommands(database);
  if (!read.ok) return read;
  const inputs = read.entries.flatMap((entry): Input[] => {
    if ("problem" in entry) {
      const { problem } = entry;
      return [
        { ...given(extra), name: database, path: database, kind: "source", stem: "", problem },
      ];
    }
    return kindOf(entry.source) === "source" ? [inputOf(entry, extra)] : [];
  });
  return inputs.length > 0 ? { ok: true, inputs } : refuse(`${database}: no C or C++ file in it`);
}

function inputOf({ source: path, cwd, flags }: CompileEntry, extra: GoodFlags): Input {
  const sorted = sortFlags([...flags, ...extra.flags]);
  const stem = join(dirname(relative(cwd, path)), stemOf(path)).replaceAll("../", "");
  const unit = { name: path, path, kind: "source", cwd, stem } as const;
  if (!sorted.ok) return { ...unit, ...given(extra), problem: sorted.message };
  const isThere = statOf(cwd)?.isDirectory() === true;
  const problem = isThere
    ? fileProblem(path)
    : `the folder it is compiled in, ${cwd}, is not there`;
  return { ...unit, ...given(sorted), problem };
}

const given = ({ flags, notes }: GoodFlags): Pick<Input, "flags" | "notes"> => ({ flags, notes });

const stemOf = (path: string): string => basename(path, extname(path));

function fileProblem(path: string): string | undefined {
  const stats = statOf(path);
  return stats?.isFile() === true ? sizeProblem(stats) : "no such file";
}

const sizeProblem = ({ size }: Stats): string | undefined =>
  size > MAX_INPUT_BYTES
    ? `${size} bytes; the largest file taken is ${MAX_INPUT_BYTES} bytes`
    : undefined;

/** Undefined too where a path goes through a file, loops, or is none at all: databases hold anything. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const refuse = (message: string): Inputs => ({ ok: false, message });
