import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { selectModules, spreadOverSizes, unwanted, withoutDuplicates } from "./select.ts";
import type { Recorded } from "./select.ts";

function recorded(path: string, over: Partial<Recorded> = {}): Recorded {
  return {
    package: "p",
    version: "1",
    path,
    language: "c",
    flags: [],
    bytes: 5_000,
    sha256: hash("sha256", path + (over.package ?? "")),
    functions: [`${path}_a`, `${path}_b`, `${path}_c`],
    ...over,
  };
}

test("unwanted says why when a module is trivial, huge, test code or held out", () => {
  expect(unwanted(recorded("a.c"))).toBeNull();
  expect(unwanted(recorded("a.c", { functions: ["x"] }))).toBe("few functions");
  expect(unwanted(recorded("a.c", { bytes: 100 }))).toBe("small");
  expect(unwanted(recorded("a.c", { bytes: 1e6 }))).toBe("large");
  expect(unwanted(recorded("gnulib-tests/a.c"))).toBe("test code");
  expect(unwanted(recorded("src/latest/contest.c"))).toBeNull();
  expect(unwanted(recorded("src/blowfish.c"))).toBe("held out");
});

test("withoutDuplicates keeps one when a source is built twice or bundled by two packages", () => {
  const pic = [recorded("a.c"), recorded("a.c", { sha256: "other", functions: ["x", "y", "z"] })];
  expect(withoutDuplicates(pic)).toHaveLength(1);
  const functions = ["inflate", "reset", "copy"];
  const bundled = [
    recorded("inflate.c", { package: "p", functions }),
    recorded("zlib/inflate.c", { package: "q", functions }),
  ];
  expect(withoutDuplicates(bundled)).toHaveLength(1);
});

test("spreadOverSizes takes small, middle and large modules when there are too many", () => {
  const all = Array.from({ length: 30 }, (_, i) => recorded(`${i}.c`, { bytes: 3_000 + i }));
  const bytes = spreadOverSizes(all, 3).map((module) => module.bytes - 3_000);
  expect(bytes).toHaveLength(3);
  expect(bytes.map((size) => Math.floor(size / 10))).toEqual([0, 1, 2]);
});

test("selectModules gives the same corpus when the records come in another order", () => {
  const all = ["p", "q", "r"].flatMap((name) =>
    Array.from({ length: 20 }, (_, i) =>
      recorded(`${name}${i}.c`, { package: name, bytes: 3_000 + 7 * i }),
    ),
  );
  const limits = { minFunctions: 3, minBytes: 2_000, maxBytes: 200_000, perPackage: 12, total: 25 };
  const chosen = selectModules(all, limits);
  expect(chosen).toHaveLength(24);
  expect(new Set(chosen.map((module) => module.package)).size).toBe(3);
  expect(selectModules(all.toReversed(), limits)).toEqual(chosen);
});
