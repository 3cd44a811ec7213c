/**
 * A program opened as the dataset opens a module, so that a case asks what training teaches; with a measure of length that
 * is no model's, so that all models have the same cases.
 */

import { contentHash } from "../base/hash.ts";
import { openModule } from "../dataset/module-rows.ts";
import type { Source } from "../dataset/source.ts";
import type { Program } from "./program.ts";
import type { Kit } from "./suite.ts";

/** Of code: the vocabularies of results/tokenizer.md have 2.9 to 4.0. */
const CHARACTERS_PER_TOKEN = 3;

export const nominalTokens = (text: string): number =>
  Math.ceil(text.length / CHARACTERS_PER_TOKEN);

export type CaseKit = Pick<Kit, "pool" | "registry" | "coreset" | "seed">;

export interface Opening {
  /** Nominal tokens of prompt and answer. */
  readonly context: number;
  /** Functions that training has seen, by the hash of their normal form: cut out of the program. */
  readonly isKnown?: ((functionHash: string) => boolean) | undefined;
}

/** The source, or why there is none. `stack` closes it. */
export async function openProgram(
  { coreset, ...kit }: CaseKit,
  { hash, bitcode, id }: Program,
  { context, isKnown = () => false, stack }: Opening & { stack: DisposableStack },
): Promise<Source | { readonly left: string }> {
  const opening = {
    ...kit,
    coreset: coreset.lists,
    context,
    countTokens: nominalTokens,
    isForeign: isKnown,
    labelledLists: () => undefined,
  };
  const opened = await openModule(opening, { hash, bitcode, path: id, split: "test" }, stack);
  return "left" in opened ? opened : opened.source;
}

/** The same for the same seed, whatever order they come in; one more program leaves the others' order as it is. */
export const inDrawnOrder = (programs: readonly Program[], seed: number): Program[] =>
  programs
    .map((program) => ({ program, key: contentHash(`${seed} ${program.hash} ${program.id}`) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ program }) => program);
