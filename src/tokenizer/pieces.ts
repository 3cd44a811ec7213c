/**
 * Pieces: the longest runs of bytes that merges may join. There are two kinds: runs of ASCII without digits, and groups of up to three
 * digits (0-9), counted from the right end of their run, as thousands are. A byte of 0x80 and above belongs to no piece and is a token of
 * its own, always; so is each digit under a vocabulary without merges of digits.
 *
 * That is the pre-tokenizer `superbpe` of llama.cpp (it cuts before and after runs of \p{N}, and those into threes) under a vocabulary
 * without merges of non-ASCII bytes. Leaving these out makes the ids independent of which code points are numbers, where the Unicode
 * versions of V8, of llama.cpp and of Hugging Face's Oniguruma differ. (Oniguruma also groups ASCII digits that stand before other digits
 * of Unicode with these; such text is not IR.) It also means that text needs no decoding: bytes that are no UTF-8 are encoded like any
 * others.
 */

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const FIRST_NON_ASCII = 0x80;

/** Digits of a group at most. */
export const GROUP_DIGITS = 3;

export const isDigit = (byte: number): boolean => byte >= DIGIT_0 && byte <= DIGIT_9;

/** Whether the byte may be in a piece without digits. */
export const isMergeable = (byte: number): boolean => byte < FIRST_NON_ASCII && !isDigit(byte);

/** Where the piece without digits that goes on or begins at `start` ends; `start` itself where none is there. */
export function pieceEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isMergeable(bytes[at] ?? FIRST_NON_ASCII)) at++;
  return at;
}

/** Where the run of digits that begins at `start` ends. */
export function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] ?? FIRST_NON_ASCII)) at++;
  return at;
}

/** Where the group at `start` ends, in a run of digits that ends at `runEnd`. */
export const groupEnd = (start: number, runEnd: number): number =>
  start + ((runEnd - start - 1) % GROUP_DIGITS) + 1;
