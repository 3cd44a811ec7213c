/**
 * A program made ready: its unoptimised bitcode, and what it does when compiled at -O0. Compiled once and kept in the
 * cache. A program is left out, with the reason, when it can show nothing: it does not compile, does not exit 0 at -O0,
 * does not do the same twice, or already fails with LLVM's own pipelines (it has undefined behaviour then, counts on being
 * optimised, or meets a bug of the stock compiler; in each case no pass list is to blame).
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { runCommand } from "../base/run-command.ts";
import { compileToBitcode } from "../llvm/clang.ts";
import { constructorRenames } from "./constructors.ts";
import type { Run } from "./execute.ts";
import type { Rig } from "./rig.ts";
import type { Program } from "./suite.ts";

export interface Reference {
  /** Hash of standard output at -O0; the exit code is 0. */
  readonly output: string;
  /** Its beginning, for people. */
  readonly head: string;
  readonly seconds: number;
}

export interface ReadyProgram {
  readonly program: Program;
  /** Names source, flags, includes and compiler. */
  readonly key: string;
  readonly bitcode: Uint8Array;
  readonly reference: Reference;
  /** UBSan stops it: when it fails, no pass need be to blame. */
  readonly hasUndefined: boolean;
  /** LLVM's own pipelines that are known to compile it right. */
  readonly safeWith: readonly string[];
  /** Whether it does the same loaded as linked; undefined when that was not tried. */
  readonly loads?: boolean | undefined;
}

export type Preparation =
  | { readonly status: "ready"; readonly ready: ReadyProgram }
  | { readonly status: "left-out"; readonly why: string };

const CLANG_LIMITS = { timeoutMs: 60_000, maxOutputBytes: 64 << 20 };
const MAX_WHY_CHARACTERS = 200;

const recordSchema = z.union([
  z.object({
    reference: z.object({ output: z.string(), head: z.string(), seconds: z.number() }),
    hasUndefined: z.boolean(),
    safeWith: z.array(z.string()),
    loads: z.boolean().optional(),
  }),
  z.object({ leftOut: z.string() }),
]);
type Recorded = z.infer<typeof recordSchema>;

/** From the cache, or compiled and run now. */
export async function prepareProgram(rig: Rig, program: Program): Promise<Preparation> {
  const key = programKey(rig, program);
  const bitcodePath = join(rig.cache, "programs", `${key}.bc`);
  const known = readRecord(recordPath(rig, key));
  if (known !== undefined) return fromRecord(known, { program, key, bitcodePath });
  const made = await compileAndRun(rig, program, bitcodePath);
  writeFileAtomic(recordPath(rig, key), JSON.stringify(made));
  return fromRecord(made, { program, key, bitcodePath });
}

/** Remembers what was found out about a program. That a stock pipeline fails on it is looked at again each time. */
export function rememberReady(rig: Rig, ready: ReadyProgram): void {
  const { reference, hasUndefined: isUndefined, safeWith, loads } = ready;
  const recorded: Recorded = {
    reference,
    hasUndefined: isUndefined,
    safeWith: [...safeWith],
    ...(loads !== undefined && { loads }),
  };
  writeFileAtomic(recordPath(rig, ready.key), JSON.stringify(recorded));
}

const recordPath = (rig: Rig, key: string): string => join(rig.cache, "programs", `${key}.json`);

function programKey({ llvmVersion }: Rig, { path, flags, includes, language }: Program): string {
  return contentHash(
    JSON.stringify([llvmVersion, language, flags, includes, contentHash(readFileSync(path))]),
  );
}

function readRecord(path: string): Recorded | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = recordSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  return parsed.success ? parsed.data : undefined;
}

function fromRecord(
  recorded: Recorded,
  { program, key, bitcodePath }: { program: Program; key: string; bitcodePath: string },
): Preparation {
  if ("leftOut" in recorded) return { status: "left-out", why: recorded.leftOut };
  return {
    status: "ready",
    ready: { program, key, bitcode: readFileSync(bitcodePath), ...recorded },
  };
}

async function compileAndRun(rig: Rig, program: Program, bitcodePath: string): Promise<Recorded> {
  const bitcode = await compileToBitcode(rig.toolchain, program);
  if (bitcode.status !== "ok") return leftOut("does not compile", bitcode.message);
  const reference = await runReference(rig, program);
  if (typeof reference === "string") return leftOut("at -O0", reference);
  writeFileAtomic(bitcodePath, bitcode.value);
  return { reference, hasUndefined: await hasUndefined(rig, program), safeWith: [] };
}

const leftOut = (what: string, why: string): Recorded => ({
  leftOut: `${what}: ${firstLine(why)}`,
});

/** What the program does at -O0, twice the same; or why that cannot be said. */
export async function runReference(rig: Rig, program: Program): Promise<Reference | string> {
  const runs = await compileAndExecute(rig, program, { flags: ["-O0"], times: 2 });
  if (typeof runs === "string") return runs;
  for (const run of runs) {
    if (run.status === "failed") throw new Error(`cannot run programs here: ${run.message}`);
    if (run.status === "stopped")
      return run.why === "time" ? "does not end in time" : "writes too much";
    if (run.code !== 0) return `exits with ${run.code}`;
  }
  const [first, again] = runs;
  if (first?.status !== "exited" || again?.status !== "exited") return "does not end";
  if (first.output !== again.output) return "does not print the same twice";
  return {
    output: first.output,
    head: first.head,
    seconds: Math.min(first.seconds, again.seconds),
  };
}

/** The checks that need no run-time library: each ends the program by a trap. */
const UBSAN = ["-O0", "-fsanitize=undefined", "-fno-sanitize=vptr", "-fsanitize-trap=undefined"];

/** False also where UBSan cannot be tried. */
async function hasUndefined(rig: Rig, program: Program): Promise<boolean> {
  const runs = await compileAndExecute(rig, program, { flags: UBSAN, times: 1 });
  const [run] = typeof runs === "string" ? [] : runs;
  return run?.status === "exited" && run.code !== 0;
}

async function compileAndExecute(
  rig: Rig,
  program: Program,
  { flags, times }: { flags: readonly string[]; times: number },
): Promise<Run[] | string> {
  const object = rig.path("o");
  const file = rig.path("out");
  try {
    const clang = join(rig.toolchain.bin, program.language === "c" ? "clang" : "clang++");
    const args = [...program.flags, ...flags, "-c", program.path, "-o", object];
    const compiled = await runCommand(clang, args, CLANG_LIMITS);
    if (compiled.status === "failed") return compiled.message;
    if (compiled.code !== 0) return `does not compile: ${firstLine(compiled.stderr)}`;
    const linked = await rig.linker.link(object, file, program.language);
    if (linked.status !== "ok") return `does not link: ${linked.message}`;
    const runs: Run[] = [];
    while (runs.length < times)
      runs.push(await rig.sandbox.execute(file, { cpuSeconds: program.timeLimitSeconds }));
    return runs;
  } finally {
    for (const path of [object, file]) rmSync(path, { force: true });
  }
}

const firstLine = (text: string): string =>
  (text.split("\n").find((line) => line.includes("error:")) ?? text.split("\n")[0] ?? "").slice(
    0,
    MAX_WHY_CHARACTERS,
  );

/** Writes an object, links it, runs it. The program's file name is new each time; nothing is left behind. */
export async function linkAndRun(
  rig: Rig,
  { program }: Pick<ReadyProgram, "program">,
  object: Uint8Array,
): Promise<Run | { status: "unlinked"; message: string }> {
  const objectPath = rig.path("o");
  const file = rig.path("out");
  try {
    writeFileSync(objectPath, object);
    const renames = constructorRenames(object);
    if (renames.length > 0) {
      const objcopy = join(rig.toolchain.bin, "llvm-objcopy");
      const renamed = await runCommand(objcopy, [...renames, objectPath], CLANG_LIMITS);
      if (renamed.status === "failed") return { status: "unlinked", message: renamed.message };
    }
    const linked = await rig.linker.link(objectPath, file, program.language);
    if (linked.status !== "ok") return { status: "unlinked", message: linked.message };
    return await rig.sandbox.execute(file, { cpuSeconds: program.timeLimitSeconds });
  } finally {
    for (const path of [objectPath, file]) rmSync(path, { force: true });
  }
}
