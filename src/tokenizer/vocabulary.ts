/**
 * A vocabulary: special tokens, then the 256 bytes, then what merges make, in that order. Nothing but the texts of the special tokens
 * and the list of merges is free; ids and texts of all tokens follow from them.
 */

import { GROUP_DIGITS, isDigit, isMergeable } from "./pieces.ts";

/** The ids of two neighbours that become one token. Earlier merges go first. */
export type Merge = readonly [left: number, right: number];

export interface Vocabulary {
  /** Texts of the special tokens; ids from 0. */
  readonly specials: readonly string[];
  readonly merges: readonly Merge[];
}

export interface Tokens {
  /** By id: the bytes of a token; for a special token those of its text. */
  readonly bytes: readonly Uint8Array[];
  /** By merge: the id of what it makes. Two merges can make the same text, and then the same token. */
  readonly made: readonly number[];
}

const SPECIAL_TEXT = /^<\|[\w-]+\|>$/;

/** Ids are kept in 16 bits, with two values to spare for the trainer. */
export const MAX_VOCABULARY = 65_534;

/** The id of a byte that stands alone. */
export const byteId = (byte: number, specials: readonly string[]): number => specials.length + byte;

/** Throws an Error that names the first merge that cannot be: of ids not made yet, of bytes that no piece joins, twice the same, or into a special token. */
export function tokensOf({ specials, merges }: Vocabulary): Tokens {
  const odd = specials.find(
    (text, id) => !SPECIAL_TEXT.test(text) || specials.indexOf(text) !== id,
  );
  if (odd !== undefined)
    throw new Error(`the special token ${odd} is there twice or not of the form <|name|>`);
  const bytes: Uint8Array[] = [
    ...specials.map((text) => new Uint8Array(Buffer.from(text))),
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ];
  const idOf = new Map(
    bytes.slice(specials.length).map((token, byte) => [latin1(token), byteId(byte, specials)]),
  );
  const seen = new Set<number>();
  const made = merges.map(([left, right], index) => {
    const [a, b] = [bytes[left], bytes[right]];
    const fault = (why: string): Error => new Error(`merge ${index} (${left}, ${right}) ${why}`);
    if (a === undefined || b === undefined || Math.min(left, right) < specials.length)
      throw fault(
        `is of a token that is not there yet; want ids from ${specials.length} to ${bytes.length - 1}`,
      );
    if (!isPiece(a, b))
      throw fault(
        "joins a digit and another byte, over three digits, or a non-ASCII byte; this tokenizer keeps those apart",
      );
    if (seen.has(pairKey(left, right))) throw fault("is there twice");
    seen.add(pairKey(left, right));
    const joined = Buffer.concat([a, b]);
    if (specials.includes(latin1(joined))) throw fault(`makes the special token ${latin1(joined)}`);
    const known = idOf.get(latin1(joined));
    if (known !== undefined) return known;
    idOf.set(latin1(joined), bytes.length);
    return bytes.push(new Uint8Array(joined)) - 1;
  });
  if (bytes.length > MAX_VOCABULARY)
    throw new Error(`a vocabulary of ${bytes.length} tokens; want at most ${MAX_VOCABULARY}`);
  return { bytes, made };
}

/** Whether two tokens can stand in one piece: each is all digits or without any. */
function isPiece(a: Uint8Array, b: Uint8Array): boolean {
  const [left = 0, right = 0] = [a[0], b[0]];
  if (isDigit(left)) return isDigit(right) && a.length + b.length <= GROUP_DIGITS;
  return isMergeable(left) && isMergeable(right);
}

/** One number for two ids. */
export const pairKey = (left: number, right: number): number => left * 0x10000 + right;

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
