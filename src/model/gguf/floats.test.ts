import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFloats, decodeTensor, encodeFloats } from "./floats.ts";

const block = fc.float32Array({ minLength: 32, maxLength: 32, noNaN: true, min: -1000, max: 1000 });

describe("encodeFloats", () => {
  test("keeps F16 within half a unit of the last place when values are in range", () => {
    fc.assert(
      fc.property(block, (values) => {
        const read = decodeFloats(encodeFloats(values, "F16") ?? new Uint8Array(), "F16");
        expect(read.length).toBe(values.length);
        read.forEach((value, i) => {
          const wanted = values[i] ?? 0;
          expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) / 2048 + 2 ** -25);
        });
      }),
    );
  });

  test("keeps Q8_0 within half a step of the scale when a block is in range", () => {
    fc.assert(
      fc.property(block, (values) => {
        const bytes = Buffer.from(encodeFloats(values, "Q8_0") ?? []);
        expect(bytes.length).toBe(34);
        const scale = decodeFloats(bytes.subarray(0, 2), "F16")[0] ?? Number.NaN;
        const largest = Math.max(...values.map(Math.abs));
        expect(Math.abs(scale - largest / 127)).toBeLessThanOrEqual(
          largest / 127 / 2048 + 2 ** -25,
        );
        values.forEach((value, i) => {
          const step = Math.round((value / largest) * 127);
          if (largest > 0) expect(Math.abs(bytes.readInt8(2 + i) - step)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  test("writes the block that gguf's own quantiser writes", () => {
    // gguf 0.19 for Python: quants.quantize(numpy.arange(-16, 16, dtype="f4") / 4, Q8_0)
    const values = Float32Array.from({ length: 32 }, (_, i) => (i - 16) / 4);
    expect(Buffer.from(encodeFloats(values, "Q8_0") ?? []).toString("hex")).toBe(
      "082881899199a1a9b1b9c0c8d0d8e0e8f0f8000810182028303840474f575f676f77",
    );
  });

  test.each([Number.NaN, Infinity, -Infinity])("gives nothing when a value is %s", (wild) => {
    const values = new Float32Array(32).fill(1);
    values[17] = wild;
    for (const type of ["F32", "F16", "Q8_0"] as const)
      expect(encodeFloats(values, type)).toBeUndefined();
  });

  test("gives nothing when a value is too large for F16", () => {
    expect(encodeFloats(Float32Array.of(70_000), "F16")).toBeUndefined();
  });
});

test("decodeFloats reads bfloat16 as the upper half of float32 when bytes lie anywhere", () => {
  const values = Float32Array.of(1, -2.5, 0, 2 ** 100);
  const bits = Buffer.from(values.buffer);
  const bf16 = Buffer.alloc(9);
  values.forEach((_, i) => bf16.writeUInt16LE(bits.readUInt16LE(4 * i + 2), 1 + 2 * i));
  expect([...decodeFloats(bf16.subarray(1), "BF16")]).toEqual([...values]);
});

test("decodeTensor gives values that encodeFloats keeps as the same bytes when they are Q8_0", () => {
  fc.assert(
    fc.property(block, (values) => {
      const bytes = encodeFloats(values, "Q8_0") ?? new Uint8Array();
      expect(encodeFloats(decodeTensor(bytes, "Q8_0"), "Q8_0")).toEqual(bytes);
    }),
  );
});
