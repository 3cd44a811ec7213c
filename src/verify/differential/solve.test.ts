import fc from "fast-check";
import { expect, test } from "vitest";
import { solvedConstants } from "./solve.ts";

test("solvedConstants undoes a chain of operations down to the unknown", () => {
  const body = [
    "  %2 = mul nsw i32 %0, 3",
    "  %3 = add nsw i32 %2, 7",
    "  %4 = xor i32 %3, 85",
    "  %5 = icmp eq i32 %4, 1234567",
  ];
  const [, , x = 0n] = solvedConstants(body);
  expect(BigInt.asIntN(32, ((x * 3n + 7n) ^ 85n) - 1234567n)).toBe(0n);
});

test("solvedConstants solves for the cases of a switch, through conversions", () => {
  const body = [
    "  %2 = trunc i64 %0 to i32",
    "  %3 = sub i32 100, %2",
    "  switch i32 %3, label %9 [",
    "    i32 1, label %5",
    "    i32 -4, label %6",
    "  ]",
  ];
  expect(solvedConstants(body)).toEqual([99n, 104n]);
});

test("solvedConstants stops at what it cannot undo", () => {
  const body = ["  %2 = and i32 %0, 15", "  %3 = icmp eq i32 %2, 3", "  %4 = icmp eq i32 %2, %3"];
  expect(solvedConstants(body)).toEqual([]);
  expect(solvedConstants(["  %2 = mul i8 %0, 2", "  %3 = icmp eq i8 %2, 3"])).toEqual([]);
});

const STEPS = ["add", "sub", "xor", "mul"] as const;

test("solvedConstants finds an input that reaches every result of invertible steps", () => {
  const step = fc.tuple(fc.constantFrom(...STEPS), fc.integer({ min: -1000, max: 1000 }));
  const width = fc.constantFrom(8, 16, 32, 64);
  fc.assert(
    fc.property(
      width,
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.integer(),
      (bits, steps, wanted) => {
        const odd = steps.map(([name, k]) => [name, BigInt(name === "mul" ? k | 1 : k)] as const);
        const apply = (x: bigint): bigint =>
          odd.reduce((value, [name, k]) => {
            const next = { add: value + k, sub: value - k, xor: value ^ k, mul: value * k }[name];
            return BigInt.asIntN(bits, next);
          }, x);
        const target = BigInt.asIntN(bits, BigInt(wanted));
        const body = odd.map(([name, k], i) => `  %${i + 1} = ${name} i${bits} %${i}, ${k}`);
        const found = solvedConstants([
          ...body,
          `  %9 = icmp eq i${bits} %${odd.length}, ${target}`,
        ]);
        expect(found.some((x) => apply(x) === target)).toBe(true);
      },
    ),
  );
});
