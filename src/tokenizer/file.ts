/**
 * `tokenizer.json`, the format of Hugging Face's `tokenizers`: written so that this library, and what is built on it, gives the ids that
 * we give. Read only as we write it, with another vocabulary: this encoder does one thing.
 */

import { z } from "zod";
import { namedVocabulary } from "./names.ts";
import type { Merge, Vocabulary } from "./vocabulary.ts";

/** That of OLMo-SuperBPE, which llama.cpp calls `superbpe`; what it means for us is told in pieces.ts. */
const PRE_TOKENIZER = {
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: "\\p{N}+" }, behavior: "Isolated", invert: false },
    {
      type: "Split",
      pattern: { Regex: "(?=(\\d{3})+(?!\\d))" },
      behavior: "Isolated",
      invert: false,
    },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
};

/** The text of the file. */
export function printTokenizer(vocabulary: Vocabulary): string {
  const { names, merges } = namedVocabulary(vocabulary);
  const file = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: vocabulary.specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: PRE_TOKENIZER,
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(names.map((name, id) => [name, id])),
      merges,
    },
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

const isNumbers = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value).every(Number.isInteger);

const FILE = z.object({
  added_tokens: z.array(z.object({ id: z.number(), content: z.string() })),
  normalizer: z.null(),
  pre_tokenizer: z.unknown(),
  model: z.object({
    type: z.literal("BPE"),
    // Not z.record, which loses a token that is called __proto__.
    vocab: z.custom<Record<string, number>>(isNumbers, "want an object of numbers"),
    merges: z.array(z.tuple([z.string(), z.string()])),
  }),
});

/** Throws an Error that says what is wrong where the text is no tokenizer.json, or one of another kind than we write. */
export function parseTokenizer(text: string): Vocabulary {
  const { added_tokens: added, pre_tokenizer: preTokenizer, model } = FILE.parse(JSON.parse(text));
  if (JSON.stringify(preTokenizer) !== JSON.stringify(PRE_TOKENIZER))
    throw new Error(
      "the pre-tokenizer is another than superbpe; want a file that `llmc tokenizer train` wrote",
    );
  const ids = new Map(Object.entries(model.vocab));
  const idOf = (name: string): number => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`a merge is of ${name}, which is not in the vocabulary`);
    return id;
  };
  const vocabulary = {
    specials: added.toSorted((a, b) => a.id - b.id).map(({ content }) => content),
    merges: model.merges.map(([left, right]): Merge => [idOf(left), idOf(right)]),
  };
  checkIds(vocabulary, ids);
  return vocabulary;
}

/** Ids follow from special tokens and merges; a file may not say otherwise. */
function checkIds(vocabulary: Vocabulary, ids: ReadonlyMap<string, number>): void {
  const { names } = namedVocabulary(vocabulary);
  const wrong = names.findIndex((name, id) => ids.get(name) !== id);
  if (wrong >= 0)
    throw new Error(
      `the token ${names[wrong]} has the id ${ids.get(names[wrong] ?? "")}; want ${wrong}, as the merges say`,
    );
  if (ids.size !== names.length)
    throw new Error(
      `the vocabulary has ${ids.size} tokens; want ${names.length}, as the merges say`,
    );
}
