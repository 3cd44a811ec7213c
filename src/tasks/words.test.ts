import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import { printSaved } from "./numbers.ts";
import { tuneWords } from "./words.ts";

const WORDS = new Set(tuneWords(75));

test("tuneWords has every word once, and nothing with a digit, for digits are never merged", () => {
  expect(WORDS.size).toBe(tuneWords(75).length);
  expect([...WORDS].filter((word) => /\d/.test(word))).toEqual([]);
  expect([...WORDS]).toEqual(expect.arrayContaining([" sizeL", " loadF", "#ar", "+D", "-I"]));
});

test("tuneWords has all that a digest says behind its counts", () => {
  const ir = "define i32 @f(ptr %0) {\n%2 = load i32, ptr %0\nret i32 %2\n}\n";
  const [, levels = ""] = digestOf(ir).split("\n");
  const said = levels.slice(1).match(/ \S+/g) ?? [];
  expect(said.length).toBeGreaterThan(5);
  for (const word of said) expect(WORDS).toContain(word);
});

test("printSaved says more the more was saved or added, in a word of its own or next to nothing", () => {
  fc.assert(
    fc.property(fc.double({ min: -3, max: 1, noNaN: true }), (share) => {
      const said = printSaved(share);
      expect(said === "+" || WORDS.has(said)).toBe(true);
      const more = printSaved(share * 4);
      if (said !== "+") expect(more[0]).toBe(said[0]);
      expect(more.slice(1) >= said.slice(1)).toBe(true);
    }),
  );
  expect([undefined, -0.5, -0.004, 0, 0.0003, 0.01, 0.3].map(printSaved)).toEqual([
    "-I",
    "-I",
    "-B",
    "+",
    "+",
    "+D",
    "+I",
  ]);
});
