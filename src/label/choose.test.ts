import { expect, test } from "vitest";
import { splitOf } from "../corpus/split.ts";
import { chooseBroadcast, pilotCandidates, pilotModules } from "./choose.ts";
import { LABEL_VERSION, type LabelLine } from "./journal.ts";
import type { LabelModule } from "./modules.ts";
import { addLines, makeTable } from "./table.ts";

const [TRAIN, TEST] = ["giflib", "libpng"];
const head = { v: LABEL_VERSION, llvm: "22.1.8" } as const;
const of = (module: string, from = TRAIN) =>
  ({ ...head, module, package: from!, bytes: 1, baseline: [100, 100], seconds: 0 }) as const;
const set = (name: string, lists: string[]): LabelLine => {
  return { ...head, kind: "lists", set: name, role: "seed", lists };
};
const sizes = (module: string, name: string, values: number[]): LabelLine => {
  return { ...of(module), kind: "sizes", set: name, sizes: values, published: values };
};
const own = (module: string, passes: string, size: number, from = TRAIN): LabelLine => ({
  ...of(module, from),
  kind: "own",
  own: { passes, size: [size, size] },
  budget: 1,
  compilations: 1,
});
const right = (passes: string): LabelLine => {
  return { ...head, kind: "verdict", passes, status: "correct", programs: 1, why: "" };
};

test("pilotCandidates are right winners that beat the base, most added first", () => {
  const table = makeTable();
  addLines(table, [
    set("s", ["base"]),
    ...["a", "b", "c", "d", "e"].map((module) => sizes(module, "s", [90])),
    own("a", "adds five", 85),
    own("b", "adds eight", 87),
    own("c", "adds eight", 85),
    own("d", "adds none", 90),
    own("e", "not judged", 10),
    ...["adds five", "adds eight", "adds none"].map(right),
  ]);
  expect(pilotCandidates(table, ["base"])).toEqual(["adds eight", "adds five"]);
});

test("pilotCandidates takes no winner of a test module", () => {
  expect([splitOf(TRAIN!), splitOf(TEST!)]).toEqual(["train", "test"]);
  const table = makeTable();
  addLines(table, [own("a", "of train", 90), own("b", "of test", 50, TEST), right("of train")]);
  addLines(table, [right("of test")]);
  expect(pilotCandidates(table, [])).toEqual(["of train"]);
});

test("pilotModules draws training modules alone, the same ones in whatever order", () => {
  const modules = Array.from({ length: 20 }, (_, index): LabelModule => ({
    hash: `${index}`,
    package: TRAIN!,
    split: index % 2 === 0 ? "train" : "test",
    bytes: 1,
    bitcode: () => new Uint8Array(),
  }));
  const drawn = pilotModules(modules, 5);
  expect(drawn).toHaveLength(5);
  expect(drawn.every(({ split }) => split === "train")).toBe(true);
  expect(pilotModules(modules.toReversed(), 5)).toEqual(drawn);
});

test("chooseBroadcast takes what adds to the base, not what is good where the base is", () => {
  const table = makeTable();
  addLines(table, [
    set("s", ["base"]),
    set("p", ["like base", "elsewhere"]),
    sizes("a", "s", [50]),
    sizes("b", "s", [100]),
    sizes("a", "p", [49, 100]),
    sizes("b", "p", [100, 90]),
  ]);
  const how = { hashes: ["a", "b"], candidates: ["like base", "elsewhere"], base: ["base"] };
  expect(chooseBroadcast(table, { ...how, count: 1 })).toEqual(["elsewhere"]);
  expect(chooseBroadcast(table, { ...how, count: 2 })).toEqual(["elsewhere", "like base"]);
});
