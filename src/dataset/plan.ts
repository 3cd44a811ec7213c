/**
 * What is to be built: settings, and the modules in chunks. A chunk's name is a hash of all that its rows depend on, so that
 * a changed setting gives other names, and what lies under a name is right.
 */

import { contentHash } from "../base/hash.ts";
import { SPLITS, type Split } from "../corpus/split.ts";
import type { Corpus } from "../corpus/store.ts";
import type { Labels } from "../label/labels.ts";
import { printPassList } from "../passes/print.ts";
import { searchPasses } from "../passes/registry.ts";
import type { Tokenizer } from "../tokenizer/encode.ts";
import type { Selection } from "./select.ts";
import type { Kit } from "./source.ts";
import { STAGES, type Stage } from "./stages.ts";

/** Raised when the same settings give other rows than before. */
const FORMAT = 6;

/** What a Ctrl-C may cost, and few enough that the last chunk keeps no lane waiting for long. */
const CHUNK_MODULES = 8;

export interface BuildOptions extends Omit<Kit, "countTokens"> {
  readonly corpus: Corpus;
  /** Without them there is no tuning. */
  readonly labels?: Labels | undefined;
  readonly tokenizer: Tokenizer;
  readonly out: string;
  readonly stages: readonly Stage[];
  /** Modules at most, labelled ones first. */
  readonly limit?: number | undefined;
  /** Of a module's bitcode. */
  readonly maxBytes: number;
  /** LLVM's version. */
  readonly llvm: string;
  readonly madeBy: string;
  /** Of a chunk; what comes out does not depend on it. */
  readonly chunkModules?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  readonly doing: "rows" | "files";
  /** Modules, then chunks. */
  readonly done: number;
  readonly total: number;
  /** Made by this run. */
  readonly rows: number;
  readonly tokens: number;
  readonly seconds: number;
}

export const tokenizerHash = ({ vocabulary }: Tokenizer): string =>
  contentHash(JSON.stringify(vocabulary));
export const labelsHash = (labels: Labels | undefined): string | null =>
  labels === undefined ? null : contentHash(JSON.stringify(labels));

/** Hash of all that the rows of a module depend on, besides the module. */
export function keyOf(options: BuildOptions, sharedFingerprint: string): string {
  const { seed, context, coreset, llvm, labels, tokenizer, registry } = options;
  const stages = STAGES.filter((stage) => options.stages.includes(stage));
  const lists = coreset.map(printPassList);
  const hashes = [tokenizerHash(tokenizer), labelsHash(labels), sharedFingerprint];
  const passes = searchPasses(registry).map(({ name, params }) => [name, params]);
  const parts = [FORMAT, seed, context, stages, llvm, lists, passes, hashes];
  return contentHash(JSON.stringify(parts));
}

export interface PlannedChunk {
  readonly name: string;
  readonly split: Split;
  /** Hashes of the modules, rising. */
  readonly modules: readonly string[];
}

export function planOf(
  { modules }: Selection,
  key: string,
  chunkModules = CHUNK_MODULES,
): PlannedChunk[] {
  return SPLITS.flatMap((split) => {
    const hashes = modules[split].map(({ hash }) => hash);
    const count = Math.ceil(hashes.length / chunkModules);
    return Array.from({ length: count }, (_, index): PlannedChunk => {
      const own = hashes.slice(index * chunkModules, (index + 1) * chunkModules);
      return { name: contentHash([key, split, ...own].join(" ")), split, modules: own };
    });
  });
}

/** Of everything: equal for equal bytes. */
export const wholeKey = (plan: readonly PlannedChunk[], key: string): string =>
  contentHash([key, ...plan.flatMap(({ split, modules }) => [split, ...modules])].join(" "));
