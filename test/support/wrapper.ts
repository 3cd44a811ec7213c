/** `llmc cc` through its launcher, beside clang itself, in folders whose files can be compared. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { programPath, toolchain } from "./llvm.ts";
import { tempFolder } from "./temp.ts";

export const LAUNCHER = join(import.meta.dirname, "../../llmc");
export const CLANG = join(toolchain.bin, "clang");

export interface Run {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly onStart?: ((child: ChildProcess) => void) | undefined;
}

export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, stdin = "", onStart }: RunOptions,
): Promise<Run> {
  const { LLMC_LLVM: _, ...inherited } = process.env;
  const child = spawn(program, args, { cwd, env: { ...inherited, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("latin1")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("latin1")));
  child.stdin.on("error", () => {}); // it need not read it
  child.stdin.end(stdin);
  onStart?.(child);
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
}

export type Files = Readonly<Record<string, string>>;

/** Makes `folder` hold `files` and nothing else. */
export function resetFolder(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Path → mode and content of every file below. */
export function filesBelow(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    paths.flatMap((path) => {
      const stats = statSync(join(folder, path));
      if (!stats.isFile()) return [];
      const mode = (stats.mode & 0o777).toString(8);
      return [[path, `${mode} ${readFileSync(join(folder, path), "latin1")}`]];
    }),
  );
}

/** One small source of each kind. */
export const FILES: Files = {
  "a.c": '#include "a.h"\n#include "b.h"\nint twice(int x) { return TWO * x; }\n',
  "a.h": "#define TWO 2\n",
  "b.h": "",
  "b.c": "int main(void) { return 0; }\n",
  "d.cc": '#include "b.h"\nstruct S { virtual ~S() {} }; S s;\n',
  "asm.S": ".globl f\nf: ret\n",
  "low.s": ".globl g\ng: ret\n",
  "warns.c": '#include "b.h"\nint f(int unused) { int x; return x; }\n',
  "broken.c": '#include "b.h"\nint f(void) { return nothing; }\n',
  "inline.c": '#include "b.h"\nvoid f(void) { __asm__("no such instruction"); }\n',
  "unroll.c":
    '#include "b.h"\nint f(int n, volatile int *p) {\n#pragma clang loop unroll(full)\n for (int i = 0; i < n; i++) *p = i;\n return 0; }\n',
  "sp ace/s p.c": '#include "../b.h"\nint s(void) { return 3; }\n',
  "flags.rsp": "-Oz -DX='1 2' -c",
  "whole.rsp": '-Oz -c "sp ace/s p.c" -o out.o',
  "unknown.txt": '#include "b.h"\nint t(void) { return 1; }\n',
};

const BIG = readFileSync(programPath("tokens.c"), "utf8");

const statsSchema = z.object({
  modules: z.number(),
  baselineBytes: z.number(),
  bytes: z.number(),
  hits: z.number(),
  misses: z.number(),
  fallbacks: z.number(),
  notes: z.record(z.string(), z.number()),
  verdicts: z.record(z.string(), z.number()),
});

/** A project folder with a cache of its own. */
export function project(files: Files = { "t.c": BIG }) {
  const folder = join(tempFolder(), "w");
  const cache = tempFolder();
  resetFolder(folder, files);
  const env = { LLMC_CACHE: cache, LLMC_BUDGET: "4" };
  const cc = (
    line: string,
    {
      extra = {},
      ...how
    }: { extra?: Record<string, string>; onStart?: RunOptions["onStart"] } = {},
  ): Promise<Run> =>
    runProgram(LAUNCHER, ["cc", ...line.split(" ")], {
      cwd: folder,
      env: { ...env, ...extra },
      ...how,
    });
  const read = (path: string): Buffer => readFileSync(join(folder, path));
  const stats = async (): Promise<z.infer<typeof statsSchema>> =>
    statsSchema.parse(JSON.parse((await cc("--stats --json")).stdout));
  return { folder, cache, cc, read, stats };
}
