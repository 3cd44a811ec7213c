// LLVM's own pipelines: by name, and -Oz written out so that a search can start from its parts.

import { parsePassList } from "./parse.ts";
import { generatedFor } from "./registry.ts";
import type { PassList } from "./tree.ts";

export type PresetName = "O1" | "O2" | "O3" | "Os" | "Oz";

export const presets: Readonly<Record<PresetName, PassList>> = {
  O1: [{ name: "default", params: "O1" }],
  O2: [{ name: "default", params: "O2" }],
  O3: [{ name: "default", params: "O3" }],
  Os: [{ name: "default", params: "Os" }],
  Oz: [{ name: "default", params: "Oz" }],
};

/**
 * The expanded -Oz pipeline, without its trailing verify: it gives exactly what `default<Oz>`
 * gives.
 */
export function ozTree(llvmMajor: number): PassList {
  const { oz, llvmVersion } = generatedFor(llvmMajor);
  const parsed = parsePassList(oz);
  if (!parsed.ok)
    throw new Error(
      `the checked-in -Oz pipeline of LLVM ${llvmVersion}: ${parsed.mistake.message}`,
    );
  return parsed.list;
}
