import { expect, test } from "vitest";
import { checkPassList } from "../passes/check.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { type CoresetFile, loadCoreset, usableCoreset } from "./coreset.ts";

const file: CoresetFile = {
  madeBy: "test",
  llvmVersion: "22.1.8",
  seed: 0,
  objective: "size",
  trainingPackages: [],
  trainingSavings: [],
  lists: [
    "default<Oz>,iroutliner",
    "no-such-pass",
    "default<Oz>,mergefunc",
    "function(structurizecfg)",
    "function(sroa",
  ],
};

test("usableCoreset leaves out lists with unknown and unsafe passes and broken ones", () => {
  const { lists } = usableCoreset(file, registryFor(22));
  expect(lists.map(printPassList)).toEqual(["default<Oz>,iroutliner", "default<Oz>,mergefunc"]);
});

test.each([19, 22])("loadCoreset gives LLVM %i lists that all are fit to run", (major) => {
  const registry = registryFor(major);
  const { lists } = loadCoreset(registry);
  expect(lists.length).toBeGreaterThan(0);
  for (const list of lists) expect(checkPassList(printPassList(list), registry).ok).toBe(true);
});

test("loadCoreset gives an LLVM with fewer passes the lists that it can run, in the same order", () => {
  const texts = (major: number): string[] =>
    loadCoreset(registryFor(major)).lists.map(printPassList);
  const newest = texts(22);
  expect(newest.filter((text) => texts(19).includes(text))).toEqual(texts(19));
});
