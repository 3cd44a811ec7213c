/**
 * Names apart: no token holds a part of a name together with what stands beside it, so that a name has the same tokens wherever it stands,
 * in assembly after `bl ` as in IR after `@`, and copying it is copying tokens. Frequent words (`load`, `ptr`, `movl`) may be
 * joined with their surroundings: as names they are rare.
 *
 * A *word* is a run of letters and underscores.
 */

import type { PieceCounts } from "./count.ts";
import { latin1 } from "./vocabulary.ts";

/** Of the most frequent words; the next ones are names of the programs that the text is of. */
const FREQUENT_WORDS = 400;
const WORD = /[A-Za-z_]+/g;
const ENDS_IN_WORD = /[A-Za-z_]+$/;
const BEGINS_WITH_WORD = /^[A-Za-z_]+/;

/** Whether two neighbours may become one token. */
export type MayJoin = (left: Uint8Array, right: Uint8Array) => boolean;

export function namesApart(counts: PieceCounts): MayJoin {
  const frequent = frequentWords(counts);
  return (left, right) => {
    const [a, b] = [latin1(left), latin1(right)];
    const [end, begin] = [ENDS_IN_WORD.exec(a)?.[0], BEGINS_WITH_WORD.exec(b)?.[0]];
    // Within a word: only of pieces that hold nothing else.
    if (end !== undefined && begin !== undefined) return end === a && begin === b;
    // A single letter is a register's (`x19`) or a type's (`i32`) at the beginning of a word, and a name's at its end.
    const isEndFrequent = end === undefined || (end.length > 1 && frequent.has(end));
    return isEndFrequent && (begin === undefined || frequent.has(begin));
  };
}

function frequentWords({ table, counts }: PieceCounts): Set<string> {
  const seen = new Map<string, number>();
  for (let index = 0; index < table.size(); index++)
    for (const [word] of latin1(table.bytesOf(index)).matchAll(WORD))
      seen.set(word, (seen.get(word) ?? 0) + (counts[index] ?? 0));
  const sorted = [...seen].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, FREQUENT_WORDS).map(([word]) => word));
}
