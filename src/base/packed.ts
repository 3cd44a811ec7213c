/**
 * Matrices in a JSON file: whole numbers of 16 bits times a step, deflated and in base64, column after column, for neighbours
 * in a column are alike.
 */

import { deflateSync, inflateSync } from "node:zlib";
import { z } from "zod";

export const packedSchema = z.object({
  rows: z.int().nonnegative(),
  width: z.int().nonnegative(),
  step: z.number(),
  data: z.base64(),
});
export type Packed = z.infer<typeof packedSchema>;

/** `rows`: all as long as the first. Throws a RangeError at a value of more steps than 16 bits hold. */
export function pack(rows: readonly ArrayLike<number>[], step: number): Packed {
  const width = rows[0]?.length ?? 0;
  const numbers = new Int16Array(rows.length * width);
  for (const [row, values] of rows.entries()) {
    for (let k = 0; k < width; k++) numbers[k * rows.length + row] = inSteps(values[k] ?? 0, step);
  }
  const data = deflateSync(planes(numbers), { level: 9 }).toString("base64");
  return { rows: rows.length, width, step, data };
}

const MAX_STEPS = 2 ** 15 - 1;

function inSteps(value: number, step: number): number {
  const steps = Math.round(value / step);
  if (!(Math.abs(steps) <= MAX_STEPS))
    throw new RangeError(
      `${value} is ${steps} steps of ${step}, want at most ${MAX_STEPS}: take a larger step`,
    );
  return steps;
}

/** Throws where it is not what `pack` gave. */
export function unpack({ rows, width, step, data }: Packed): number[][] {
  const bytes = inflateSync(Buffer.from(data, "base64"));
  const count = rows * width;
  if (bytes.length !== 2 * count)
    throw new Error(
      `a packed matrix of ${rows} rows of ${width} holds ${bytes.length} bytes, want ${2 * count}`,
    );
  const at = (place: number): number =>
    step * (((((bytes[place] ?? 0) << 8) | (bytes[count + place] ?? 0)) << 16) >> 16);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (__, k) => at(k * rows + row)),
  );
}

/** All high bytes, then all low ones: that deflates better. */
function planes(numbers: Int16Array): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length);
  for (const [place, value] of numbers.entries()) {
    bytes[place] = (value >> 8) & 0xff;
    bytes[numbers.length + place] = value & 0xff;
  }
  return bytes;
}
