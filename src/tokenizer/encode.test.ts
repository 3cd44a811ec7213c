import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { makePieceCounter } from "./count.ts";
import { makeTokenizer } from "./encode.ts";
import { parseTokenizer } from "./file.ts";
import { SPECIAL_TOKENS, specialId } from "./special.ts";
import { trainVocabulary } from "./train.ts";
import { byteId, type Merge, tokensOf, type Vocabulary } from "./vocabulary.ts";

const golden = join(import.meta.dirname, "golden/tokenizer.json");
const vocabulary = parseTokenizer(readFileSync(golden, "utf8"));
const tokenizer = makeTokenizer(vocabulary);

const letter = (text: string): number => byteId(text.charCodeAt(0), SPECIAL_TOKENS);
const FIRST_MERGED = SPECIAL_TOKENS.length + 256;

/** Text with much to merge, and with what must not be merged. */
const irLike = fc
  .array(fc.constantFrom("%", "store i32 ", "12", ", ptr ", "é", "\n", "call void @", "²", "\0"))
  .map((parts) => parts.join(""));

test("decode gives the text back when it was encoded", () => {
  const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), irLike);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }),
  );
});

test("decodeBytes gives the bytes back when they are no UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(tokenizer.decodeBytes(tokenizer.encode(bytes))).toEqual(bytes);
    }),
  );
  expect(tokenizer.encode(Uint8Array.of(0xc3, 0x28, 0xff))).toEqual(
    Uint32Array.of(...[0xc3, 0x28, 0xff].map((byte) => byteId(byte, SPECIAL_TOKENS))),
  );
});

test("encode merges as a scan for the first merge does, when pieces are long, short and seen before", () => {
  const texts = [
    ...fc.sample(irLike, { numRuns: 100, seed: 1 }),
    "store i".repeat(40),
    "(((((((((",
  ];
  for (const text of [...texts, ...texts])
    expect([...tokenizer.encode(text)], text).toEqual(encodedByScan(vocabulary, text));
});

test("encode starts its cache anew when it is full, and gives the same ids", () => {
  const rng = makeRng(1);
  const fresh = makeTokenizer(vocabulary);
  const word = (): string =>
    Array.from({ length: 60 }, () => String.fromCharCode(65 + rng.int(26))).join("");
  const first = word();
  const before = fresh.encode(first);
  for (let round = 0; round < 40; round++)
    fresh.encode(Array.from({ length: 2000 }, word).join("1"));
  expect(fresh.encode(first)).toEqual(before);
});

test("encode gives every digit a token of its own when numbers stand alone or in words", () => {
  const ids = tokenizer.encode("%128 = load i64, ptr %1024, align 16");
  const tokens = Array.from(ids, (id) => tokenizer.decode([id]));
  expect(tokens.filter((token) => /\d/.test(token)).join(" ")).toBe("1 2 8 6 4 1 0 2 4 1 6");
});

const numbers = await trainVocabulary(makePieceCounter().finish(), {
  size: FIRST_MERGED + 1100,
  digits: 3,
});

test("encode cuts a number into threes from its right when the vocabulary has numbers", () => {
  const { encode, decode } = makeTokenizer(numbers);
  const tokens = (text: string): string => Array.from(encode(text), (id) => decode([id])).join(" ");
  expect(tokens("1 12 123 1234 12345 123456 007")).toBe(
    "1   12   123   1 234   12 345   123 456   007",
  );
  const run = "9".repeat(1_000_000);
  expect(encode(run).length).toBe(333_334);
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,3}$/), (digits) => encode(digits).length === 1),
    { seed: 1 },
  );
});

test("encode takes special tokens for text when it is not told otherwise", () => {
  const text = "<|begin|>a<|tune|><|nothing|><|end|>";
  const asText = tokenizer.encode(text);
  expect(asText.every((id) => id >= SPECIAL_TOKENS.length)).toBe(true);
  const asTokens = tokenizer.encode(text, { specials: "tokens" });
  expect([...asTokens].filter((id) => id < SPECIAL_TOKENS.length)).toEqual(
    (["begin", "tune", "end"] as const).map(specialId),
  );
  for (const ids of [asText, asTokens]) expect(tokenizer.decode(ids)).toBe(text);
});

test("decodeBytes throws when an id is not there", () => {
  expect(() => tokenizer.decode([tokenizer.size])).toThrow(
    "no token has the id 1024; want 0 to 1023",
  );
});

test("encode takes a piece of a megabyte when it has no digit", () => {
  const text = "(store ".repeat(150_000);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
});

test("encode uses one token when two merges make the same text", () => {
  const [a, b, c] = [letter("a"), letter("b"), letter("c")];
  const merges: Merge[] = [
    [a, b],
    [FIRST_MERGED, c],
    [b, c],
    [a, FIRST_MERGED + 2],
  ];
  const twoWays = makeTokenizer({ specials: SPECIAL_TOKENS, merges });
  expect(twoWays.size).toBe(FIRST_MERGED + 3);
  expect([...twoWays.encode("abc")]).toEqual([FIRST_MERGED + 1]);
});

test.each([
  ["a letter and a digit", [[letter("a"), letter("1")]], "joins a digit"],
  ["a digit and a letter", [[letter("1"), letter("a")]], "joins a digit"],
  [
    "four digits",
    [
      [letter("1"), letter("2")],
      [FIRST_MERGED, FIRST_MERGED],
    ],
    "over three digits",
  ],
  ["a byte above ASCII", [[byteId(0xc3, SPECIAL_TOKENS), letter("a")]], "a non-ASCII byte"],
  ["a token to come", [[letter("a"), FIRST_MERGED]], "not there yet"],
  ["a special token", [[0, letter("a")]], "not there yet"],
  ["the same twice", Array.from({ length: 2 }, () => [letter("a"), letter("b")]), "is there twice"],
])("makeTokenizer throws when a merge is of %s", (_, merges, message) => {
  expect(() =>
    makeTokenizer({ specials: SPECIAL_TOKENS, merges: merges as unknown as Merge[] }),
  ).toThrow(message);
});

test("makeTokenizer throws when merges spell a special token", () => {
  const merges: Merge[] = Array.from("|e|>", (text, index) => [
    index === 0 ? letter("<") : FIRST_MERGED + index - 1,
    letter(text),
  ]);
  expect(() => makeTokenizer({ specials: ["<|e|>"], merges: shifted(merges) })).toThrow(
    "makes the special token <|e|>",
  );
});

/** Ids for one special token instead of all. */
function shifted(merges: readonly Merge[]): Merge[] {
  const down = SPECIAL_TOKENS.length - 1;
  return merges.map(([left, right]) => [left - down, right - down]);
}

/** Byte-pair encoding by its definition, in time n². */
function encodedByScan({ specials, merges }: Vocabulary, text: string): number[] {
  const { made } = tokensOf({ specials, merges });
  const ids = Array.from(Buffer.from(text), (byte) => byteId(byte, specials));
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  for (;;) {
    const found = ids.slice(1).map((right, at) => ranks.get(`${ids[at]} ${right}`) ?? Infinity);
    const best = Math.min(...found, Infinity);
    if (best === Infinity) return ids;
    ids.splice(found.indexOf(best), 2, made[best]!);
  }
}
