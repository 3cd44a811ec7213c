/**
 * A model file small enough for tests: llama architecture with seeded random weights in F32, our tokenizer trained on a few
 * lines, 32 wide and two layers deep. It knows nothing, but llama.cpp loads and runs it as any other.
 */

import { writeFileSync } from "node:fs";
import { makeRng } from "../../src/base/rng.ts";
import { makePieceCounter } from "../../src/tokenizer/count.ts";
import { type GgufEntry, ggufVocabulary } from "../../src/tokenizer/gguf.ts";
import { trainVocabulary } from "../../src/tokenizer/train.ts";
import { tokensOf, type Vocabulary } from "../../src/tokenizer/vocabulary.ts";

type Entry = GgufEntry | { readonly key: string; readonly type: "float32"; readonly value: number };

export interface TinyModel {
  readonly vocabulary: Vocabulary;
  /** The file. */
  readonly bytes: Buffer;
}

export interface TinyOptions {
  readonly seed?: number;
  readonly contextTokens?: number;
  /** Without it one of 320 tokens at most. */
  readonly vocabulary?: Vocabulary;
  readonly width?: number;
  readonly layers?: number;
  /** More metadata: `llmc.dialect` and the like. */
  readonly extra?: Readonly<Record<string, string>>;
}

const TEXT = `define i32 @main(i32 %0) {
  %2 = add i32 %0, 1
  ret i32 %2
}
function(sroa,simplifycfg,instcombine<no-verify-fixpoint>,early-cse,gvn),globaldce
`;

export async function tinyVocabulary(size = 320): Promise<Vocabulary> {
  const counter = makePieceCounter();
  for (let time = 0; time < 3; time++) counter.add(Buffer.from(TEXT));
  counter.endText();
  return trainVocabulary(counter.finish(), { size });
}

export async function tinyModel(options: TinyOptions = {}): Promise<TinyModel> {
  const { seed = 0, contextTokens = 512, width = 32, layers = 2, extra = {} } = options;
  const vocabulary = options.vocabulary ?? (await tinyVocabulary());
  const vocabularySize = tokensOf(vocabulary).bytes.length;
  const entries: Entry[] = [
    { key: "general.architecture", type: "string", value: "llama" },
    { key: "general.name", type: "string", value: "tiny" },
    { key: "llama.context_length", type: "uint32", value: contextTokens },
    { key: "llama.embedding_length", type: "uint32", value: width },
    { key: "llama.block_count", type: "uint32", value: layers },
    { key: "llama.feed_forward_length", type: "uint32", value: 2 * width },
    { key: "llama.attention.head_count", type: "uint32", value: 2 },
    { key: "llama.attention.head_count_kv", type: "uint32", value: 1 },
    { key: "llama.attention.layer_norm_rms_epsilon", type: "float32", value: 1e-5 },
    { key: "llama.rope.dimension_count", type: "uint32", value: width / 2 },
    { key: "llama.vocab_size", type: "uint32", value: vocabularySize },
    ...ggufVocabulary(vocabulary),
    ...Object.entries(extra).map(([key, value]) => ({ key, type: "string", value }) as const),
  ];
  return {
    vocabulary,
    bytes: ggufFile(entries, weightsOf({ width, layers, vocabularySize }, seed)),
  };
}

export async function writeTinyModel(path: string, options: TinyOptions = {}): Promise<TinyModel> {
  const model = await tinyModel(options);
  writeFileSync(path, model.bytes);
  return model;
}

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Shape {
  readonly width: number;
  readonly layers: number;
  readonly vocabularySize: number;
}

function weightsOf({ width, layers, vocabularySize }: Shape, seed: number): Tensor[] {
  const rng = makeRng(seed);
  const filled = (name: string, shape: readonly number[], value: () => number): Tensor => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value),
  });
  const random = (name: string, ...shape: number[]): Tensor =>
    filled(name, shape, () => (rng.next() - 0.5) * 0.6);
  const ones = (name: string): Tensor => filled(name, [width], () => 1);
  const layer = (at: number): Tensor[] => [
    ones(`blk.${at}.attn_norm.weight`),
    random(`blk.${at}.attn_q.weight`, width, width),
    random(`blk.${at}.attn_k.weight`, width, width / 2),
    random(`blk.${at}.attn_v.weight`, width, width / 2),
    random(`blk.${at}.attn_output.weight`, width, width),
    ones(`blk.${at}.ffn_norm.weight`),
    random(`blk.${at}.ffn_gate.weight`, width, 2 * width),
    random(`blk.${at}.ffn_up.weight`, width, 2 * width),
    random(`blk.${at}.ffn_down.weight`, 2 * width, width),
  ];
  return [
    random("token_embd.weight", width, vocabularySize),
    ones("output_norm.weight"),
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
  ];
}

const ALIGNMENT = 32;

function ggufFile(entries: readonly Entry[], tensors: readonly Tensor[]): Buffer {
  const head = [
    Buffer.from("GGUF"),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length),
    ...entries.flatMap((entry) => [text(entry.key), valueOf(entry)]),
  ];
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    head.push(text(name), uint32(shape.length), ...shape.map(uint64), uint32(0), uint64(offset));
    offset += Math.ceil(values.byteLength / ALIGNMENT) * ALIGNMENT;
  }
  return Buffer.concat([
    padded(Buffer.concat(head)),
    ...tensors.map(({ values }) => padded(Buffer.from(values.buffer))),
  ]);
}

/** The type's number, then the value. */
function valueOf(entry: Entry): Buffer {
  switch (entry.type) {
    case "uint32":
      return Buffer.concat([uint32(4), uint32(entry.value)]);
    case "float32": {
      const value = Buffer.alloc(4);
      value.writeFloatLE(entry.value);
      return Buffer.concat([uint32(6), value]);
    }
    case "bool":
      return Buffer.concat([uint32(7), Buffer.of(Number(entry.value))]);
    case "string":
      return Buffer.concat([uint32(8), text(entry.value)]);
    case "string[]":
      return Buffer.concat([
        uint32(9),
        uint32(8),
        uint64(entry.value.length),
        ...entry.value.map(text),
      ]);
    case "int32[]": {
      const values = Buffer.from(Int32Array.from(entry.value).buffer);
      return Buffer.concat([uint32(9), uint32(5), uint64(entry.value.length), values]);
    }
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
