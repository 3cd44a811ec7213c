/**
 * Pieces: the longest runs of bytes that merges may join. A digit (0-9) and a byte of 0x80 and above belong to no piece and are tokens
 * of their own, always.
 *
 * That is the pre-tokenizer `superbpe` of llama.cpp (it cuts before and after runs of \p{N}, and those into threes) under a vocabulary
 * without merges of digits and of non-ASCII bytes. Leaving these out makes the ids independent of what else it cuts: of how a number is
 * grouped, and of which code points are numbers, where the Unicode versions of V8, of llama.cpp and of Hugging Face's Oniguruma differ.
 * It also means that text needs no decoding: bytes that are no UTF-8 are encoded like any others.
 */

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const FIRST_NON_ASCII = 0x80;

export const isMergeable = (byte: number): boolean =>
  byte < DIGIT_0 || (byte > DIGIT_9 && byte < FIRST_NON_ASCII);

/** Where the piece that goes on or begins at `start` ends; `start` itself where no piece is there. */
export function pieceEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isMergeable(bytes[at] ?? FIRST_NON_ASCII)) at++;
  return at;
}
