import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { mutateSource } from "./source-mutation.ts";

const SOURCE =
  '#include "a1.h"\n#define N 8\n// 17 lines\nint f(int x1) { return x1 * 31 + 7; }\nconst char *s = "12";\n';

test("mutateSource changes constants of code and nothing else", () => {
  for (let seed = 0; seed < 50; seed++) {
    const lines = mutateSource(SOURCE, makeRng(seed)).split("\n");
    expect(lines.toSpliced(3, 1)).toEqual(SOURCE.split("\n").toSpliced(3, 1));
    expect(lines[3]).toMatch(/^int f\(int x1\) \{ return x1 \* \d+ \+ \d+; \}$/);
  }
});

test("mutateSource gives the same program for the same seed, others for others", () => {
  const made = Array.from({ length: 20 }, (_, seed) => mutateSource(SOURCE, makeRng(seed)));
  expect(mutateSource(SOURCE, makeRng(0))).toBe(made[0]);
  expect(new Set(made).size).toBeGreaterThan(5);
});
