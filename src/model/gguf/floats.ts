/**
 * The number formats of weights: what safetensors hold, read as float32, and what GGUF files hold, written from float32.
 *
 * Q8_0 is llama.cpp's (ggml-quants.c, quantize_row_q8_0_ref), bit for bit: 32 values are a float16 scale and 32 int8.
 */

/// <reference lib="esnext.float16" />

export const SOURCE_TYPES = { F32: 4, F16: 2, BF16: 2 } as const;
export type SourceType = keyof typeof SOURCE_TYPES;

/** Little-endian values as float32. `bytes` must hold whole values. */
export function decodeFloats(bytes: Uint8Array, type: SourceType): Float32Array {
  // A copy begins at offset 0, where typed arrays of any width may begin.
  const { buffer } = new Uint8Array(bytes);
  switch (type) {
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return new Float32Array(new Float16Array(buffer));
    case "BF16":
      return widenBf16(new Uint16Array(buffer));
    default:
      return type satisfies never;
  }
}

/** bfloat16 is the upper half of a float32. */
function widenBf16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** The types of tensors that we write, by llama.cpp's numbers (enum ggml_type). */
export const GGML_TYPES = { F32: 0, F16: 1, Q8_0: 8 } as const;
export type GgmlType = keyof typeof GGML_TYPES;

export const Q8_BLOCK_VALUES = 32;
const Q8_BLOCK_BYTES = 2 + Q8_BLOCK_VALUES;
const Q8_MAX = 127;

export function encodedBytes(values: number, type: GgmlType): number {
  const bytes = {
    F32: 4 * values,
    F16: 2 * values,
    Q8_0: (values / Q8_BLOCK_VALUES) * Q8_BLOCK_BYTES,
  };
  return bytes[type];
}

/** `values.length` must be a multiple of 32 for Q8_0. Undefined where a value is not finite, or too large for the type. */
export function encodeFloats(values: Float32Array, type: GgmlType): Uint8Array | undefined {
  switch (type) {
    case "F32":
      return values.every(Number.isFinite) ? bytesOf(values) : undefined;
    case "F16":
      return encodeHalves(values);
    case "Q8_0":
      return encodeQ8(values);
    default:
      return type satisfies never;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const HALF_EXPONENT = 0x7c00;
/** Infinity or NaN. */
const isWildHalf = (bits: number): boolean => (bits & HALF_EXPONENT) === HALF_EXPONENT;

function encodeHalves(values: Float32Array): Uint8Array | undefined {
  const bits = new Uint16Array(new Float16Array(values).buffer);
  for (let i = 0; i < bits.length; i++) if (isWildHalf(bits[i] ?? 0)) return undefined;
  return bytesOf(bits);
}

function encodeQ8(values: Float32Array): Uint8Array | undefined {
  const out = Buffer.alloc(encodedBytes(values.length, "Q8_0"));
  const scale = new Float16Array(1);
  const scaleBits = new Uint16Array(scale.buffer);
  for (let start = 0, at = 0; start < values.length; start += Q8_BLOCK_VALUES) {
    const block = values.subarray(start, start + Q8_BLOCK_VALUES);
    const exact = Math.fround(largestSize(block) / Q8_MAX);
    const inverse = exact === 0 ? 0 : Math.fround(1 / exact);
    scale[0] = exact;
    if (isWildHalf(scaleBits[0] ?? 0)) return undefined;
    at = out.writeUInt16LE(scaleBits[0] ?? 0, at);
    for (const value of block) out[at++] = roundAway(Math.fround(value * inverse));
  }
  return out;
}

/** The inverse of `encodeFloats`: float32, as llama.cpp computes with them. `bytes` must hold whole values or blocks. */
export function decodeTensor(bytes: Uint8Array, type: GgmlType): Float32Array {
  return type === "Q8_0" ? decodeQ8(bytes) : decodeFloats(bytes, type);
}

function decodeQ8(bytes: Uint8Array): Float32Array {
  const blocks = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array((bytes.length / Q8_BLOCK_BYTES) * Q8_BLOCK_VALUES);
  const scale = new Float16Array(1);
  const scaleBits = new Uint16Array(scale.buffer);
  for (let at = 0, to = 0; at < blocks.length; at += Q8_BLOCK_BYTES) {
    scaleBits[0] = blocks.readUInt16LE(at);
    for (let i = 0; i < Q8_BLOCK_VALUES; i++)
      out[to++] = (scale[0] ?? 0) * blocks.readInt8(at + 2 + i);
  }
  return out;
}

/** NaN where there is one. */
function largestSize(values: Float32Array): number {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(size)) return size;
  }
  return largest;
}

/** C's roundf: halves away from zero. */
const roundAway = (value: number): number => Math.trunc(value + (value < 0 ? -0.5 : 0.5));
