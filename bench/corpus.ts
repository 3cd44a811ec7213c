/** The modules that benchmarks run on: real ones, of the packages kept apart, exported from a corpus. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { contentHash } from "../src/base/hash.ts";
import { readJsonLines } from "../src/base/files.ts";
import { makePool, type Pool } from "../src/llvm/pool.ts";
import { findToolchain } from "../src/llvm/toolchain.ts";

const FOLDER = join(import.meta.dirname, "../build/corpus");

export interface BenchModule {
  readonly id: string;
  readonly package: string;
  /** Of bitcode. */
  readonly bytes: number;
  readonly bitcode: () => Uint8Array;
}

const lineSchema = z.object({
  file: z.string(),
  hash: z.string(),
  package: z.string(),
  split: z.string(),
  bitcodeBytes: z.number(),
});

/** Modules that no coreset has seen, round robin over their packages in an order that depends on hashes alone. */
export function testModules({
  count,
  maxBytes,
}: {
  count: number;
  maxBytes: number;
}): BenchModule[] {
  const manifest = join(FOLDER, "manifest.jsonl");
  if (!existsSync(manifest)) {
    process.stderr.write(
      "no modules: make a corpus with `llmc corpus add --recipe`, then `llmc corpus export build/corpus --split test`\n",
    );
    process.exit(3);
  }
  const usable = readJsonLines(manifest)
    .map((line) => lineSchema.parse(line))
    .filter(({ split, bitcodeBytes }) => split === "test" && bitcodeBytes <= maxBytes)
    .toSorted((a, b) => (contentHash(a.hash) < contentHash(b.hash) ? -1 : 1));
  const byPackage = [...Map.groupBy(usable, (line) => line.package).values()];
  const rounds = Math.max(0, ...byPackage.map((lines) => lines.length));
  return Array.from({ length: rounds }, (_, round) =>
    byPackage.flatMap((lines) => lines[round] ?? []),
  )
    .flat()
    .slice(0, count)
    .map(({ file, hash, package: name, bitcodeBytes }) => ({
      id: hash,
      package: name,
      bytes: bitcodeBytes,
      bitcode: () => readFileSync(join(FOLDER, file)),
    }));
}

export function benchPool(workers: number): Pool {
  const found = findToolchain("22");
  if (found.status === "missing") {
    process.stderr.write(`${found.message}\n`);
    process.exit(3);
  }
  return makePool(found.toolchain, workers);
}
