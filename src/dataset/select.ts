/**
 * Which modules of a corpus go into a dataset, and which functions must not: no function is in two splits.
 *
 * Packages share code (copied sources, headers), so a function of a `test` package may be in a `train` package too. It stays
 * in `train`, and is cut out of the others: their modules are told without it, as parts of them are (tasks/cut.ts), and a
 * module of which nothing is left goes. A function is known by the hash of its normal form (llvm/normalize-hash.ts), which
 * does not see its name. All of the corpus counts, not just the modules chosen here.
 */

import { z } from "zod";
import { contentHash } from "../base/hash.ts";
import { SPLITS, type Split } from "../corpus/split.ts";
import type { Corpus } from "../corpus/store.ts";

export interface ModuleName {
  /** SHA-256 of the bitcode. */
  readonly hash: string;
  readonly split: Split;
}

export interface Selection {
  /** By split, in the order of hashes; each hash once. */
  readonly modules: Readonly<Record<Split, readonly ModuleName[]>>;
  readonly tooLarge: number;
}

const moduleRow = z.object({
  hash: z.string(),
  split: z.enum(SPLITS),
  bytes: z.coerce.number(),
});

export interface Choice {
  /** Modules at most, those with labels first, then those whose hashes come first. */
  readonly limit?: number | undefined;
  /** Of bitcode. */
  readonly maxBytes: number;
  readonly isLabelled: (hash: string) => boolean;
}

export async function selectModules(
  corpus: Corpus,
  { limit = Number.POSITIVE_INFINITY, maxBytes, isLabelled }: Choice,
): Promise<Selection> {
  const rows = await corpus.query(
    "SELECT hash, min(split) AS split, min(bitcodeBytes) AS bytes FROM manifest WHERE kept GROUP BY hash ORDER BY hash",
  );
  const all = rows.map((row) => moduleRow.parse(row));
  const usable = all.filter(({ bytes }) => bytes <= maxBytes);
  const [labelled, others] = [
    usable.filter(({ hash }) => isLabelled(hash)),
    usable.filter(({ hash }) => !isLabelled(hash)),
  ];
  const chosen = new Set([...labelled, ...others].slice(0, limit).map(({ hash }) => hash));
  const of = (split: Split): ModuleName[] =>
    usable.flatMap((module) =>
      module.split === split && chosen.has(module.hash) ? [{ hash: module.hash, split }] : [],
    );
  return {
    modules: { train: of("train"), valid: of("valid"), test: of("test") },
    tooLarge: all.length - usable.length,
  };
}

/** Functions that are in more than one split, by hash. */
export interface SharedFunctions {
  /** Whether a function of a `split` module is another split's: train keeps what it has, then valid. */
  readonly isForeign: (hash: string, split: Split) => boolean;
  /** Of all of it. */
  readonly fingerprint: string;
}

const sharedRow = z.object({ hash: z.string(), train: z.boolean() });

export async function sharedFunctions(corpus: Corpus): Promise<SharedFunctions> {
  const rows = await corpus.query(
    `SELECT hash, bool_or(split = 'train') AS train FROM
       (SELECT split, unnest(functions).hash AS hash FROM manifest WHERE kept)
     GROUP BY hash HAVING count(DISTINCT split) > 1 ORDER BY hash`,
  );
  const shared = new Map(
    rows.map((row) => sharedRow.parse(row)).map(({ hash, train }) => [hash, train]),
  );
  return {
    isForeign: (hash, split) => {
      const isInTrain = shared.get(hash);
      if (isInTrain === undefined || split === "train") return false;
      return isInTrain || split === "test";
    },
    fingerprint: contentHash(JSON.stringify([...shared])),
  };
}
