/**
 * Text to ids and back. `decode(encode(x))` is x, for any bytes whatever.
 *
 * Pieces (pieces.ts) are merged (merge.ts), what is in no piece is a token a byte. Hugging Face's `tokenizers` and llama.cpp do the same and give the same
 * ids, for text that is UTF-8. For other bytes they have none: both put U+FFFD in their place first.
 */

import { makeMerger, type Output, type Range } from "./merge.ts";
import { makePieceCache } from "./piece-cache.ts";
import { digitsEnd, groupEnd, isDigit, isMergeable, pieceEnd } from "./pieces.ts";
import { byteId, tokensOf, type Vocabulary } from "./vocabulary.ts";

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** Tokens there are; ids are below. */
  readonly size: number;
  /**
   * The ids of a text; a string's lone surrogates become U+FFFD. Special tokens in it are text like any other, unless `specials` is
   * "tokens": for prompts that the program itself wrote, never for what a user gave.
   */
  readonly encode: (
    text: string | Uint8Array,
    how?: { specials?: "text" | "tokens" },
  ) => Uint32Array;
  /** The bytes of all tokens together, special ones as their text. Throws a RangeError for an id that is not there. */
  readonly decodeBytes: (ids: Iterable<number>) => Uint8Array;
  /** As `decodeBytes`, as a string; bytes that are no UTF-8 become U+FFFD. */
  readonly decode: (ids: Iterable<number>) => string;
  /** The id of a special token by its text. */
  readonly special: (text: string) => number | undefined;
}

/** Throws an Error where the vocabulary is none. */
export function makeTokenizer(vocabulary: Vocabulary): Tokenizer {
  const { specials } = vocabulary;
  const tokens = tokensOf(vocabulary);
  const encodePiece = makePieceCache(makeMerger(vocabulary, tokens.made));
  const firstByteId = byteId(0, specials);

  function encodeText(bytes: Uint8Array, { start, end }: Range, { out, at }: Output): number {
    let to = at;
    for (let from = start; from < end;) {
      const byte = bytes[from] ?? 0;
      if (isDigit(byte)) {
        const stop = digitsEnd(bytes, from + 1, end);
        to = encodeDigits(bytes, { start: from, end: stop }, { out, at: to });
        from = stop;
      } else if (isMergeable(byte)) {
        const stop = pieceEnd(bytes, from + 1, end);
        to = encodePiece(bytes, { start: from, end: stop }, { out, at: to });
        from = stop;
      } else {
        out[to++] = firstByteId + byte;
        from++;
      }
    }
    return to;
  }

  function encodeDigits(bytes: Uint8Array, { start, end }: Range, { out, at }: Output): number {
    let to = at;
    for (let from = start; from < end;) {
      const stop = groupEnd(from, end);
      to = encodePiece(bytes, { start: from, end: stop }, { out, at: to });
      from = stop;
    }
    return to;
  }

  function decodeBytes(ids: Iterable<number>): Uint8Array {
    const parts = Array.from(ids, (id) => {
      const part = tokens.bytes[id];
      if (part === undefined)
        throw new RangeError(`no token has the id ${id}; want 0 to ${tokens.bytes.length - 1}`);
      return part;
    });
    return new Uint8Array(Buffer.concat(parts));
  }

  return {
    vocabulary,
    size: tokens.bytes.length,
    encode(text, { specials: how = "text" } = {}) {
      const bytes = typeof text === "string" ? Buffer.from(text) : text;
      const out = new Uint32Array(bytes.length); // no token is shorter than a byte
      let to = 0;
      for (const part of how === "text"
        ? [{ start: 0, end: bytes.length }]
        : cut(bytes, specials)) {
        if ("special" in part) out[to++] = part.special;
        else to = encodeText(bytes, part, { out, at: to });
      }
      return out.slice(0, to);
    },
    decodeBytes,
    decode: (ids) => Buffer.from(decodeBytes(ids)).toString(),
    special(text) {
      const id = specials.indexOf(text);
      return id < 0 ? undefined : id;
    },
  };
}

/** The parts between special tokens, and these. */
function* cut(
  bytes: Uint8Array,
  specials: readonly string[],
): Generator<Range | { special: number }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  for (let at = buffer.indexOf("<|"); at >= 0; at = buffer.indexOf("<|", at)) {
    const special = specials.findIndex(
      (text) => buffer.toString("latin1", at, at + text.length) === text,
    );
    if (special < 0) at++;
    else {
      yield { start, end: at };
      yield { special };
      at += specials[special]?.length ?? 0;
      start = at;
    }
  }
  yield { start, end: bytes.length };
}
