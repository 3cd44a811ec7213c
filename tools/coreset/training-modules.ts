/** Which collected modules a coreset is made from: the training packages' alone, of modest size, evenly drawn. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { contentHash } from "../../src/base/hash.ts";
import { readJsonLines } from "../../src/base/files.ts";
import { refuseHeldOut } from "../../src/corpus/held-out.ts";
import { splitOf } from "../../src/corpus/split.ts";

export interface TrainingModule {
  readonly id: string;
  readonly package: string;
  /** Of bitcode. */
  readonly bytes: number;
  readonly bitcode: () => Uint8Array;
}

const lineSchema = z.object({
  package: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  file: z.string(),
});

export interface ModuleChoice {
  readonly count: number;
  /** Of bitcode. */
  readonly minBytes?: number;
  readonly maxBytes: number;
}

/** Modules of the split wanted, round robin over the packages in an order that depends on hashes alone. */
export function readModules(
  corpus: string,
  split: "train" | "test",
  { count, minBytes = 0, maxBytes }: ModuleChoice,
): TrainingModule[] {
  const all = readJsonLines(join(corpus, "manifest.jsonl")).map((line) => lineSchema.parse(line));
  const usable = all
    .filter(
      (line) =>
        splitOf(line.package) === split &&
        line.bytes >= minBytes &&
        line.bytes <= maxBytes &&
        refuseHeldOut(line.package) === null,
    )
    .toSorted((a, b) => (contentHash(a.sha256) < contentHash(b.sha256) ? -1 : 1));
  const byPackage = [...Map.groupBy(usable, (line) => line.package).values()];
  const rounds = Math.max(0, ...byPackage.map((lines) => lines.length));
  return Array.from({ length: rounds }, (_, round) =>
    byPackage.flatMap((lines) => lines[round] ?? []),
  )
    .flat()
    .slice(0, count)
    .map((line) => ({
      id: line.sha256,
      package: line.package,
      bytes: line.bytes,
      bitcode: () => readFileSync(join(corpus, line.file)),
    }));
}
