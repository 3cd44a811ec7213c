/** Real LLVM for tests: programs compiled to bitcode and IR, and LLVM's own tools to compare with. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type LoadedModule, type Pool, makePool } from "../../src/llvm/pool.ts";
import { findToolchain } from "../../src/llvm/toolchain.ts";
import { value } from "./outcome.ts";

export { value } from "./outcome.ts";

const found = findToolchain();
if (found.status === "missing") throw new Error(found.message);
export const toolchain = found.toolchain;

const PROGRAMS = join(import.meta.dirname, "programs");
export type ProgramName = "table.c" | "tokens.c" | "shapes.cpp";
export const programPath = (name: ProgramName): string => join(PROGRAMS, name);

const MAX_TOOL_OUTPUT_BYTES = 1 << 30;

/** Runs one of LLVM's programs; `stdin` in, standard output out. */
export function tool(
  name: string,
  args: readonly string[],
  stdin: Uint8Array | string = "",
): Buffer {
  return execFileSync(join(toolchain.bin, name), args, {
    input: stdin,
    maxBuffer: MAX_TOOL_OUTPUT_BYTES,
  });
}

const BEFORE_PASSES = ["-Oz", "-Xclang", "-disable-llvm-passes", "-emit-llvm", "-c", "-o", "-"];

/** Bitcode of a bundled program, as clang -Oz hands it to its optimiser. */
export function programBitcode(name: ProgramName, flags: readonly string[] = []): Buffer {
  return tool(name.endsWith(".cpp") ? "clang++" : "clang", [
    ...flags,
    ...BEFORE_PASSES,
    programPath(name),
  ]);
}

/** Bitcode of C text; later flags win, so `["-O0"]` gives what clang -O0 gives. */
export function bitcodeOfC(text: string, flags: readonly string[] = []): Buffer {
  return tool("clang", [...BEFORE_PASSES, ...flags, "-x", "c", "-"], text);
}

/** What `opt` and `llc` make of bitcode, the way users run them. */
export function optAndLlc(
  bitcode: Uint8Array,
  passes: string,
  reloc: "pic" | "static" = "pic",
): Buffer {
  const optimised = tool(
    "opt",
    [`-passes=${passes}`, `-relocation-model=${reloc}`, "-o", "-", "-"],
    bitcode,
  );
  return tool("llc", [`-relocation-model=${reloc}`, "-filetype=obj", "-o", "-", "-"], optimised);
}

/** A pool that is closed when the test file ends. */
export function testPool(workers = 1): Pool {
  const pool = makePool(toolchain, workers);
  afterAll(() => pool.close());
  return pool;
}

export async function load(
  pool: Pool,
  bytes: Uint8Array | string,
  name = "test",
): Promise<LoadedModule> {
  return value(await pool.load(typeof bytes === "string" ? Buffer.from(bytes) : bytes, name));
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Children of a process, by /proc. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(Number);
}

/** Waits until `holds`, at most `timeoutMs`. */
export async function until(holds: () => boolean, timeoutMs = 20_000): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
