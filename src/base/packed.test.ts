import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "./packed.ts";

const STEP = 0.25;
const matrices = fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 6 })).chain(([rows, width]) =>
  fc.array(
    fc.array(fc.double({ min: -8000, max: 8000, noNaN: true }), {
      minLength: width,
      maxLength: width,
    }),
    { minLength: rows, maxLength: rows },
  ),
);

test("unpack gives back what pack was given, to half a step", () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const back = unpack(pack(matrix, STEP));
      expect(back.map((row) => row.length)).toEqual(matrix.map((row) => row.length));
      for (const [row, values] of matrix.entries()) {
        for (const [k, value] of values.entries())
          expect(Math.abs((back[row]?.[k] ?? NaN) - value)).toBeLessThanOrEqual(STEP / 2);
      }
    }),
  );
});

test("pack refuses what 16 bits do not hold", () => {
  expect(() => pack([[8192]], STEP)).toThrow(/8192 is 32768 steps of 0.25/);
  expect(() => pack([[NaN]], STEP)).toThrow(RangeError);
});

test("unpack refuses what is not as long as it says", () => {
  const packed = pack([[1, 2]], STEP);
  expect(() => unpack({ ...packed, width: 3 })).toThrow(/holds 4 bytes, want 6/);
});
