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

test("splitOf holds about a fifth apart when given many names", () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `package-${i}`);
  const share = names.filter((name) => splitOf(name) === "test").length / names.length;
  expect(share).toBeGreaterThan(0.17);
  expect(share).toBeLessThan(0.23);
});
