/**
 * What it takes to run programs on this machine: a linker, a sandbox, a folder for what is being built, the cache, and
 * the memory of runs. Opened once, used for every suite and list.
 */

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Toolchain } from "../llvm/toolchain.ts";
import { type Sandbox, openSandbox } from "./execute.ts";
import { type Linker, findLinker } from "./link.ts";
import { type Loader, openLoader } from "./loader/loader.ts";
import { type RunMemory, openRunMemory } from "./run-memory.ts";

export interface Rig extends Disposable {
  readonly toolchain: Toolchain;
  readonly llvmVersion: string;
  readonly linker: Linker;
  readonly sandbox: Sandbox;
  /** Runs objects without linking them, where this machine can. */
  readonly loader: Loader | undefined;
  readonly memory: RunMemory;
  /** For what is fetched, generated or compiled once. */
  readonly cache: string;
  /** For objects and programs on their way; `path("o")` is a new name in it. Taken away at the end. */
  path(extension: string): string;
}

export interface RigOptions {
  readonly toolchain: Toolchain;
  readonly llvmVersion: string;
  readonly cache: string;
}

/** The error says what is missing on this machine. */
export async function openRig({ toolchain, llvmVersion, cache }: RigOptions): Promise<Rig | Error> {
  const folder = mkdtempSync(join(tmpdir(), "llmc-verify-"));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  chmodSync(folder, 0o711); // programs run as other users, who may pass through but not look around
  const linker = await findLinker(toolchain, folder);
  const sandbox = await openSandbox(folder);
  if (linker instanceof Error || sandbox === undefined) {
    dispose();
    return linker instanceof Error
      ? linker
      : new Error("cannot bound programs: apt install util-linux (prlimit, unshare)");
  }
  const loader = await openLoader(toolchain, { cache, sandbox, folder: join(folder, "scratch") });
  let serial = 0;
  return {
    toolchain,
    llvmVersion,
    linker,
    sandbox,
    loader,
    cache,
    memory: openRunMemory(join(cache, `runs-${llvmVersion}.jsonl`)),
    path: (extension) => join(folder, `${serial++}.${extension}`),
    [Symbol.dispose]() {
      loader?.[Symbol.dispose]();
      dispose();
    },
  };
}
