import { expect, test } from "vitest";
import { tinyVocabulary } from "../../test/support/tiny-gguf.ts";
import { makeTokenizer } from "./encode.ts";
import { ggufVocabulary, isOurVocabulary, vocabularyFromGguf } from "./gguf.ts";
import { byteId } from "./vocabulary.ts";

const vocabulary = await tinyVocabulary();
const entries = new Map<string, unknown>(
  ggufVocabulary(vocabulary).map(({ key, value }) => [key, value]),
);

const changed = (key: string, value: unknown): Map<string, unknown> =>
  new Map([...entries, [`tokenizer.ggml.${key}`, value]]);

test("vocabularyFromGguf is the inverse of ggufVocabulary", () => {
  expect(isOurVocabulary(entries)).toBe(true);
  const read = vocabularyFromGguf(entries);
  expect(read).toEqual(vocabulary);
  const text = "<|begin|>define i32 @main() { ret i32 12 } é\0";
  expect(makeTokenizer(read).encode(text, { specials: "tokens" })).toEqual(
    makeTokenizer(vocabulary).encode(text, { specials: "tokens" }),
  );
});

test("vocabularyFromGguf leaves out the tokens that fill a model's vocabulary up", () => {
  const filled = new Map(entries);
  const add = (key: string, value: unknown): void => {
    const values = filled.get(`tokenizer.ggml.${key}`);
    filled.set(`tokenizer.ggml.${key}`, [...(Array.isArray(values) ? values : []), value, value]);
  };
  add("tokens", "[PAD]");
  add("token_type", 5);
  expect(vocabularyFromGguf(filled)).toEqual(vocabulary);
});

test("vocabularyFromGguf keeps a merge that makes a known text another way", () => {
  const [a, b, c] = ["a", "b", "c"].map((letter) =>
    byteId(letter.charCodeAt(0), vocabulary.specials),
  );
  if (a === undefined || b === undefined || c === undefined) throw new Error("no bytes");
  const first = byteId(256, vocabulary.specials);
  const merges = [
    [a, b],
    [b, c],
    [first, c],
    [a, first + 1],
  ] as const;
  const doubled = { specials: vocabulary.specials, merges };
  const kept = new Map<string, unknown>(
    ggufVocabulary(doubled).map(({ key, value }) => [key, value]),
  );
  expect(vocabularyFromGguf(kept)).toEqual(doubled);
});

test("vocabularyFromGguf says what is wrong", () => {
  const names = entries.get("tokenizer.ggml.tokens") as string[];
  expect(() => vocabularyFromGguf(changed("merges", ["a nothing-like-this"]))).toThrow(
    /not in the/,
  );
  expect(() => vocabularyFromGguf(changed("merges", []))).toThrow(/merges make/);
  expect(() => vocabularyFromGguf(changed("merges", "text"))).toThrow(/merges is missing/);
  expect(() => vocabularyFromGguf(changed("tokens", names.toReversed()))).toThrow();
  expect(() => vocabularyFromGguf(changed("token_type", undefined))).toThrow(/token_type/);
});

test("isOurVocabulary knows foreign ones", () => {
  expect(isOurVocabulary(changed("model", "llama"))).toBe(false);
  expect(isOurVocabulary(changed("pre", "llama-bpe"))).toBe(false);
  expect(isOurVocabulary(changed("tokens", ["<s>"]))).toBe(false);
  expect(isOurVocabulary(new Map())).toBe(false);
});
