import { expect, test } from "vitest";
import { contentHash } from "../base/hash.ts";
import { registryFor } from "../passes/registry.ts";
import { coresetHash, passesHash } from "./provenance.ts";

const registry = registryFor(22);

test("passesHash is the same whatever the order of the passes, and another for another LLVM", () => {
  const reversed = { ...registry, passes: new Map([...registry.passes].toReversed()) };
  expect(passesHash(reversed)).toBe(passesHash(registry));
  expect(passesHash(registryFor(19))).not.toBe(passesHash(registry));
});

test("passesHash is of the sorted names, one a line", () => {
  const names = [...registry.passes.keys()].toSorted();
  expect(passesHash(registry)).toBe(contentHash(names.join("\n")));
});

test("coresetHash changes with a list and with the order of lists", () => {
  const [a, b] = ["function(gvn)", "mergefunc"];
  const hashes = [coresetHash([a, b]), coresetHash([b, a]), coresetHash([a])];
  expect(new Set(hashes).size).toBe(3);
  expect(coresetHash([a, b])).toBe(contentHash("function(gvn)\nmergefunc"));
});
