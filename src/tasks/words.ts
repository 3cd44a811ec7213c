/**
 * The words of flag tuning's compact dialect that are worth a token each: what a digest says, the names of the coreset's lists and
 * what they saved. A tokenizer that was trained with them (`llmc tokenizer train --words`) writes a digest in a token a feature.
 */

import { DIGEST_WORDS } from "./digest.ts";
import { SAVED_WORDS } from "./numbers.ts";
import { coresetName } from "./proposal.ts";

/** As they stand in a text: the words of a digest with the space before them. */
export const tuneWords = (coresetLength: number): readonly string[] => [
  ...DIGEST_WORDS.map((word) => ` ${word}`),
  ...SAVED_WORDS,
  ...Array.from({ length: coresetLength }, (_, number) => coresetName(number)),
];
