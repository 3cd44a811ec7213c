/**
 * The coreset: an ordered list of pass lists, chosen so that its first k do best together on the training modules.
 * Made by tools/coreset; the file says from what.
 */

import { readFileSync } from "node:fs";
import { z } from "zod";
import type { PassList } from "../passes/tree.ts";
import type { Registry } from "../passes/registry.ts";
import { checkPassList } from "../passes/check.ts";

export interface Coreset {
  readonly lists: readonly PassList[];
}

export const coresetFileSchema = z.object({
  madeBy: z.string(),
  llvmVersion: z.string(),
  seed: z.number(),
  objective: z.string(),
  trainingPackages: z.array(z.string()),
  /** Mean saving over -Oz, percent, of the first k lists on the training modules; k = 1, 2, ... */
  trainingSavings: z.array(z.number()),
  lists: z.array(z.string()),
});
export type CoresetFile = z.infer<typeof coresetFileSchema>;

/**
 * The shipped coreset, for the passes that this LLVM has: lists with a pass unknown to `registry` or unsafe in it are
 * left out, so LLVM 19 gets a shorter one.
 */
export function loadCoreset(registry: Registry): Coreset {
  const text = readFileSync(new URL("./coreset.json", import.meta.url), "utf8");
  return usableCoreset(coresetFileSchema.parse(JSON.parse(text)), registry);
}

export function usableCoreset(file: CoresetFile, registry: Registry): Coreset {
  const lists = file.lists.flatMap((text) => {
    const checked = checkPassList(text, registry);
    return checked.ok ? [checked.list] : [];
  });
  return { lists };
}
