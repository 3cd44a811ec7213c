/**
 * Reads safetensors, one file or several with their index: u64 length of a JSON header, the header, the tensors' bytes.
 * Headers are read and checked whole when a folder is opened, tensors piece by piece, so that a model needs no memory.
 */

import { type FileHandle, open, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SOURCE_TYPES, type SourceType, decodeFloats } from "./floats.ts";
import { InvalidModel } from "./invalid-model.ts";

/** The limit of the format's own library. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

export interface SourceTensor {
  readonly name: string;
  /** Rows first: [rows, columns] of a matrix, [length] of a vector. */
  readonly shape: readonly number[];
  /** Values [start, start + count) in row-major order. Throws InvalidModel when they cannot be read. */
  read(start: number, count: number): Promise<Float32Array>;
}

export interface Weights extends AsyncDisposable {
  readonly tensors: ReadonlyMap<string, SourceTensor>;
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
type Entry = z.infer<typeof entrySchema>;

/** Opens model.safetensors of a folder, or the files of model.safetensors.index.json. Throws InvalidModel. */
export async function openWeights(folder: string): Promise<Weights> {
  const handles: FileHandle[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(handles.map((handle) => handle.close()));
  };
  try {
    const tensors = new Map<string, SourceTensor>();
    for (const path of await fileNames(folder)) {
      const handle = await openFile(path);
      handles.push(handle);
      for (const tensor of await readTensors(handle, path)) tensors.set(tensor.name, tensor);
    }
    return { tensors, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fileNames(folder: string): Promise<string[]> {
  const index = join(folder, "model.safetensors.index.json");
  if (!existsSync(index)) return [join(folder, "model.safetensors")];
  try {
    const { weight_map: files } = indexSchema.parse(JSON.parse(await readFile(index, "utf8")));
    return [...new Set(Object.values(files))].toSorted().map((name) => join(folder, name));
  } catch {
    throw new InvalidModel(`${index}: is no index of safetensors; want {"weight_map": {...}}`);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new InvalidModel(
      why === "ENOENT"
        ? `${path}: no such file; want a Hugging Face folder with model.safetensors`
        : `${path}: cannot be read: ${why}`,
    );
  }
}

async function readTensors(handle: FileHandle, path: string): Promise<SourceTensor[]> {
  const { size } = await handle.stat();
  const length = size < LENGTH_BYTES ? 0 : await headerLength(handle);
  if (length < 2 || length > MAX_HEADER_BYTES)
    throw new InvalidModel(`${path}: is no safetensors file`);
  if (length > size - LENGTH_BYTES) throw cutOff(path, size, LENGTH_BYTES + length);
  const header = Buffer.alloc(length);
  await handle.read(header, 0, length, LENGTH_BYTES);
  const entries = parseHeader(header.toString(), path);
  const dataStart = LENGTH_BYTES + length;
  const dataBytes = Math.max(0, ...entries.map(([, entry]) => entry.data_offsets[1]));
  if (dataStart + dataBytes > size) throw cutOff(path, size, dataStart + dataBytes);
  return entries.map(([name, entry]) => makeTensor(handle, dataStart, { path, name, entry }));
}

async function headerLength(handle: FileHandle): Promise<number> {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  await handle.read(bytes, 0, LENGTH_BYTES, 0);
  return Number(bytes.readBigUInt64LE());
}

const cutOff = (path: string, size: number, wanted: number): InvalidModel =>
  new InvalidModel(`${path}: is cut off: ${size} bytes, want at least ${wanted}; copy it again`);

function parseHeader(text: string, path: string): [string, Entry][] {
  try {
    const { __metadata__: _, ...entries } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(text));
    return Object.entries(entries).map(([name, entry]) => [name, entrySchema.parse(entry)]);
  } catch {
    throw new InvalidModel(
      `${path}: is no safetensors file: its header is not the JSON it should be`,
    );
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly entry: Entry;
}

function makeTensor(
  handle: FileHandle,
  dataStart: number,
  { path, name, entry }: Place,
): SourceTensor {
  const { shape, dtype } = entry;
  const [begin, end] = entry.data_offsets;
  if (!isSourceType(dtype))
    throw new InvalidModel(
      `${path}: "${name}" is of type ${dtype}; want ${Object.keys(SOURCE_TYPES).join(", ")}`,
    );
  const width = SOURCE_TYPES[dtype];
  const wanted = width * shape.reduce((product, length) => product * length, 1);
  if (end - begin !== wanted)
    throw new InvalidModel(
      `${path}: "${name}" has ${end - begin} bytes, its shape wants ${wanted}`,
    );
  const read = async (start: number, count: number): Promise<Float32Array> => {
    const bytes = Buffer.alloc(width * count);
    const got = await handle.read(bytes, 0, bytes.length, dataStart + begin + width * start);
    if (got.bytesRead !== bytes.length)
      throw new InvalidModel(`${path}: ends within "${name}"; it changed while it was read`);
    return decodeFloats(bytes, dtype);
  };
  return { name, shape, read };
}

const isSourceType = (dtype: string): dtype is SourceType => dtype in SOURCE_TYPES;
