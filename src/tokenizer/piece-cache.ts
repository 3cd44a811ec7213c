/** Remembers what became of pieces: text repeats itself, and looking up is ten times as fast as merging. */

import type { EncodePiece } from "./merge.ts";
import { makePieceTable } from "./piece-table.ts";

/** Longer pieces are rare, and rarely come again. */
const MAX_CACHED_BYTES = 64;
/** What the cache may hold; then it starts anew. Modules of one program share most of their pieces. */
const MAX_CACHE_BYTES = 4 << 20;

export function makePieceCache(encodePiece: EncodePiece): EncodePiece {
  const pieces = makePieceTable();
  let ids = new Uint16Array(1 << 16);
  /** By piece: the end of its ids; they begin where those of the piece before end. */
  let ends = new Int32Array(1 << 12);

  function remember(index: number, start: number, made: Uint32Array): void {
    const end = start + made.length;
    if (index >= ends.length) ends = grownTo(ends, new Int32Array(ends.length * 2));
    if (end > ids.length) ids = grownTo(ids, new Uint16Array(ids.length * 2));
    ids.set(made, start);
    ends[index] = end;
  }

  return (bytes, range, { out, at }) => {
    if (range.end - range.start > MAX_CACHED_BYTES) return encodePiece(bytes, range, { out, at });
    if (pieces.totalBytes() > MAX_CACHE_BYTES) pieces.clear();
    const known = pieces.size();
    const index = pieces.intern(bytes, range.start, range.end);
    const start = index === 0 ? 0 : (ends[index - 1] ?? 0);
    if (index === known) {
      const end = encodePiece(bytes, range, { out, at });
      remember(index, start, out.subarray(at, end));
      return end;
    }
    let to = at;
    for (let from = start; from < (ends[index] ?? 0); from++) out[to++] = ids[from] ?? 0;
    return to;
  };
}

function grownTo<T extends Int32Array | Uint16Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
