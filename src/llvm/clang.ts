/**
 * clang as a child process: sources to the IR that its optimiser would start from, to plain -Oz objects, and optimised
 * IR to objects with the user's own flags (-ffunction-sections, -mcmodel=... have no place in IR).
 */

import { join } from "node:path";
import { type CommandResult, runCommand } from "../base/run-command.ts";
import type { EmitKind } from "./module.ts";
import type { Outcome } from "./outcome.ts";
import type { Toolchain } from "./toolchain.ts";

export interface Source {
  readonly path: string;
  /** Flags that `sortFlags` let through. */
  readonly flags: readonly string[];
  /** Folder the flags' relative paths start from. */
  readonly cwd?: string | undefined;
}

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 512 * 2 ** 20;

const EMIT_FLAGS: Record<EmitKind, readonly string[]> = {
  object: ["-c"],
  assembly: ["-S"],
  ir: ["-S", "-emit-llvm"],
  bitcode: ["-c", "-emit-llvm"],
};

/** Bitcode as clang -Oz hands it to its optimiser: size attributes and lifetime markers, no pass run. */
export function compileToBitcode(
  toolchain: Toolchain,
  source: Source,
): Promise<Outcome<Uint8Array>> {
  return clang(toolchain, source, [
    "-Oz",
    "-Xclang",
    "-disable-llvm-passes",
    "-c",
    "-emit-llvm",
    source.path,
  ]);
}

/** What the user would get without us. */
export function compileAtOz(
  toolchain: Toolchain,
  source: Source,
  as: EmitKind = "object",
): Promise<Outcome<Uint8Array>> {
  return clang(toolchain, source, ["-Oz", ...EMIT_FLAGS[as], source.path]);
}

/** Code generation for IR that is already optimised, with the flags the source was compiled with. */
export function lowerBitcode(
  toolchain: Toolchain,
  source: Source,
  { bitcode, as }: { bitcode: Uint8Array; as: EmitKind },
): Promise<Outcome<Uint8Array>> {
  // Preprocessor flags mean nothing for IR; clang would warn of each.
  const args = [
    "-Oz",
    "-Xclang",
    "-disable-llvm-passes",
    "-Qunused-arguments",
    "-Wno-override-module",
  ];
  return clang(toolchain, source, [...args, ...EMIT_FLAGS[as], "-x", "ir", "-"], bitcode);
}

async function clang(
  toolchain: Toolchain,
  source: Source,
  args: readonly string[],
  stdin?: Uint8Array,
): Promise<Outcome<Uint8Array>> {
  const isCxx = /\.(?:cc|cpp|cxx|C|c\+\+)$/.test(source.path);
  const program = join(toolchain.bin, isCxx ? "clang++" : "clang");
  const limits = { timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
  const result = await runCommand(program, [...source.flags, ...args, "-o", "-"], {
    cwd: source.cwd,
    stdin,
    ...limits,
  });
  return outcomeOf(result);
}

function outcomeOf(result: CommandResult): Outcome<Uint8Array> {
  if (result.status === "failed")
    return {
      status: "crashed",
      message: result.message.startsWith("cannot run")
        ? `${result.message}; see \`llmc doctor\``
        : result.message,
    };
  if (result.code !== 0) return { status: "invalid", message: result.stderr.trimEnd() };
  return { status: "ok", value: result.stdout };
}
