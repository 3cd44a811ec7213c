/**
 * Clang's JSON compilation database (clang.llvm.org/docs/JSONCompilationDatabase.html): what each source was compiled with.
 * Build systems leave entries behind whose files are gone; one that cannot be read is told, and the others are given.
 */

import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { z } from "zod";

export interface CompileEntry {
  /** Absolute, as `cwd` is; neither need be there. */
  readonly source: string;
  readonly cwd: string;
  /** All arguments but the compiler and the source. */
  readonly flags: readonly string[];
}

export type CompileCommands =
  | {
      readonly ok: true;
      readonly entries: readonly (CompileEntry | { readonly problem: string })[];
    }
  | { readonly ok: false; readonly message: string };

const entrySchema = z.object({
  directory: z.string(),
  file: z.string(),
  arguments: z.array(z.string()).optional(),
  command: z.string().optional(),
});

/** Entries in the order of the file, of all languages. */
export function readCompileCommands(database: string): CompileCommands {
  let entries: unknown[];
  try {
    entries = z.array(z.unknown()).parse(JSON.parse(readFileSync(database, "utf8")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `${database}: no compilation database: ${why}` };
  }
  return {
    ok: true,
    entries: entries.map((entry, index) => {
      const read = readEntry(database, entry);
      return typeof read === "string" ? { problem: `entry ${index + 1}: ${read}` } : read;
    }),
  };
}

/** Or what is wrong with it. */
function readEntry(database: string, entry: unknown): CompileEntry | string {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return [...(issue?.path ?? []), issue?.message ?? ""].join(": ");
  }
  const { directory, file, arguments: given, command = "" } = parsed.data;
  const cwd = resolve(database, "..", directory);
  const source = resolve(cwd, file);
  const [compiler, ...args] = withoutLauncher(given ?? splitCommand(command));
  if (compiler === undefined) return `${file}: no command; want how it is compiled`;
  const isSource = (arg: string): boolean =>
    arg === file || (!arg.startsWith("-") && resolve(cwd, arg) === source);
  return { source, cwd, flags: args.filter((arg) => arg !== "--" && !isSource(arg)) };
}

/** Builds with a compiler cache record "ccache gcc ...". */
function withoutLauncher(args: readonly string[]): readonly string[] {
  return /^(?:ccache|sccache|distcc|icecc)$/.test(basename(args[0] ?? "")) ? args.slice(1) : args;
}

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
