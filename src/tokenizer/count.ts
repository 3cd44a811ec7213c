/** Counts the pieces of a text that comes in chunks. What the trainer learns from is the counts alone. */

import { pieceEnd } from "./pieces.ts";
import { makePieceTable, type PieceTable } from "./piece-table.ts";

export interface PieceCounts {
  readonly table: PieceTable;
  /** How often each piece of the table was seen. */
  readonly counts: Uint32Array;
  readonly textBytes: number;
  /** Pieces that were dropped for want of room had been seen at most so often; 0 where none was. */
  readonly droppedUpTo: number;
}

export interface PieceCounter {
  /** The next bytes of a text; a piece may go on in the next chunk. */
  readonly add: (chunk: Uint8Array) => void;
  /** A piece as if it had been seen so many times. */
  readonly addPiece: (piece: Uint8Array, times: number) => void;
  /** The text ends here. */
  readonly endText: () => void;
  readonly finish: () => PieceCounts;
}

/** Longer runs, such as string constants, are cut: the trainer's memory is for what repeats. */
const MAX_PIECE_BYTES = 256;
/** Of distinct pieces. The trainer takes about 50 bytes of memory for each. */
const MAX_DISTINCT_BYTES = 32 << 20;

/** Over `maxDistinctBytes` the rarest pieces are dropped, those seen once first. */
export function makePieceCounter(maxDistinctBytes = MAX_DISTINCT_BYTES): PieceCounter {
  let table = makePieceTable();
  let counts = new Uint32Array(1 << 12);
  let carry = new Uint8Array(0);
  let textBytes = 0;
  let droppedUpTo = 0;

  function count(bytes: Uint8Array, start: number, end: number, times = 1): void {
    const index = table.intern(bytes, start, end);
    if (index >= counts.length) counts = doubled(counts);
    counts[index] = (counts[index] ?? 0) + times;
  }

  /** Counts the pieces of `bytes`, but not one that reaches its end; gives where that one begins. */
  function countWhole(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const limit = Math.min(bytes.length, at + MAX_PIECE_BYTES);
      const end = pieceEnd(bytes, at, limit);
      if (end === bytes.length && end - at < MAX_PIECE_BYTES) return at;
      if (end - at > 1) count(bytes, at, end);
      at = end - at === MAX_PIECE_BYTES ? end : end + 1;
    }
    return at;
  }

  /** Keeps pieces seen more than once, or twice, ... until half of the room is free. */
  function dropRare(): void {
    while (table.totalBytes() > maxDistinctBytes / 2) {
      droppedUpTo++;
      const [oldTable, oldCounts] = [table, counts];
      table = makePieceTable();
      counts = new Uint32Array(1 << 12);
      for (let index = 0; index < oldTable.size(); index++) {
        const seen = oldCounts[index] ?? 0;
        const bytes = oldTable.bytesOf(index);
        if (seen > droppedUpTo) count(bytes, 0, bytes.length, seen);
      }
    }
  }

  function endText(): void {
    if (carry.length > 1) count(carry, 0, carry.length);
    carry = new Uint8Array(0);
  }

  return {
    add(chunk) {
      textBytes += chunk.length;
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      carry = Uint8Array.from(bytes.subarray(countWhole(bytes)));
      if (table.totalBytes() > maxDistinctBytes) dropRare();
    },
    addPiece: (piece, times) => count(piece, 0, piece.length, times),
    endText,
    finish() {
      endText();
      return { table, counts: counts.slice(0, table.size()), textBytes, droppedUpTo };
    },
  };
}

function doubled(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(old.length * 2);
  next.set(old);
  return next;
}
