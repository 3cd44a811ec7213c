/** From an input to a module in the pool: IR files are read, sources compiled by clang as far as its optimiser. */

import { readFile } from "node:fs/promises";
import { compileToBitcode } from "../llvm/clang.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Input } from "./inputs.ts";

export async function loadInput(pool: Pool, input: Input): Promise<Outcome<LoadedModule>> {
  if (input.problem !== undefined) return { status: "invalid", message: input.problem };
  const bytes =
    input.kind === "source"
      ? await compileToBitcode(pool.toolchain, input)
      : await readInput(input.path);
  return bytes.status === "ok" ? pool.load(bytes.value, input.name) : bytes;
}

/** The file was there when the inputs were resolved; by now it may be gone. */
async function readInput(path: string): Promise<Outcome<Uint8Array>> {
  try {
    return ok(await readFile(path));
  } catch (error) {
    return {
      status: "invalid",
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** What was done to the module before anything was measured, for the user to know. */
export function preparationNotes({ info }: LoadedModule): string[] {
  const { optnoneRemoved, sizeAttributesSet } = info;
  return [
    ...(optnoneRemoved > 0 ? [`made at -O0: optnone taken from ${optnoneRemoved} functions`] : []),
    ...(sizeAttributesSet > 0 ? [`minsize and optsize set on ${sizeAttributesSet} functions`] : []),
  ];
}
