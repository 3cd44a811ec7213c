/** The modules that benchmarks run on: real ones, collected from Debian source packages. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePool, type Pool } from "../src/llvm/pool.ts";
import { findToolchain } from "../src/llvm/toolchain.ts";
import { readModules, type TrainingModule } from "../tools/coreset/training-modules.ts";

export const CORPUS = join(import.meta.dirname, "../build/corpus");

/** Modules of the packages kept apart: no coreset has seen them. */
export function testModules(options: { count: number; maxBytes: number }): TrainingModule[] {
  if (!existsSync(join(CORPUS, "manifest.jsonl"))) {
    process.stderr.write(
      "no corpus: make it with `node tools/coreset/collect.ts --out build/corpus` (about 20 minutes)\n",
    );
    process.exit(3);
  }
  return readModules(CORPUS, "test", options);
}

export function benchPool(workers: number): Pool {
  const found = findToolchain("22");
  if (found.status === "missing") {
    process.stderr.write(`${found.message}\n`);
    process.exit(3);
  }
  return makePool(found.toolchain, workers);
}
