/**
 * What a GGUF file says of itself, read from its header without loading it: metadata, tensors, and whether the file is
 * as long as its tensors need. A file that is none, is cut off or is of an unknown version is "refused" with the reason.
 */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  BadHeader,
  type Cursor,
  type GgufValue,
  ShortHeader,
  readString,
  readUint32,
  readUint64,
  readValue,
} from "./gguf-bytes.ts";
import { TENSOR_TYPES } from "./gguf-types.ts";
import type { ModelOutcome } from "./model.ts";

export interface GgufTensor {
  readonly name: string;
  /** Elements along each axis, the fastest-changing first, as in the file. */
  readonly shape: readonly number[];
  /** ggml's name of it: "F16", "Q8_0". */
  readonly type: string;
  readonly bytes: number;
  /** From the file's beginning. */
  readonly offset: number;
}

export interface GgufInfo {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Of all tensors together, in elements. */
  readonly parameters: number;
  readonly fileBytes: number;
}

const VERSIONS: readonly number[] = [2, 3];
const MAGIC = "GGUF";
/** The header is read in this much first; that of a 32k vocabulary is a megabyte. */
const FIRST_BYTES = 1 << 20;
/** A header with a vocabulary of 256k tokens and all merges is 30 MB. */
const MAX_HEADER_BYTES = 1 << 28;
const MAX_ENTRIES = 1 << 16;
const MAX_AXES = 4;
const DEFAULT_ALIGNMENT = 32;

export function readGgufInfo(path: string): ModelOutcome<GgufInfo> {
  try {
    return { status: "ok", value: readHeader(path) };
  } catch (error) {
    return { status: "refused", message: `${path}: ${reasonOf(error)}` };
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error)) return error.message;
  if (error.code === "ENOENT") return "no such file; want the path of a GGUF file";
  if (error.code === "EISDIR") return "a folder; want the path of a GGUF file";
  return error.message;
};

/** Reads more and more of the file until its header is whole. Throws an Error that says what is wrong. */
function readHeader(path: string): GgufInfo {
  const file = openSync(path, "r");
  try {
    const fileBytes = fstatSync(file).size;
    for (let length = FIRST_BYTES; ; length *= 4) {
      const bytes = Buffer.alloc(Math.min(length, fileBytes));
      const got = readSync(file, bytes, 0, bytes.length, 0);
      try {
        return parseHeader(bytes.subarray(0, got), fileBytes);
      } catch (error) {
        if (!(error instanceof ShortHeader)) throw error;
        if (got >= fileBytes)
          throw new BadHeader(
            `cut off: the file ends after ${fileBytes} bytes, inside its header; get it again`,
          );
        if (length >= MAX_HEADER_BYTES)
          throw new BadHeader(`a header of more than ${MAX_HEADER_BYTES} bytes; want a model file`);
      }
    }
  } finally {
    closeSync(file);
  }
}

function parseHeader(bytes: Buffer, fileBytes: number): GgufInfo {
  const cursor: Cursor = { bytes, at: 0 };
  const magic = bytes.toString("latin1", 0, MAGIC.length);
  if (magic !== MAGIC)
    throw new BadHeader(
      `not a GGUF file: it begins with ${JSON.stringify(magic)}, want "${MAGIC}"; other weights must be converted first`,
    );
  cursor.at = MAGIC.length;
  const version = readUint32(cursor);
  if (!VERSIONS.includes(version))
    throw new BadHeader(`GGUF version ${version}; want ${VERSIONS.join(" or ")}; convert it anew`);
  const tensorCount = bounded(readUint64(cursor), "tensors");
  const entryCount = bounded(readUint64(cursor), "metadata entries");
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entryCount; index++) {
    const key = readString(cursor);
    metadata.set(key, readValue(cursor));
  }
  const placed = Array.from({ length: tensorCount }, () => readTensor(cursor));
  const start = aligned(cursor.at, metadata);
  const tensors = placed.map((tensor) => movedBy(start, tensor));
  checkLength(tensors, fileBytes);
  const parameters = tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  return { version, metadata, tensors, parameters, fileBytes };
}

function bounded(count: number, what: string): number {
  if (count <= MAX_ENTRIES) return count;
  throw new BadHeader(`${count} ${what}; want at most ${MAX_ENTRIES}: the header is damaged`);
}

const movedBy = (start: number, tensor: GgufTensor): GgufTensor => ({
  ...tensor,
  offset: start + tensor.offset,
});

/** Its offset is from where the tensors begin. */
function readTensor(cursor: Cursor): GgufTensor {
  const name = readString(cursor);
  const axes = readUint32(cursor);
  if (axes > MAX_AXES)
    throw new BadHeader(`the tensor ${name} has ${axes} axes; want at most ${MAX_AXES}`);
  const shape = Array.from({ length: axes }, () => readUint64(cursor));
  const id = readUint32(cursor);
  const type = TENSOR_TYPES.get(id);
  if (type === undefined)
    throw new BadHeader(`the tensor ${name} is of ggml's type ${id}, which is unknown here`);
  const bytes = (elementsOf(shape) / type.blockElements) * type.blockBytes;
  if (!Number.isSafeInteger(bytes))
    throw new BadHeader(
      `the tensor ${name} of ${shape.join(" × ")} is no whole number of ${type.name} blocks`,
    );
  return { name, shape, type: type.name, bytes, offset: readUint64(cursor) };
}

const elementsOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

function aligned(at: number, metadata: ReadonlyMap<string, GgufValue>): number {
  const stated = metadata.get("general.alignment");
  const alignment = typeof stated === "number" && stated > 0 ? stated : DEFAULT_ALIGNMENT;
  return Math.ceil(at / alignment) * alignment;
}

function checkLength(tensors: readonly GgufTensor[], fileBytes: number): void {
  const needed = tensors.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes), 0);
  if (needed > fileBytes)
    throw new BadHeader(
      `cut off: the file has ${fileBytes} bytes, its tensors need ${needed}; get it again`,
    );
}
