/**
 * From a module's object to a program that drives it, and its runs. Every program of one module gets an image base of
 * its own, so that an address that finds its way into a result differs between builds.
 */

import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contentHash } from "../../base/hash.ts";
import { type CommandResult, runCommand } from "../../base/run-command.ts";
import { type Outcome, ok } from "../../llvm/outcome.ts";
import type { Toolchain } from "../../llvm/toolchain.ts";
import type { Driver } from "./stubs.ts";

export interface Workshop {
  readonly toolchain: Toolchain;
  /** Objects and programs of this module; the runtime's objects go to the folder above and are used again. */
  readonly folder: string;
  readonly stubs: string;
  readonly renames: string;
  readonly globalized: string;
  readonly runtime: readonly string[];
}

export interface Program {
  readonly path: string;
  /** Position among the module's builds: image base and heap address follow from it. */
  readonly serial: number;
}

export interface RunOptions {
  readonly mode: "explore" | "run" | "judge" | "show";
  readonly seed: number;
  /** Byte that uninitialised stack, heap and pads are painted with. */
  readonly fill: number;
  /** CPU time of one call. */
  readonly callLimitMs: number;
  /** A function is done after so many calls that ended well; all planned inputs when left out. */
  readonly wanted?: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const SOURCES = fileURLToPath(new URL("./runtime/", import.meta.url));
const TOOL_LIMITS = { timeoutMs: 120_000, maxOutputBytes: 1 << 20 };
/** A call's line can be 100 KB when it writes much memory; a chunk of functions stays far below this. */
const MAX_REPORT_BYTES = 512 * 2 ** 20;
const IMAGE_APART = 0x0800_0000;
const FIRST_IMAGE = 0x1000_0000;
/** Non-PIC code must lie in the lowest 2 GiB. */
const MAX_PROGRAMS = 12;
/** Of runtime/driver.c. */
const MAX_INPUTS = 4096;
const MAX_MESSAGE_CHARACTERS = 500;

/** Compiles the runtime where that was not done yet, and writes what all builds of the module share. */
export async function openWorkshop(
  toolchain: Toolchain,
  {
    scratch,
    name,
    stubs,
    driver,
  }: { scratch: string; name: string; stubs: Uint8Array; driver: Driver },
): Promise<Outcome<Workshop>> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const runtime = await compileRuntime(toolchain, scratch);
  if (runtime.status !== "ok") return runtime;
  const workshop = {
    toolchain,
    folder,
    stubs: join(folder, "stubs.o"),
    renames: join(folder, "renames"),
    globalized: join(folder, "globalized"),
    runtime: runtime.value,
  };
  writeFileSync(workshop.stubs, stubs);
  writeFileSync(workshop.renames, driver.renames.join("\n"));
  writeFileSync(workshop.globalized, driver.globalized.join("\n"));
  return ok(workshop);
}

async function compileRuntime({ bin }: Toolchain, scratch: string): Promise<Outcome<string[]>> {
  const sources = readdirSync(SOURCES).filter((file) => file.endsWith(".c"));
  const texts = readdirSync(SOURCES)
    .toSorted()
    .map((file) => readFileSync(join(SOURCES, file), "utf8"));
  const key = contentHash([bin, ...texts].join("\0"));
  const folder = join(scratch, `runtime-${key}`);
  const objects = sources.map((file) => join(folder, file.replace(/\.c$/, ".o")));
  if (existsSync(folder)) return ok(objects);
  const temporary = `${folder}.${process.pid}.${Math.trunc(performance.now() * 1000)}`;
  mkdirSync(temporary, { recursive: true });
  const flags = ["-O1", "-c", "-fno-stack-protector", "-fno-pie"];
  const compiled = await runTool(
    join(bin, "clang"),
    [...flags, ...sources.map((file) => join(SOURCES, file))],
    temporary,
  );
  if (compiled !== undefined)
    return { status: "rejected", message: `the driver's runtime does not compile: ${compiled}` };
  try {
    renameSync(temporary, folder);
  } catch {
    // another one was faster, with the same objects
  }
  return ok(objects);
}

/** Undefined when all went well, else the tool's words. */
async function runTool(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  const result = await runCommand(program, args, { ...TOOL_LIMITS, cwd });
  if (result.status === "failed") return result.message;
  return result.code === 0 ? undefined : result.stderr.trim().slice(0, MAX_MESSAGE_CHARACTERS);
}

export async function link(
  workshop: Workshop,
  object: Uint8Array,
  serial: number,
): Promise<Outcome<Program>> {
  const {
    toolchain: { bin },
    folder,
    runtime,
    stubs,
    renames,
    globalized,
  } = workshop;
  const path = join(folder, `build-${serial}`);
  writeFileSync(`${path}.o`, object);
  const renamed = await runTool(
    join(bin, "llvm-objcopy"),
    [`--globalize-symbols=${globalized}`, `--redefine-syms=${renames}`, `${path}.o`],
    folder,
  );
  if (renamed !== undefined) return { status: "rejected", message: `llvm-objcopy: ${renamed}` };
  const base = `-Wl,--image-base=0x${(FIRST_IMAGE + (serial % MAX_PROGRAMS) * IMAGE_APART).toString(16)}`;
  const args = [
    "-no-pie",
    "-fuse-ld=lld",
    base,
    "-Wl,--threads=1",
    "-o",
    path,
    ...runtime,
    stubs,
    `${path}.o`,
    "-lm",
  ];
  const linked = await runTool(join(bin, "clang"), args, folder);
  return linked === undefined
    ? ok({ path, serial })
    : { status: "rejected", message: `the driver does not link: ${linked}` };
}

/** The program's report, whole: one that was cut off is a failure. */
export async function runDriver(
  program: Program,
  plan: string,
  options: RunOptions,
): Promise<Outcome<string>> {
  const { mode, seed, fill, callLimitMs, timeoutMs, signal, wanted = MAX_INPUTS } = options;
  const args = [mode, seed, fill, callLimitMs, program.serial, wanted].map(String);
  const result = await runCommand(program.path, args, {
    stdin: Buffer.from(plan),
    timeoutMs,
    maxOutputBytes: MAX_REPORT_BYTES,
    signal,
    cwd: "/",
  });
  return reportOf(result);
}

function reportOf(result: CommandResult): Outcome<string> {
  if (result.status === "failed") {
    return {
      status: result.message.includes("did not end") ? "timeout" : "crashed",
      message: result.message,
    };
  }
  const text = result.stdout.toString("latin1");
  return result.code === 0 && text.endsWith("E\n")
    ? ok(text)
    : { status: "crashed", message: `the driver ended with exit code ${result.code}` };
}
