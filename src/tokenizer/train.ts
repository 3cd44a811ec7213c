/**
 * Byte-pair encoding, trained: the most frequent pair of neighbours becomes a token, again and again, until the vocabulary is full.
 * Of pairs equally frequent the one with the lower ids goes first, so the same counts give the same vocabulary everywhere.
 */

import { setImmediate } from "node:timers/promises";
import type { PieceCounts } from "./count.ts";
import { makePairHeap } from "./heap.ts";
import { makeSegments } from "./segments.ts";
import { SPECIAL_TOKENS } from "./special.ts";
import { digitMerges } from "./digit-merges.ts";
import {
  latin1,
  MAX_VOCABULARY,
  type Merge,
  pairKey,
  tokensOf,
  type Vocabulary,
} from "./vocabulary.ts";

export interface TrainOptions {
  /** Tokens wanted, special ones and the 256 bytes among them. */
  readonly size: number;
  readonly specials?: readonly string[];
  /** Digits that a token may have. With three every number below a thousand is a token: 1,100 of them, seen or not. */
  readonly digits?: Digits;
  /** Longer tokens would be boilerplate of a few files, learned by heart. */
  readonly maxTokenBytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (tokens: number) => void;
}

export type Digits = 1 | 3;

const MAX_TOKEN_BYTES = 64;
/** A pair seen once is no pattern. */
const MIN_COUNT = 2;
const YIELD_EVERY_MS = 50;

/**
 * Fewer tokens than wanted where no pair is left that was seen twice. Throws a RangeError for a size that cannot be, and the signal's
 * reason when it fires.
 */
export async function trainVocabulary(
  counts: PieceCounts,
  options: TrainOptions,
): Promise<Vocabulary> {
  const { size, specials = SPECIAL_TOKENS, digits = 1, maxTokenBytes = MAX_TOKEN_BYTES } = options;
  const known = digits === 1 ? [] : digitMerges(specials);
  const start = tokensOf({ specials, merges: known }).bytes;
  const least = start.length;
  if (size < least || size > MAX_VOCABULARY)
    throw new RangeError(`a vocabulary of ${size} tokens; want ${least} to ${MAX_VOCABULARY}`);
  const segments = makeSegments(counts, specials.length);
  const tokens: Uint8Array[] = [...start];
  const idOf = new Map<string, number>();
  const merges = new Map<number, Merge>(known.map((merge) => [pairKey(...merge), merge]));
  const heap = makePairHeap();
  for (const [key, { count }] of segments.pairs) heap.push(-count, key);

  let rested = Number.NEGATIVE_INFINITY;
  while (tokens.length < size) {
    if (performance.now() - rested > YIELD_EVERY_MS) {
      options.onProgress?.(tokens.length);
      await setImmediate();
      options.signal?.throwIfAborted();
      rested = performance.now();
    }
    const key = mostFrequent();
    if (key === undefined) break;
    const [left, right] = [Math.floor(key / 0x10000), key % 0x10000];
    const [a = new Uint8Array(), b = new Uint8Array()] = [tokens[left], tokens[right]];
    const joined = Buffer.concat([a, b]);
    const text = latin1(joined);
    if (joined.length > maxTokenBytes || specials.includes(text)) {
      segments.forget(key);
      continue;
    }
    const id = idOf.get(text) ?? tokens.push(new Uint8Array(joined)) - 1;
    idOf.set(text, id);
    // A pair can come again, where a second way to make one of its halves was found: the merge is known then.
    merges.set(key, [left, right]);
    for (const grown of segments.join(key, { id, length: joined.length }))
      heap.push(-(segments.pairs.get(grown)?.count ?? 0), grown);
  }
  return { specials, merges: [...merges.values()] };

  /** Counts in the heap may be too high: a pair that got rarer goes back with its true count. */
  function mostFrequent(): number | undefined {
    for (; heap.size() > 0;) {
      const [count, key] = [-heap.first(), heap.second()];
      heap.pop();
      const now = segments.pairs.get(key)?.count ?? 0;
      if (now < MIN_COUNT) segments.forget(key);
      else if (now === count) return key;
      else heap.push(-now, key);
    }
    return undefined;
  }
}
