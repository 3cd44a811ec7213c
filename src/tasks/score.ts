/** What the scores of tasks are made of. Only text is compared; what needs a compiler is named and left to callers. */

import { addCounts, type BleuCounts, bleuCounts } from "../base/bleu.ts";

/**
 * What text cannot show. A caller that has the answer's code compiled, linked or run says it; until then it is
 * undecided, never true. "equivalent": does the same as the target. "round trip": compiles to the assembly it came from.
 */
export type CompilerQuestion = "compiles" | "equivalent" | "round trip";

export interface CodeScore {
  /** The whole answer was read. */
  readonly isParsed: boolean;
  /** Equal to the target, white space at the end aside. */
  readonly isExact: boolean;
  /** Add up over answers (`addCounts`), then `bleuOf`. */
  readonly bleu: BleuCounts;
  readonly undecided: readonly CompilerQuestion[];
}

export interface CodePair {
  /** Undefined where the answer has none: scored as an empty one. */
  readonly answer: string | undefined;
  readonly target: string;
}

export function compareCode({ answer, target }: CodePair): Pick<CodeScore, "isExact" | "bleu"> {
  return {
    isExact: answer !== undefined && answer.trimEnd() === target.trimEnd(),
    bleu: bleuCounts({ answer: codeTokens(answer ?? ""), reference: codeTokens(target) }),
  };
}

/** Of many answers; `corpusBleu` of all of them is `bleuOf` of this. */
export function totalBleu(scores: readonly Pick<CodeScore, "bleu">[]): BleuCounts {
  const none = bleuCounts({ answer: [], reference: [] });
  return scores.reduce((sum, { bleu }) => addCounts(sum, bleu), none);
}

/**
 * Words of IR or assembly for BLEU: strings whole, names with their sign (`@f`, `%5`, `!tbaa`, `.LBB0_1`), numbers, and
 * every other character by itself. Line breaks do not count.
 */
export function codeTokens(code: string): string[] {
  return code.match(/"(?:[^"\\\n]|\\.)*"|[@%$!#.]?[\w.$]+|[^\s\w]/g) ?? [];
}

/** |predicted - actual| / actual; where there is nothing to be relative to, 0 for a hit and 1 for a miss. */
export function relativeError(predicted: number, actual: number): number {
  if (actual === 0) return predicted === 0 ? 0 : 1;
  return Math.abs(predicted - actual) / actual;
}
