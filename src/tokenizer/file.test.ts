import { expect, test } from "vitest";
import { MARKS } from "../tasks/marks.ts";
import { makeTokenizer } from "./encode.ts";
import { parseTokenizer, printTokenizer } from "./file.ts";
import { ggufVocabulary } from "./gguf.ts";
import { SPECIAL_TOKENS } from "./special.ts";
import { byteId, type Merge, type Vocabulary } from "./vocabulary.ts";

const FIRST_MERGED = SPECIAL_TOKENS.length + 256;

/** A vocabulary whose merges spell `word` from left to right. */
function spelling(word: string): Vocabulary {
  const ids = Array.from(Buffer.from(word), (byte) => byteId(byte, SPECIAL_TOKENS));
  const merges = ids
    .slice(1)
    .map((id, index): Merge => [index === 0 ? ids[0]! : FIRST_MERGED + index - 1, id]);
  return { specials: SPECIAL_TOKENS, merges };
}

test("parseTokenizer gives the vocabulary back when a token is called like a property of objects", () => {
  for (const word of [" \n\0\x7f", "__proto__", "constructor"]) {
    const vocabulary = spelling(word);
    const read = parseTokenizer(printTokenizer(vocabulary));
    expect(read).toEqual(vocabulary);
    expect(makeTokenizer(read).decode([FIRST_MERGED + vocabulary.merges.length - 1])).toBe(word);
  }
});

test.each([
  ["is no JSON", (): string => "{", /JSON/],
  ["has another pre-tokenizer", (text: string) => text.replace("N}+", "L}+"), /pre-tokenizer/],
  [
    "swaps ids",
    (text: string) => text.replace('"!": 65', '"!": 66').replace('"\\"": 66', '"\\"": 65'),
    /token ! has the id 66; want 65/,
  ],
  ["merges what is not there", (text: string) => text.replace('"a",', '"xyz",'), /merge is of xyz/],
  [
    "has a token too many",
    (text: string) => text.replace('"!": 65', '"!": 65, "more": 999'),
    /has 291 tokens; want 290/,
  ],
])("parseTokenizer throws when the file %s", (_, change, message) => {
  const text = printTokenizer(spelling("abc"));
  expect(change(text)).not.toBe(text);
  expect(() => parseTokenizer(change(text))).toThrow(message);
});

test("ggufVocabulary names tokens and merges as llama.cpp wants when they hold spaces", () => {
  const entries = new Map(ggufVocabulary(spelling(" a\n")).map(({ key, value }) => [key, value]));
  const tokens = entries.get("tokenizer.ggml.tokens") as string[];
  expect(tokens.slice(0, 3)).toEqual(["<|begin|>", "<|end|>", "<|pad|>"]);
  expect(tokens.slice(FIRST_MERGED)).toEqual(["Ġa", "ĠaĊ"]);
  expect(entries.get("tokenizer.ggml.merges")).toEqual(["Ġ a", "Ġa Ċ"]);
  expect(entries.get("tokenizer.ggml.token_type")).toEqual(
    tokens.map((_, id) => (id < 32 ? 3 : 1)),
  );
  expect(entries.get("tokenizer.ggml.eos_token_id")).toBe(1);
});

test("the special tokens hold every mark of the tasks", () => {
  for (const mark of Object.values(MARKS)) expect(SPECIAL_TOKENS).toContain(mark);
});
