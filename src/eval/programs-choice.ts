/** Which of many programs are asked about: a seeded choice by names alone, so that every machine makes the same one. */

import { contentHash } from "../base/hash.ts";

export interface Choice {
  readonly count: number;
  readonly seed: number;
  /** At most so many of one package, so that none dominates. */
  readonly perPackage: number;
  /** Of bitcode. */
  readonly minBytes: number;
  readonly maxBytes: number;
}

export interface Listed {
  /** Tells it from all others. */
  readonly id: string;
  readonly package: string;
}

/**
 * Round robin: one of each package, then a second of each, and so on. A higher count adds behind what a lower one gives, so
 * a run that is stopped early, or a smaller one, has some of each.
 */
export function chooseListed<T extends Listed>(
  all: readonly T[],
  { count, seed, perPackage }: Pick<Choice, "count" | "seed" | "perPackage">,
): T[] {
  const drawn = inSeededOrder(all, (item) => `${seed} ${item.id}`);
  const byPackage = Map.groupBy(drawn, (item) => item.package);
  const packages = inSeededOrder([...byPackage], ([name]) => `${seed} ${name}`).map(
    ([, items]) => items,
  );
  const most = Math.min(perPackage, Math.max(0, ...packages.map(({ length }) => length)));
  const rounds = Array.from({ length: most }, (_, round) =>
    packages.flatMap((some) => some.slice(round, round + 1)),
  );
  return rounds.flat().slice(0, count);
}

function inSeededOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: contentHash(keyOf(item)) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
