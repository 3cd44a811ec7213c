/** What a token is called in files: a special token by its text, any other by the letters of its bytes. */

import { lettersOf } from "./byte-letters.ts";
import { tokensOf, type Vocabulary } from "./vocabulary.ts";

export interface NamedVocabulary {
  /** By id. */
  readonly names: readonly string[];
  readonly merges: readonly (readonly [left: string, right: string])[];
}

export function namedVocabulary(vocabulary: Vocabulary): NamedVocabulary {
  const { specials, merges } = vocabulary;
  const names = tokensOf(vocabulary).bytes.map((bytes, id) => specials[id] ?? lettersOf(bytes));
  const nameOf = (id: number): string => names[id] ?? "";
  return { names, merges: merges.map(([left, right]) => [nameOf(left), nameOf(right)]) };
}
