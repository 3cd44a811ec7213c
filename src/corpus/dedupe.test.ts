import fc from "fast-check";
import { expect, test } from "vitest";
import { madeUpModule } from "../../test/support/corpus.ts";
import type { Candidate } from "./dedupe.ts";
import { NEAR_SHARE, dedupe } from "./dedupe.ts";
import { SPLITS } from "./split.ts";

/** Verdicts by path. */
function judged(candidates: readonly Candidate[]): Record<string, string> {
  const verdicts = dedupe(candidates);
  return Object.fromEntries(
    candidates.map(({ path }, i) => [path, verdicts[i]?.kept === true ? "kept" : verdicts[i]!.why]),
  );
}

test("dedupe finds modules of the same functions in another order and under other paths", () => {
  const verdicts = Object.values(
    judged([madeUpModule("a.c", { f: 10, g: 20 }), madeUpModule("b.c", { g: 20, f: 10 })]),
  );
  expect(verdicts.toSorted()).toEqual(["exact duplicate", "kept"]);
});

test("dedupe weighs functions by instructions, and takes all kept modules together", () => {
  const hashed = (path: string, functions: Record<string, number>, hash: string): Candidate =>
    madeUpModule(path, functions, { hash });
  const found = judged([
    hashed("one.c", { f: 40, tiny: 1 }, "1"),
    hashed("two.c", { g: 40 }, "2"),
    hashed("mix.c", { f: 40, g: 40, own: 20 }, "3"), // 80 of 100
    hashed("new.c", { f: 40, tiny: 1, large: 200 }, "4"),
  ]);
  expect(found).toEqual({
    "one.c": "kept",
    "two.c": "kept",
    "mix.c": "near duplicate",
    "new.c": "kept",
  });
});

test("dedupe keeps the test module when training has the same, and names it", () => {
  const train = madeUpModule("t.c", { f: 10 }, { split: "train", hash: "0" });
  const inTest = madeUpModule("u.c", { f: 10 }, { split: "test", hash: "9" });
  expect(dedupe([train, inTest])).toEqual([
    { kept: false, why: "exact duplicate", duplicateOf: "9" },
    { kept: true, why: "", duplicateOf: "" },
  ]);
});

test.each([
  ["conf13614-13612-1.c", "configure probe"],
  ["build/CMakeFiles/CMakeScratch/TryCompile-x/src.c", "configure probe"],
  ["a/conftest.c", "configure probe"],
  ["libbz/bzip2/decompress.c", "held-out path"],
  ["src/config.c", "kept"],
])("dedupe says of %s: %s", (path, verdict) => {
  expect(judged([madeUpModule(path, { f: 10 })])).toEqual({ [path]: verdict });
});

test("dedupe leaves out what has no function", () => {
  expect(judged([madeUpModule("data.c", {})])).toEqual({ "data.c": "no function" });
});

const candidates = fc
  .array(
    fc.record({
      functions: fc.dictionary(fc.constantFrom(..."abcdefgh"), fc.integer({ min: 1, max: 50 })),
      split: fc.constantFrom(...SPLITS),
    }),
    { maxLength: 20 },
  )
  .map((all) =>
    all.map(({ functions, split }, i) => {
      // A function has the same size wherever it is.
      const sized = Object.fromEntries(
        Object.keys(functions).map((fn) => [fn, 1 + 7 * fn.charCodeAt(0)]),
      );
      return madeUpModule(`${i}.c`, sized, { split });
    }),
  );

const shuffled = candidates.chain((all) =>
  fc.shuffledSubarray(all, { minLength: all.length }).map((other) => [all, other] as const),
);

test("dedupe gives the same verdicts whatever the order of its argument", () => {
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(judged(other)).toEqual(judged(all));
    }),
  );
});

test("dedupe keeps no two modules of the same functions, and nothing that the kept of higher rank know", () => {
  const rank = { test: 0, valid: 1, train: 2 };
  const namesOf = (module: Candidate): string =>
    module.functions
      .map((fn) => fn.hash)
      .toSorted()
      .join();
  fc.assert(
    fc.property(candidates, (all) => {
      const verdicts = dedupe(all);
      const kept = all.filter((_, i) => verdicts[i]?.kept);
      expect(new Set(kept.map(namesOf)).size).toBe(kept.length);
      for (const module of kept) {
        const above = kept.filter((other) => rank[other.split] < rank[module.split]);
        const known = new Set(above.flatMap((other) => other.functions.map((fn) => fn.hash)));
        const share = module.functions
          .filter((fn) => known.has(fn.hash))
          .reduce((sum, fn) => sum + fn.instructions, 0);
        expect(share / module.instructions).toBeLessThan(NEAR_SHARE);
      }
    }),
  );
});

test("dedupe loses no function with an exact duplicate", () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const verdicts = dedupe(all);
      const functions = (modules: readonly Candidate[]): Set<string> =>
        new Set(modules.flatMap((module) => module.functions.map((fn) => fn.hash)));
      const kept = functions(all.filter((_, i) => verdicts[i]?.kept));
      const exact = functions(all.filter((_, i) => verdicts[i]?.why === "exact duplicate"));
      expect([...exact].filter((fn) => !kept.has(fn))).toEqual([]);
    }),
  );
});
