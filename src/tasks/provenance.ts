/**
 * What a model's answers depend on besides its prompts, as hashes: the passes it may name and the lists it may point at. A model
 * carries both (its GGUF keys `llmc.passes.hash` and `llmc.coreset.hash`); others than ours here mean that it was made for
 * another LLVM or another coreset.
 */

import { contentHash } from "../base/hash.ts";
import { type Registry, registryFor } from "../passes/registry.ts";

/** Of the names of all passes: sorted, one a line. */
export function passesHash({ passes }: Registry): string {
  return contentHash([...passes.keys()].toSorted().join("\n"));
}

/** Of an LLVM's passes; `version` is as LLVM says it, 22.1.2. */
export const passesHashOf = (version: string): string =>
  passesHash(registryFor(Number(version.split(".")[0])));

/** Of the texts of a coreset's lists as printPassList writes them, in their order, one a line. */
export function coresetHash(lists: readonly string[]): string {
  return contentHash(lists.join("\n"));
}
