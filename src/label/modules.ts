/**
 * Which modules are labelled: so many of each split, of modest size, a few from every package. The choice depends on
 * hashes alone, so every machine makes the same one from the same corpus.
 */

import { openCorpus } from "../corpus/store.ts";
import type { Split } from "../corpus/split.ts";

export interface LabelModule {
  /** SHA-256 of the bitcode, hexadecimal. */
  readonly hash: string;
  readonly package: string;
  readonly split: Split;
  /** Of bitcode. */
  readonly bytes: number;
  readonly bitcode: () => Uint8Array;
}

export interface ModuleChoice {
  /** How many modules of each split; a split not named gets none. */
  readonly counts: Readonly<Partial<Record<Split, number>>>;
  readonly perPackage: number;
  /** Of bitcode. */
  readonly minBytes: number;
  readonly maxBytes: number;
}

/**
 * The chosen modules: those of `known`, which were begun, then round robin over the packages, so that a run that is
 * stopped early has some of each.
 */
export function chooseModules(
  modules: readonly LabelModule[],
  { counts, perPackage, minBytes, maxBytes }: ModuleChoice,
  known: { has(hash: string): boolean } = new Set<string>(),
): LabelModule[] {
  const usable = withoutDuplicates(
    modules.filter(({ bytes }) => bytes >= minBytes && bytes <= maxBytes),
  );
  return Object.entries(counts).flatMap(([split, count]) => {
    const own = usable.filter((module) => module.split === split);
    const begun = own.filter(({ hash: name }) => known.has(name));
    const packages = [...Map.groupBy(own, (module) => module.package).values()];
    const rounds = Array.from({ length: perPackage }, (_, round) =>
      packages.flatMap((some) => some[round] ?? []),
    );
    return [...new Set([...begun, ...rounds.flat()])].slice(0, count);
  });
}

/** One of each hash, in order of hash; of equal ones that of the first package by name. */
function withoutDuplicates(modules: readonly LabelModule[]): LabelModule[] {
  const sorted = modules.toSorted(
    (a, b) => compare(a.hash, b.hash) || compare(a.package, b.package),
  );
  return sorted.filter((module, index) => module.hash !== sorted[index - 1]?.hash);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export interface SizeLimits {
  /** Of bitcode. */
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** The distinct modules of a corpus. Their bitcode is held in memory: keep `maxBytes` modest. */
export async function corpusModules(
  folder: string,
  { minBytes, maxBytes }: SizeLimits,
): Promise<LabelModule[]> {
  const corpus = await openCorpus(folder);
  try {
    const modules: LabelModule[] = [];
    for await (const { hash: name, bitcode, bitcodeBytes: bytes, ...module } of corpus.modules({
      maxBitcodeBytes: maxBytes,
    })) {
      if (bytes < minBytes) continue;
      const { package: from, split } = module;
      modules.push({ hash: name, package: from, split, bytes, bitcode: () => bitcode });
    }
    return modules;
  } finally {
    corpus.close();
  }
}
