/**
 * The tokenizer as metadata of a GGUF file: the keys that llama.cpp reads (docs/gguf.md of ggml, src/llama-vocab.cpp of llama.cpp).
 * llama.cpp knows the pre-tokenizer since March 2025.
 */

import { namedVocabulary } from "./names.ts";
import { SPECIAL_TOKENS, specialId } from "./special.ts";
import type { Merge, Vocabulary } from "./vocabulary.ts";

export type GgufEntry = { readonly key: string } & (
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "uint32"; readonly value: number }
  | { readonly type: "string[]"; readonly value: readonly string[] }
  | { readonly type: "int32[]"; readonly value: readonly number[] }
);

/** llama_token_type: control tokens are matched in a text only when the caller asks for it; unused ones fill a model's matrices up. */
export const TOKEN_TYPE = { normal: 1, control: 3, unused: 5 } as const;

/** `vocabulary` has the special tokens of special.ts. */
export function ggufVocabulary(vocabulary: Vocabulary): readonly GgufEntry[] {
  const { names, merges } = namedVocabulary(vocabulary);
  const types = names.map((_, id) =>
    id < vocabulary.specials.length ? TOKEN_TYPE.control : TOKEN_TYPE.normal,
  );
  return [
    { key: "tokenizer.ggml.model", type: "string", value: "gpt2" },
    { key: "tokenizer.ggml.pre", type: "string", value: "superbpe" },
    { key: "tokenizer.ggml.tokens", type: "string[]", value: names },
    { key: "tokenizer.ggml.token_type", type: "int32[]", value: types },
    { key: "tokenizer.ggml.merges", type: "string[]", value: merges.map((pair) => pair.join(" ")) },
    { key: "tokenizer.ggml.bos_token_id", type: "uint32", value: specialId("begin") },
    { key: "tokenizer.ggml.eos_token_id", type: "uint32", value: specialId("end") },
    { key: "tokenizer.ggml.eot_token_id", type: "uint32", value: specialId("end") },
    { key: "tokenizer.ggml.padding_token_id", type: "uint32", value: specialId("pad") },
    // A prompt brings its own begin mark; a second one would be one too many.
    { key: "tokenizer.ggml.add_bos_token", type: "bool", value: false },
    { key: "tokenizer.ggml.add_eos_token", type: "bool", value: false },
    { key: "tokenizer.ggml.add_space_prefix", type: "bool", value: false },
  ];
}

/** The pre-tokenizer and kind that only our vocabularies are written with here. */
export const isOurVocabulary = (entries: ReadonlyMap<string, unknown>): boolean =>
  entries.get("tokenizer.ggml.model") === "gpt2" &&
  entries.get("tokenizer.ggml.pre") === "superbpe" &&
  firstOf(entries.get("tokenizer.ggml.tokens")) === SPECIAL_TOKENS[0];

const firstOf = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);

/**
 * The inverse of `ggufVocabulary`, from a file's metadata. Throws an Error that says what is wrong where the file's
 * vocabulary is another than the merges say.
 */
export function vocabularyFromGguf(entries: ReadonlyMap<string, unknown>): Vocabulary {
  const all = strings(entries, "tokenizer.ggml.tokens");
  const merges = strings(entries, "tokenizer.ggml.merges");
  const types = entries.get("tokenizer.ggml.token_type");
  if (!Array.isArray(types)) throw new Error("tokenizer.ggml.token_type is missing");
  const names = all.slice(0, 1 + types.findLastIndex((type) => type !== TOKEN_TYPE.unused));
  const specials = names.filter((_, id) => types[id] === TOKEN_TYPE.control);
  const ids = new Map(names.map((name, id) => [name, id]));
  const idOf = (name: string | undefined): number => {
    const id = name === undefined ? undefined : ids.get(name);
    if (id === undefined) throw new Error(`a merge is of ${name}, which is not in the vocabulary`);
    return id;
  };
  const vocabulary: Vocabulary = {
    specials,
    merges: merges.map((pair): Merge => {
      const [left, right] = pair.split(" ");
      return [idOf(left), idOf(right)];
    }),
  };
  const expected = namedVocabulary(vocabulary).names;
  const wrong = names.findIndex((name, id) => name !== expected[id]);
  if (wrong >= 0 || names.length !== expected.length)
    throw new Error(
      `the token ${Math.max(wrong, 0)} of ${names.length} is not what the merges make of it; want a file that this program wrote`,
    );
  return vocabulary;
}

function strings(entries: ReadonlyMap<string, unknown>, key: string): string[] {
  const value = entries.get(key);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new Error(`${key} is missing or no list of texts`);
}
