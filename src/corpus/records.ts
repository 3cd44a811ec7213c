// What the recording compiler left behind for one package: `<id>.bc` beside `<id>.json`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hash } from "node:crypto";
import { z } from "zod";
import type { Recorded } from "./select.ts";

const Unit = z.object({
  path: z.string(),
  language: z.enum(["c", "c++"]),
  flags: z.array(z.string()),
  cwd: z.string(),
});

export interface StoredModule extends Recorded {
  /** The bitcode's place on this machine: never published. */
  file: string;
}

export interface RecordsOptions {
  package: string;
  version: string;
  /** Function names by bitcode file, as `parseFunctions` gives them. */
  functions: ReadonlyMap<string, string[]>;
}

export function countRecords(folder: string): number {
  return readdirSync(folder).filter((name) => name.endsWith(".bc")).length;
}

export function readRecords(folder: string, options: RecordsOptions): StoredModule[] {
  const { package: name, version, functions } = options;
  return readdirSync(folder)
    .filter((file) => file.endsWith(".bc"))
    .map((bitcode) => {
      const file = join(folder, bitcode);
      const bytes = readFileSync(file);
      const { path, language, flags } = Unit.parse(
        JSON.parse(readFileSync(file.replace(/bc$/, "json"), "utf8")),
      );
      return {
        package: name,
        version,
        path,
        language,
        flags,
        file,
        bytes: bytes.length,
        sha256: hash("sha256", bytes),
        functions: functions.get(file) ?? [],
      };
    });
}

/**
 * Functions defined in each file, out of `llvm-nm --defined-only --format=posix --print-file-name`.
 * T and t are external and internal functions, W the inline ones of C++.
 */
export function parseFunctions(output: string): Map<string, string[]> {
  const functions = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const match = /^(.+?): (\S+) [TtW] /.exec(line);
    if (!match) continue;
    const [, file = "", name = ""] = match;
    const names = functions.get(file) ?? [];
    functions.set(file, names);
    names.push(name);
  }
  return functions;
}
