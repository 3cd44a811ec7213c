/**
 * From what stands on the command line to translation units: sources, IR files, folders, compile_commands.json.
 * Reads the file system, runs nothing.
 */

import { type Stats, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { MAX_INPUT_BYTES } from "../base/limits.ts";
import { type FlagCheck, sortFlags } from "../llvm/clang-flags.ts";

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
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return refuse(`${path}: no such file or folder`);
  if (stats.isDirectory()) return resolveFolder(path, flags);
  if (basename(path) === "compile_commands.json" || extname(path) === ".json")
    return compileCommands(path, flags);
  return resolveFile(path, { stats, stem: basename(path, extname(path)), flags });
}

function resolveFolder(folder: string, flags: GoodFlags): Inputs {
  const database = join(folder, "compile_commands.json");
  if (existsSync(database)) return compileCommands(database, flags);
  const files = filesBelow(folder).filter((file) => kindOf(file) !== undefined);
  if (files.length === 0) return refuse(`${folder}: nothing to optimise in it; want ${WANTED}`);
  if (files.length > MAX_FILES)
    return refuse(`${folder}: ${files.length} files, the most is ${MAX_FILES}`);
  const inputs: Input[] = [];
  for (const file of files) {
    const path = relative(folder, file);
    const found = resolveFile(file, {
      stats: statSync(file),
      stem: path.slice(0, -extname(path).length),
      flags,
    });
    if (!found.ok) return found;
    inputs.push(...found.inputs);
  }
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

function resolveFile(
  path: string,
  { stats, stem, flags, cwd }: { stats: Stats; stem: string; flags: GoodFlags; cwd?: string },
): Inputs {
  const kind = kindOf(path);
  if (kind === undefined)
    return refuse(`${path}: cannot tell what this is by its suffix; want ${WANTED}`);
  if (stats.size > MAX_INPUT_BYTES) {
    return refuse(
      `${path}: ${stats.size} bytes; the largest file taken is ${MAX_INPUT_BYTES} bytes`,
    );
  }
  const { flags: kept, notes } = flags;
  return { ok: true, inputs: [{ name: path, path, kind, stem, cwd, flags: kept, notes }] };
}

const databaseSchema = z.array(
  z.object({
    directory: z.string(),
    file: z.string(),
    arguments: z.array(z.string()).optional(),
    command: z.string().optional(),
  }),
);

/** Clang's JSON compilation database (clang.llvm.org/docs/JSONCompilationDatabase.html); other languages are left out. */
function compileCommands(path: string, extra: GoodFlags): Inputs {
  let parsed: z.infer<typeof databaseSchema>;
  try {
    parsed = databaseSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return refuse(
      `${path}: no compilation database: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const inputs: Input[] = [];
  for (const { directory, file, arguments: given, command } of parsed) {
    const cwd = resolve(path, "..", directory);
    const source = resolve(cwd, file);
    if (kindOf(source) !== "source") continue;
    const args = withoutLauncher(given ?? splitCommand(command ?? "")).slice(1);
    const isSource = (arg: string): boolean =>
      arg === file || (!arg.startsWith("-") && resolve(cwd, arg) === source);
    const flags = sortFlags([
      ...args.filter((arg) => arg !== "--" && !isSource(arg)),
      ...extra.flags,
    ]);
    if (!flags.ok) return refuse(`${path}: ${file}: ${flags.message}`);
    const stats = statSync(source, { throwIfNoEntry: false });
    if (stats === undefined) return refuse(`${path}: ${source}: no such file`);
    const stem = relative(cwd, source).replaceAll("../", "").slice(0, -extname(source).length);
    const found = resolveFile(source, { stats, stem, flags, cwd });
    if (!found.ok) return found;
    inputs.push(...found.inputs);
  }
  return inputs.length > 0 ? { ok: true, inputs } : refuse(`${path}: no C or C++ file in it`);
}

/** Builds with a compiler cache record "ccache gcc ...". */
function withoutLauncher(args: readonly string[]): readonly string[] {
  return /^(?:ccache|sccache|distcc|icecc)$/.test(basename(args[0] ?? "")) ? args.slice(1) : args;
}

const refuse = (message: string): Inputs => ({ ok: false, message });

/** Splits a shell command as the database's "command" field means it: quotes and backslashes, no expansion. */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  const word = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)/gs;
  for (const [, raw = ""] of command.matchAll(word)) {
    words.push(
      raw.replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, escaped, double, single) =>
          escaped ?? single ?? String(double).replace(/\\(["\\$`])/g, "$1"),
      ),
    );
  }
  return words;
}
