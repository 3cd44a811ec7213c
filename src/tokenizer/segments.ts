/**
 * The trainer's text: all distinct pieces in a row, cut into tokens, with the places of every pair of neighbours. A merge touches the
 * places of one pair and their neighbours, nothing else.
 *
 * A *place* is the index of a token's first byte. Lists of places are only ever added to; one whose pair is no longer there is passed over.
 */

import type { PieceCounts } from "./count.ts";
import { pairKey } from "./vocabulary.ts";

export interface Pair {
  /** How often it is in the text. */
  count: number;
  readonly places: Int32Array | number[];
}

export interface Segments {
  readonly pairs: ReadonlyMap<number, Pair>;
  /** Joins the pair everywhere into token `id` of `length` bytes; gives the keys of pairs that are now more frequent. */
  readonly join: (key: number, made: { id: number; length: number }) => Set<number>;
  readonly forget: (key: number) => void;
}

const SEPARATOR = 0xffff;
const INSIDE = 0xfffe;

/** The text as parallel arrays over its bytes. */
interface Row {
  readonly length: number;
  /** At a place the token's id; INSIDE at its other bytes; SEPARATOR before, between and after pieces. */
  readonly symbols: Uint16Array;
  /** How often the piece was seen. */
  readonly weights: Uint32Array;
  /** At the last byte of a token: its place. */
  readonly firsts: Int32Array;
}

/** `firstByteId` is the id of byte 0; the others follow. */
export function makeSegments(counts: PieceCounts, firstByteId: number): Segments {
  const row = makeRow(counts, firstByteId);
  const { symbols, weights, firsts } = row;
  const pairs = basePairs(row);
  const lengths: number[] = Array.from({ length: firstByteId + 256 }, () => 1);

  function lose(left: number, right: number, weight: number): void {
    const pair = pairs.get(pairKey(left, right));
    if (pair) pair.count -= weight;
  }

  function gain(key: number, place: number, weight: number): void {
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, { count: weight, places: [place] });
    else {
      pair.count += weight;
      (pair.places as number[]).push(place); // base pairs, of Int32Array, only ever get rarer
    }
  }

  function join(key: number, made: { id: number; length: number }): Set<number> {
    const [left, right] = [Math.floor(key / 0x10000), key % 0x10000];
    const places = pairs.get(key)?.places ?? [];
    pairs.delete(key);
    lengths[made.id] = made.length;
    const leftLength = lengths[left] ?? 0;
    const grown = new Set<number>();
    for (const place of left === right ? places.toSorted((a, b) => a - b) : places) {
      const middle = place + leftLength;
      if (symbols[place] !== left || symbols[middle] !== right) continue;
      const after = place + made.length;
      const weight = weights[place] ?? 0;
      symbols[middle] = INSIDE;
      symbols[place] = made.id;
      firsts[after - 1] = place;
      const next = symbols[after] ?? SEPARATOR;
      if (next !== SEPARATOR) {
        lose(right, next, weight);
        const grows = pairKey(made.id, next);
        gain(grows, place, weight);
        grown.add(grows);
      }
      if (symbols[place - 1] === SEPARATOR) continue;
      const before = firsts[place - 1] ?? 0;
      const previous = symbols[before] ?? SEPARATOR;
      lose(previous, left, weight);
      const grows = pairKey(previous, made.id);
      gain(grows, before, weight);
      grown.add(grows);
    }
    return grown;
  }

  return { pairs, join, forget: (key) => void pairs.delete(key) };
}

function makeRow({ table, counts }: PieceCounts, firstByteId: number): Row {
  const length = table.totalBytes() + table.size() + 1;
  const symbols = new Uint16Array(length).fill(SEPARATOR);
  const weights = new Uint32Array(length);
  const firsts = new Int32Array(length);
  let at = 1;
  for (let index = 0; index < table.size(); index++, at++) {
    for (const byte of table.bytesOf(index)) {
      symbols[at] = firstByteId + byte;
      weights[at] = counts[index] ?? 0;
      firsts[at] = at++;
    }
  }
  return { length, symbols, weights, firsts };
}

/** Counts first, so that the places of a pair lie in one array of the right length. */
function basePairs(row: Row): Map<number, Pair> {
  const totals = new Map<number, { count: number; places: number }>();
  eachPair(row, (key, place) => {
    const total = totals.get(key) ?? { count: 0, places: 0 };
    total.count += row.weights[place] ?? 0;
    total.places++;
    totals.set(key, total);
  });
  const found = new Map<number, Pair & { places: Int32Array; filled: number }>();
  for (const [key, { count, places }] of totals)
    found.set(key, { count, places: new Int32Array(places), filled: 0 });
  eachPair(row, (key, place) => {
    const pair = found.get(key);
    if (pair) pair.places[pair.filled++] = place;
  });
  return found;
}

/** Every byte and the next, while all tokens are bytes. */
function eachPair({ length, symbols }: Row, visit: (key: number, place: number) => void): void {
  for (let at = 1; at + 1 < length; at++) {
    const [left = SEPARATOR, right = SEPARATOR] = [symbols[at], symbols[at + 1]];
    if (left !== SEPARATOR && right !== SEPARATOR) visit(pairKey(left, right), at);
  }
}
