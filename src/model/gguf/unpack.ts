/**
 * The inverse of convert.ts: a GGUF file of ours as a Hugging Face folder (config.json, model.safetensors in float32, tokenizer.json,
 * training.json), for what reads such folders, and for training to go on from it. Converted again to the same type it is the same file.
 */

import { type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { makeFolder } from "../../base/files.ts";
import { isOurVocabulary, vocabularyFromGguf } from "../../tokenizer/gguf.ts";
import { printTokenizer } from "../../tokenizer/file.ts";
import { type GgufInfo, type GgufTensor, readGgufInfo } from "../gguf-info.ts";
import type { LlamaConfig } from "./config.ts";
import { GGML_TYPES, type GgmlType, decodeTensor } from "./floats.ts";
import { InvalidModel } from "./invalid-model.ts";
import { type Wanted, separateRows, valuesOf, wantedTensors } from "./llama-tensors.ts";
import { provenanceEntries } from "./provenance.ts";

export interface Unpacked {
  readonly tensors: number;
  readonly parameters: number;
}

export type UnpackOutcome =
  | { readonly status: "ok"; readonly value: Unpacked }
  | { readonly status: "invalid"; readonly message: string };

/** Writes the folder, which must not exist, whole or not at all. What the file system throws (a full disk) goes through. */
export async function unpackModel(path: string, folder: string): Promise<UnpackOutcome> {
  if (existsSync(folder))
    return { status: "invalid", message: `${folder}: is there already; remove it or name another` };
  const read = readGgufInfo(path);
  if (read.status !== "ok") return { status: "invalid", message: read.message };
  const temporary = join(dirname(resolve(folder)), `.${basename(folder)}.${process.pid}.tmp`);
  makeFolder(dirname(resolve(folder)));
  try {
    await mkdir(temporary);
    const value = await writeFolder(path, read.value, temporary);
    await rename(temporary, folder);
    return { status: "ok", value };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (error instanceof InvalidModel) return { status: "invalid", message: error.message };
    throw error;
  }
}

async function writeFolder(path: string, info: GgufInfo, folder: string): Promise<Unpacked> {
  const { metadata, parameters } = info;
  if (!isOurVocabulary(metadata))
    throw new InvalidModel(
      `${path}: its vocabulary is not one of ours; want a file that \`llmc models convert\` wrote`,
    );
  const config = configFrom(path, info);
  const tensors = placed(path, info, config);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write("config.json", json(configFile(config)));
  await write("tokenizer.json", tokenizerFrom(path, metadata));
  await write("training.json", json(trainingFrom(metadata)));
  await using source = await open(path);
  await using out = await open(join(folder, "model.safetensors"), "w");
  await out.writeFile(header(tensors.map(({ tensor }) => tensor)));
  for (const one of tensors) await copyTensor(source, out, one);
  return { tensors: tensors.length, parameters };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Throws InvalidModel where the file is of another architecture or lacks a number. */
function configFrom(path: string, { metadata, tensors }: GgufInfo): LlamaConfig {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama")
    throw new InvalidModel(`${path}: its architecture is ${String(architecture)}; want llama`);
  const number = (key: string): number => {
    const value = metadata.get(`llama.${key}`);
    if (typeof value === "number") return value;
    throw new InvalidModel(`${path}: has no number llama.${key}; is it one of ours?`);
  };
  return {
    vocabulary: number("vocab_size"),
    context: number("context_length"),
    hidden: number("embedding_length"),
    layers: number("block_count"),
    heads: number("attention.head_count"),
    kvHeads: number("attention.head_count_kv"),
    ffn: number("feed_forward_length"),
    ropeTheta: number("rope.freq_base"),
    normEps: shortest(number("attention.layer_norm_rms_epsilon")),
    tied: !tensors.some(({ name }) => name === "output.weight"),
  };
}

/** The shortest number that is the same as float32: 0.00001, not 0.000009999999747378752. */
const shortest = (value: number): number => Number(value.toPrecision(7));

/** The keys of trainer/hf.py. */
const configFile = (config: LlamaConfig): Record<string, unknown> => ({
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: config.vocabulary,
  hidden_size: config.hidden,
  intermediate_size: config.ffn,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  num_key_value_heads: config.kvHeads,
  head_dim: config.hidden / config.heads,
  hidden_act: "silu",
  max_position_embeddings: config.context,
  rms_norm_eps: config.normEps,
  rope_theta: config.ropeTheta,
  rope_scaling: null,
  tie_word_embeddings: config.tied,
  attention_bias: false,
  mlp_bias: false,
  bos_token_id: null,
  eos_token_id: null,
  torch_dtype: "float32",
});

function tokenizerFrom(path: string, metadata: GgufInfo["metadata"]): string {
  try {
    return printTokenizer(vocabularyFromGguf(metadata));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidModel(`${path}: its vocabulary cannot be read: ${why}`);
  }
}

/** As the trainer's export writes it, without the step, which no GGUF file tells. */
function trainingFrom(metadata: GgufInfo["metadata"]): Record<string, unknown> {
  const known = provenanceEntries(Object.fromEntries(metadata));
  const provenance = Object.fromEntries(known.map(({ key, value }) => [key, value]));
  return { run: metadata.get("general.name") ?? "", provenance };
}

/** A tensor of the folder, and where it is in the file. */
interface Placed {
  readonly tensor: Wanted;
  readonly type: GgmlType;
  readonly offset: number;
  readonly bytes: number;
}

/** Throws InvalidModel where a tensor is missing, of another shape, or kept as what we do not write. */
function placed(path: string, { tensors }: GgufInfo, config: LlamaConfig): Placed[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return wantedTensors(config).map((wanted) => {
    const found = byName.get(wanted.name);
    if (found === undefined) throw new InvalidModel(`${path}: lacks the tensor ${wanted.name}`);
    return checked(path, found, wanted);
  });
}

function checked(
  path: string,
  { name, shape, type, offset, bytes }: GgufTensor,
  tensor: Wanted,
): Placed {
  if (shape.toReversed().join() !== tensor.shape.join())
    throw new InvalidModel(
      `${path}: ${name} is [${shape.toReversed().join(", ")}]; its metadata want [${tensor.shape.join(", ")}]`,
    );
  if (!isGgmlType(type))
    throw new InvalidModel(
      `${path}: ${name} is kept as ${type}; want ${Object.keys(GGML_TYPES).join(", ")}`,
    );
  return { tensor, type, offset, bytes };
}

const isGgmlType = (type: string): type is GgmlType => type in GGML_TYPES;

const FLOAT_BYTES = 4;

/** Of safetensors: the length of the JSON that follows, and that. */
function header(tensors: readonly Wanted[]): Buffer {
  let at = 0;
  const entries = tensors.map((tensor) => {
    const begin = at;
    at += FLOAT_BYTES * valuesOf(tensor.shape);
    return [tensor.from, { dtype: "F32", shape: tensor.shape, data_offsets: [begin, at] }] as const;
  });
  const text = Buffer.from(
    JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** Behind what `out` has already. */
async function copyTensor(
  source: FileHandle,
  out: FileHandle,
  { tensor, type, ...place }: Placed,
): Promise<void> {
  const bytes = Buffer.alloc(place.bytes);
  const { bytesRead } = await source.read(bytes, 0, bytes.length, place.offset);
  if (bytesRead !== bytes.length)
    throw new InvalidModel(`the file ends within ${tensor.name}; it changed while it was read`);
  const values = decodeTensor(bytes, type);
  for (const part of tensor.headRows === undefined ? [values] : heads(values, tensor))
    await out.writeFile(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
}

/** In Hugging Face's order of rows, one head after the other. */
function* heads(
  values: Float32Array,
  { shape, headRows = 1 }: Wanted,
): Generator<Float32Array<ArrayBufferLike>> {
  const columns = shape.at(-1) ?? 1;
  const size = headRows * columns;
  for (let at = 0; at < values.length; at += size)
    yield separateRows(values.subarray(at, at + size), columns);
}
