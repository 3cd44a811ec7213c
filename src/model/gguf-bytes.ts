/**
 * The bytes of a GGUF header: little-endian numbers, strings with their length in front, typed values and arrays of them
 * (docs/gguf.md of ggml, versions 2 and 3). Reads and bounds; what the values mean is gguf-info.ts's business.
 */

/** A list is of numbers, strings or truth values; lists of lists are in no file that we know of and are refused. */
export type GgufValue = number | string | boolean | readonly (number | string | boolean)[];

/** The bytes at hand end before the header does: with more of the file it may go on. */
export class ShortHeader extends Error {}

/** The bytes are no header whatever follows. */
export class BadHeader extends Error {}

/** A vocabulary has some 100,000 tokens and as many merges; more than this in one list is no list of anything. */
const MAX_LIST_ITEMS = 1 << 24;

export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function take(cursor: Cursor, count: number): number {
  const { at } = cursor;
  if (at + count > cursor.bytes.length)
    throw new ShortHeader(`the header goes on behind byte ${cursor.bytes.length}`);
  cursor.at += count;
  return at;
}

export const readUint32 = (cursor: Cursor): number => cursor.bytes.readUInt32LE(take(cursor, 4));

/** A count or an offset. Throws a BadHeader over 2^53, where no file is that long. */
export function readUint64(cursor: Cursor): number {
  const value = cursor.bytes.readBigUInt64LE(take(cursor, 8));
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new BadHeader(`the number ${value} at byte ${cursor.at - 8} is no count`);
  return Number(value);
}

export function readString(cursor: Cursor): string {
  const length = readUint64(cursor);
  const start = take(cursor, length);
  return cursor.bytes.toString("utf8", start, start + length);
}

type Read = (cursor: Cursor) => number | string | boolean;

/** By the type's number. 64-bit integers come as numbers, which are exact up to 2^53. */
const SCALARS: Readonly<Record<number, Read>> = {
  0: (cursor) => cursor.bytes.readUInt8(take(cursor, 1)),
  1: (cursor) => cursor.bytes.readInt8(take(cursor, 1)),
  2: (cursor) => cursor.bytes.readUInt16LE(take(cursor, 2)),
  3: (cursor) => cursor.bytes.readInt16LE(take(cursor, 2)),
  4: readUint32,
  5: (cursor) => cursor.bytes.readInt32LE(take(cursor, 4)),
  6: (cursor) => cursor.bytes.readFloatLE(take(cursor, 4)),
  7: (cursor) => cursor.bytes.readUInt8(take(cursor, 1)) !== 0,
  8: readString,
  10: (cursor) => Number(cursor.bytes.readBigUInt64LE(take(cursor, 8))),
  11: (cursor) => Number(cursor.bytes.readBigInt64LE(take(cursor, 8))),
  12: (cursor) => cursor.bytes.readDoubleLE(take(cursor, 8)),
};
const LIST = 9;

/** A value with its type in front. */
export function readValue(cursor: Cursor): GgufValue {
  const type = readUint32(cursor);
  if (type !== LIST) return scalarOf(type, cursor)(cursor);
  const read = scalarOf(readUint32(cursor), cursor);
  const count = readUint64(cursor);
  if (count > MAX_LIST_ITEMS)
    throw new BadHeader(
      `a list of ${count} items at byte ${cursor.at}; want at most ${MAX_LIST_ITEMS}`,
    );
  const items: (number | string | boolean)[] = [];
  for (let index = 0; index < count; index++) items.push(read(cursor));
  return items;
}

function scalarOf(type: number, cursor: Cursor): Read {
  const read = SCALARS[type];
  if (read === undefined)
    throw new BadHeader(`a value of the unknown type ${type} at byte ${cursor.at - 4}`);
  return read;
}
