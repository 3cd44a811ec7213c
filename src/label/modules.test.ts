import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import type { Split } from "../corpus/split.ts";
import { splitOf } from "../corpus/split.ts";
import { openCorpus } from "../corpus/store.ts";
import { type LabelModule, chooseModules, corpusModules } from "./modules.ts";

const module = (hash: string, from: string, split: Split = "train", bytes = 5000): LabelModule => ({
  hash,
  package: from,
  split,
  bytes,
  bitcode: () => new Uint8Array(),
});
const limits = { counts: { train: 10, test: 10 }, perPackage: 2, minBytes: 100, maxBytes: 9000 };
const names = (modules: readonly LabelModule[]): string[] => modules.map(({ hash }) => hash);

test("chooseModules goes round the packages and takes perPackage of each at most", () => {
  const all = [..."abcd"].map((hash) => module(hash, "large")).concat(module("z", "small"));
  expect(names(chooseModules(all, limits))).toEqual(["a", "z", "b"]);
});

test("chooseModules gives each split its count, and none to a split that is not named", () => {
  const all = [
    module("a", "p"),
    module("b", "q"),
    module("c", "r", "test"),
    module("d", "s", "valid"),
  ];
  expect(names(chooseModules(all, { ...limits, counts: { train: 1, test: 5 } }))).toEqual([
    "a",
    "c",
  ]);
});

test("chooseModules makes the same choice in whatever order the modules come, and each hash once", () => {
  const all = [..."dacbad"].map((hash, index) => module(hash, index < 3 ? "p" : "q"));
  const wide = { ...limits, perPackage: 3 };
  const chosen = names(chooseModules(all, wide));
  expect(names(chooseModules(all.toReversed(), wide))).toEqual(chosen);
  expect(chosen.toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("chooseModules begins with modules that are known, whatever else the corpus has by now", () => {
  const all = [module("a", "p"), module("b", "q"), module("c", "p"), module("d", "p")];
  const two = { ...limits, counts: { train: 2 } };
  expect(names(chooseModules(all, two))).toEqual(["a", "b"]);
  expect(names(chooseModules(all, two, new Set(["d", "x"])))).toEqual(["d", "a"]);
});

test("chooseModules leaves out what is below minBytes or above maxBytes", () => {
  const all = [module("a", "p", "train", 99), module("b", "p"), module("c", "p", "train", 9001)];
  expect(names(chooseModules(all, limits))).toEqual(["b"]);
});

test("corpusModules gives the distinct modules of a corpus within the limits, with their bitcode", async () => {
  const folder = tempFolder();
  const corpus = await openCorpus(folder);
  const stored = (hash: string, path: string, size: number) => ({
    hash: hash.repeat(64),
    package: "giflib",
    version: "1",
    licence: "",
    path,
    language: "c" as const,
    flags: [],
    split: splitOf("giflib"),
    bitcodeBytes: size,
    textBytes: 10,
    instructions: 5,
    functions: [{ name: "f", hash, instructions: 5, blocks: 1 }],
    bitcode: new Uint8Array(size).fill(7),
  });
  await corpus.addPackage("giflib", [stored("a", "a.c", 300), stored("b", "b.c", 20), stored("c", "c.c", 900)]); // prettier-ignore
  corpus.close();
  const found = await corpusModules(folder, { minBytes: 100, maxBytes: 500 });
  expect(found).toMatchObject([
    { hash: "a".repeat(64), package: "giflib", split: "train", bytes: 300 },
  ]);
  expect(found[0]!.bitcode()).toEqual(new Uint8Array(300).fill(7));
});
