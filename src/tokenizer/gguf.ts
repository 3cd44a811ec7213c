/**
 * The tokenizer as metadata of a GGUF file: the keys that llama.cpp reads (docs/gguf.md of ggml, src/llama-vocab.cpp of llama.cpp).
 * llama.cpp knows the pre-tokenizer since March 2025.
 */

import { namedVocabulary } from "./names.ts";
import { specialId } from "./special.ts";
import type { Vocabulary } from "./vocabulary.ts";

export type GgufEntry = { readonly key: string } & (
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "uint32"; readonly value: number }
  | { readonly type: "string[]"; readonly value: readonly string[] }
  | { readonly type: "int32[]"; readonly value: readonly number[] }
);

/** llama_token_type: control tokens are matched in a text only when the caller asks for it. */
const TOKEN_TYPE = { normal: 1, control: 3 } as const;

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
