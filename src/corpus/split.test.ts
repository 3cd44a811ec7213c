import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { splitOf } from "./split.ts";

test("splitOf never changes its answer for a package", () => {
  // Written down on purpose: a change here would move training packages into the test side.
  const known = {
    brotli: "train",
    cjson: "train",
    dash: "train",
    expat: "test",
    jq: "train",
    lz4: "train",
  };
  const names = Object.keys(known);
  expect(Object.fromEntries(names.map((name) => [name, splitOf(name)]))).toEqual(known);
});

test("splitOf holds about a fifth apart for tests, and a twentieth for validation, when given many names", () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `package-${i}`);
  const share = (split: string) =>
    names.filter((name) => splitOf(name) === split).length / names.length;
  expect(share("test")).toBeGreaterThan(0.17);
  expect(share("test")).toBeLessThan(0.23);
  expect(share("valid")).toBeGreaterThan(0.03);
  expect(share("valid")).toBeLessThan(0.07);
});

test("splitOf takes no package out of the test split when it makes valid", () => {
  const wasTest = (name: string) =>
    Number.parseInt(hash("sha256", name).slice(0, 8), 16) % 100 < 20;
  const names = Array.from({ length: 2_000 }, (_, i) => `p${i}`);
  expect(names.filter((name) => wasTest(name) !== (splitOf(name) === "test"))).toEqual([]);
  expect(splitOf("leveldb")).toBe("valid");
});
