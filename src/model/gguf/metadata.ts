/** The keys of a GGUF file (docs/gguf.md of ggml): those of the model, and how keys are written. */

import type { GgufEntry } from "../../tokenizer/gguf.ts";
import type { LlamaConfig } from "./config.ts";

export type GgufValue =
  GgufEntry | { readonly key: string; readonly type: "float32"; readonly value: number };

export const FILE_TYPES = ["f16", "q8_0"] as const;
/** What the matrices are kept as. Vectors are float32 in both: they are small, and norms are sensitive. */
export type FileType = (typeof FILE_TYPES)[number];

/** llama.cpp's enum llama_ftype. */
const FTYPE: Readonly<Record<FileType, number>> = { f16: 1, q8_0: 7 };
/** Of ggml's quantised formats; since 2023 the same. */
const QUANTIZATION_VERSION = 2;
export const ALIGNMENT_BYTES = 32;

export function modelEntries(config: LlamaConfig, type: FileType, name: string): GgufValue[] {
  const uint32 = (key: string, value: number): GgufValue => ({ key, type: "uint32", value });
  const float32 = (key: string, value: number): GgufValue => ({ key, type: "float32", value });
  const string = (key: string, value: string): GgufValue => ({ key, type: "string", value });
  return [
    string("general.architecture", "llama"),
    string("general.type", "model"),
    string("general.name", name),
    uint32("general.file_type", FTYPE[type]),
    uint32("general.quantization_version", QUANTIZATION_VERSION),
    uint32("general.alignment", ALIGNMENT_BYTES),
    uint32("llama.vocab_size", config.vocabulary),
    uint32("llama.context_length", config.context),
    uint32("llama.embedding_length", config.hidden),
    uint32("llama.block_count", config.layers),
    uint32("llama.feed_forward_length", config.ffn),
    uint32("llama.attention.head_count", config.heads),
    uint32("llama.attention.head_count_kv", config.kvHeads),
    uint32("llama.rope.dimension_count", config.hidden / config.heads),
    float32("llama.rope.freq_base", config.ropeTheta),
    float32("llama.attention.layer_norm_rms_epsilon", config.normEps),
  ];
}

/** gguf_metadata_value_type */
const VALUE_TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function ggufString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([u64(bytes.length), bytes]);
}

/** A key, its type and its value. */
export function encodeEntry(entry: GgufValue): Buffer {
  return Buffer.concat([ggufString(entry.key), ...encodeValue(entry)]);
}

function encodeValue(entry: GgufValue): Buffer[] {
  switch (entry.type) {
    case "string":
      return [u32(VALUE_TYPES.string), ggufString(entry.value)];
    case "bool":
      return [u32(VALUE_TYPES.bool), Buffer.of(Number(entry.value))];
    case "uint32":
      return [u32(VALUE_TYPES.uint32), u32(entry.value)];
    case "float32":
      return [u32(VALUE_TYPES.float32), Buffer.from(Float32Array.of(entry.value).buffer)];
    case "string[]":
      return [...arrayHead("string", entry.value.length), ...entry.value.map(ggufString)];
    case "int32[]":
      return [
        ...arrayHead("int32", entry.value.length),
        Buffer.from(Int32Array.from(entry.value).buffer),
      ];
    default:
      return entry satisfies never;
  }
}

const arrayHead = (type: keyof typeof VALUE_TYPES, length: number): Buffer[] => [
  u32(VALUE_TYPES.array),
  u32(VALUE_TYPES[type]),
  u64(length),
];
