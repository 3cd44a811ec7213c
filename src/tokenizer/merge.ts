/**
 * Merges one piece: the pair whose merge comes first is joined, the leftmost of equal ones, until no merge applies. A heap of pairs
 * makes that n log n, so a string constant of a megabyte is no trap.
 */

import { makePairHeap } from "./heap.ts";
import { byteId, pairKey, type Vocabulary } from "./vocabulary.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Output {
  readonly out: Uint32Array;
  readonly at: number;
}

/** Writes the ids of `bytes[start, end)` to `out` from `at`, and gives where they end. */
export type EncodePiece = (bytes: Uint8Array, range: Range, output: Output) => number;

const NO_MERGE = -1;

/** `made`: by merge, the id of what it makes. */
export function makeMerger({ specials, merges }: Vocabulary, made: readonly number[]): EncodePiece {
  const rankOf = makeRanks(merges);
  const heap = makePairHeap();
  let ids = new Int32Array(256);
  let nexts = new Int32Array(256);
  let previous = new Int32Array(256);
  /** By place: the rank of the pair that begins there. A heap entry of another rank is out of date. */
  let ranks = new Int32Array(256);

  function rankPair(place: number, count: number): void {
    const next = nexts[place] ?? count;
    const rank = next >= count ? NO_MERGE : rankOf(ids[place] ?? 0, ids[next] ?? 0);
    ranks[place] = rank;
    if (rank !== NO_MERGE) heap.push(rank, place);
  }

  function join(place: number, { count, id }: { count: number; id: number }): void {
    const right = nexts[place] ?? count;
    const after = nexts[right] ?? count;
    ids[place] = id;
    ranks[right] = NO_MERGE;
    nexts[place] = after;
    if (after < count) previous[after] = place;
    rankPair(place, count);
    const before = previous[place] ?? -1;
    if (before >= 0) rankPair(before, count);
  }

  return (bytes, { start, end }, { out, at }) => {
    const count = end - start;
    if (count > ids.length)
      [ids, nexts, previous, ranks] = [1, 2, 3, 4].map(() => new Int32Array(count * 2)) as Four;
    for (let i = 0; i < count; i++) {
      ids[i] = byteId(bytes[start + i] ?? 0, specials);
      nexts[i] = i + 1;
      previous[i] = i - 1;
    }
    heap.clear();
    for (let i = 0; i < count; i++) rankPair(i, count);
    while (heap.size() > 0) {
      const [rank, place] = [heap.first(), heap.second()];
      heap.pop();
      if (ranks[place] === rank) join(place, { count, id: made[rank] ?? 0 });
    }
    let to = at;
    for (let place = 0; place < count; place = nexts[place] ?? count) out[to++] = ids[place] ?? 0;
    return to;
  };
}

type Words = Int32Array<ArrayBuffer>;
type Four = [Words, Words, Words, Words];

/** From a pair of ids to the place of its merge: open addressing, a quarter full. */
function makeRanks(merges: Vocabulary["merges"]): (left: number, right: number) => number {
  const slotCount = 2 ** Math.ceil(Math.log2(Math.max(4, merges.length * 4)));
  const keys = new Uint32Array(slotCount);
  const ranks = new Int32Array(slotCount).fill(NO_MERGE);
  const slotOf = (key: number): number => {
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & (slotCount - 1);
    while (ranks[slot] !== NO_MERGE && keys[slot] !== key) slot = (slot + 1) & (slotCount - 1);
    return slot;
  };
  for (const [rank, [left, right]] of merges.entries()) {
    const slot = slotOf(pairKey(left, right));
    keys[slot] = pairKey(left, right);
    ranks[slot] = rank;
  }
  return (left, right) => ranks[slotOf(pairKey(left, right))] ?? NO_MERGE;
}
