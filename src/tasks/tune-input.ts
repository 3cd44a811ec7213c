/**
 * What a model of the compact dialect is told of a module whose pass list it is asked for: the module's digest, then the
 * bodies of its functions, as far as there is room. One prompt a module, whatever its size, and no longer than those of
 * training: the digest says what all of it is like, the bodies show some of it. Declarations, attributes and metadata, which are
 * most of a short part in normal form, are not told.
 */

import { digestOf } from "./digest.ts";
import { readIr, withoutAttachments } from "./ir-text.ts";

/** Of digest and bodies together: training learns a few tokens of each prompt, so long ones would cost more than they teach. */
export const TUNE_INPUT_TOKENS = 512;

export interface TuneInputOptions {
  readonly countTokens: (text: string) => number;
  readonly maxTokens?: number;
  /** Which levels of the digest; all without it. */
  readonly isTold?: (word: string) => boolean;
  /** The bodies in the order in which they are told. */
  readonly order?: (bodies: readonly (readonly string[])[]) => readonly (readonly string[])[];
}

/** `normalForm`: of the whole module. */
export function tuneInput(
  normalForm: string,
  {
    countTokens,
    maxTokens = TUNE_INPUT_TOKENS,
    isTold,
    order = (bodies) => bodies,
  }: TuneInputOptions,
): string {
  const digest = digestOf(normalForm, isTold);
  const lines = order([...readIr(normalForm).functions.values()]).flat();
  let left = maxTokens - countTokens(digest);
  const told: string[] = [];
  for (const line of lines) {
    const text = `${withoutAttachments(line)}\n`;
    left -= countTokens(text);
    if (left < 0) break;
    told.push(text);
  }
  return digest + told.join("");
}
