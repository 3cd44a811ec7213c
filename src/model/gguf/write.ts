/**
 * Writes a GGUF file, version 3, tensor by tensor and within a tensor some rows at a time: memory does not grow with the model.
 * The file has a temporary name until it is whole.
 */

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../base/files.ts";
import {
  GGML_TYPES,
  type GgmlType,
  Q8_BLOCK_VALUES,
  encodeFloats,
  encodedBytes,
} from "./floats.ts";
import { InvalidModel } from "./invalid-model.ts";
import { type LlamaTensor, interleaveRows, valuesOf } from "./llama-tensors.ts";
import {
  ALIGNMENT_BYTES,
  type FileType,
  type GgufValue,
  encodeEntry,
  ggufString,
  u32,
  u64,
} from "./metadata.ts";

const MAGIC = Buffer.from("GGUF");
const VERSION = 3;
/** Read and written at a time: 16 MB as float32. */
const CHUNK_VALUES = 4 << 20;

export interface GgufContents {
  readonly entries: readonly GgufValue[];
  readonly tensors: readonly LlamaTensor[];
  readonly type: FileType;
}

export interface WriteOptions {
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Planned {
  readonly tensor: LlamaTensor;
  readonly type: GgmlType;
  /** From the start of the tensors' part. */
  readonly offset: number;
  readonly bytes: number;
}

/** Gives the size of the file. Throws InvalidModel on values that cannot be kept, and what the file system throws. */
export async function writeGguf(
  path: string,
  contents: GgufContents,
  options: WriteOptions = {},
): Promise<number> {
  makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, "w");
    let bytes: number;
    try {
      bytes = await writeAll(file, contents, options);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAll(
  file: FileHandle,
  contents: GgufContents,
  options: WriteOptions,
): Promise<number> {
  const planned = plan(contents);
  const head = padded(header(contents, planned));
  const last = planned.at(-1);
  const total = head.length + (last === undefined ? 0 : last.offset + aligned(last.bytes));
  let done = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    options.signal?.throwIfAborted();
    await file.writeFile(bytes); // from the present position, all of it
    done += bytes.length;
    options.onProgress?.(done, total);
  };
  await write(head);
  for (const { tensor, type, bytes } of planned) {
    for await (const chunk of chunksOf(tensor)) {
      const encoded = encodeFloats(chunk, type);
      if (encoded === undefined)
        throw new InvalidModel(
          `"${tensor.source.name}" has values that are not finite, or too large for ${type}`,
        );
      await write(encoded);
    }
    await write(Buffer.alloc(aligned(bytes) - bytes));
  }
  return done;
}

function plan({ tensors, type }: GgufContents): Planned[] {
  let offset = 0;
  return tensors.map((tensor) => {
    const { shape } = tensor.source;
    const kept = typeOf(shape, type);
    const bytes = encodedBytes(valuesOf(shape), kept);
    const at = offset;
    offset += aligned(bytes);
    return { tensor, type: kept, offset: at, bytes };
  });
}

/** A matrix whose rows are no whole number of blocks stays F16, as llama.cpp's own converter has it. */
function typeOf(shape: readonly number[], type: FileType): GgmlType {
  if (shape.length < 2) return "F32";
  return type === "q8_0" && (shape.at(-1) ?? 0) % Q8_BLOCK_VALUES === 0 ? "Q8_0" : "F16";
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes], aligned(bytes.length));

function header({ entries }: GgufContents, planned: readonly Planned[]): Buffer {
  return Buffer.concat([
    MAGIC,
    u32(VERSION),
    u64(planned.length),
    u64(entries.length),
    ...entries.map(encodeEntry),
    ...planned.map(encodeInfo),
  ]);
}

function encodeInfo({ tensor, type, offset }: Planned): Buffer {
  const { shape } = tensor.source;
  const dimensions = shape.toReversed().map(u64); // GGUF names the innermost first
  return Buffer.concat([
    ggufString(tensor.name),
    u32(shape.length),
    ...dimensions,
    u32(GGML_TYPES[type]),
    u64(offset),
  ]);
}

/** The values in llama.cpp's order, in whole rows; a head at a time where its rows change places. */
async function* chunksOf({ source, headRows }: LlamaTensor): AsyncGenerator<Float32Array> {
  const total = valuesOf(source.shape);
  const columns = source.shape.at(-1) ?? 1;
  const rows = headRows ?? Math.max(1, Math.floor(CHUNK_VALUES / columns));
  for (let start = 0; start < total; start += rows * columns) {
    const values = await source.read(start, Math.min(rows * columns, total - start));
    yield headRows === undefined ? values : interleaveRows(values, columns);
  }
}
