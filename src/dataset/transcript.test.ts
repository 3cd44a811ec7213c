import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { drawTranscript, savedBy } from "./transcript.ts";

const savings = fc.array(
  fc.option(fc.double({ min: -1, max: 0.9, noNaN: true }), { nil: undefined }),
  {
    minLength: 1,
    maxLength: 80,
  },
);

test("drawTranscript tries no list twice, learns only what saves more than all before, and ends with such", () => {
  fc.assert(
    fc.property(savings, fc.string(), (drawn, seed) => {
      const saved = drawn.map((value) => value);
      saved[0] = Math.max(0.001, saved[0] ?? 0);
      const turns = drawTranscript(saved, makeRng(seed));
      expect(new Set(turns.map(({ number }) => number)).size).toBe(turns.length);
      expect(turns.at(-1)?.isLearned).toBe(true);
      for (const [at, turn] of turns.entries()) {
        expect(turn.saved).toBe(saved[turn.number]);
        const before = turns.slice(0, at).map((one) => one.saved ?? 0);
        if (turn.isLearned) expect(turn.saved).toBeGreaterThan(Math.max(0, ...before));
      }
    }),
  );
});

test("drawTranscript draws what is learned by a high power of what it adds, or more where a worse one was told first", () => {
  const rng = makeRng(1);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 4000; draw++) {
    const turns = drawTranscript([0.03, undefined, 0.02, -0.5], rng);
    const first = turns.find(({ isLearned }) => isLearned);
    const number = first?.number ?? 1;
    counts[number] = (counts[number] ?? 0) + 1;
  }
  expect(counts[1]).toBe(0);
  expect(counts[3]).toBe(0);
  expect((counts[0] ?? 0) / (counts[2] ?? 1)).toBeGreaterThan(1.5 ** 6);
});

test("drawTranscript refuses a module on which no list saves", () => {
  expect(() => drawTranscript([0, -0.1, undefined], makeRng(1))).toThrow(/no list saves/);
});

test("savedBy gives shares of the object under -Oz, and nothing for a list that failed", () => {
  expect(savedBy({ ozBytes: 200, bytes: [150, undefined, 220] })).toEqual([
    0.25,
    undefined,
    expect.closeTo(-0.1),
  ]);
});
