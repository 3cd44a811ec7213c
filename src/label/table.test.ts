import { expect, test } from "vitest";
import { LABEL_VERSION, type LabelLine, type Size } from "./journal.ts";
import { addLines, makeTable } from "./table.ts";
import { labelsOf, linesOf } from "./labels.ts";

const head = { v: LABEL_VERSION, llvm: "22.1.8" } as const;
const lists: LabelLine = { ...head, kind: "lists", set: "s", role: "seed", lists: ["a", "bb"] };
const of = (module: string, baseline: Size = [100, 90]) =>
  ({ ...head, module, package: "lz4", bytes: 5000, baseline, seconds: 1 }) as const;
const sizes = (module: string, values: (number | null)[], set = "s"): LabelLine => ({
  ...of(module),
  kind: "sizes",
  set,
  sizes: values,
  published: values.map((value) => value && value - 10),
});
const own = (module: string, passes: string | null, size = 0): LabelLine => ({
  ...of(module),
  kind: "own",
  own: passes === null ? null : { passes, size: [size, size - 10] },
  budget: 3,
  compilations: 5,
});
const verdict = (passes: string, status: "correct" | "wrong" | "undecided"): LabelLine => {
  return { ...head, kind: "verdict", passes, status, programs: 8, why: "" };
};

test("addLines joins the journals of two machines, whichever comes first", () => {
  const a = [lists, sizes("m", [80, 95]), own("m", "ccc", 70)];
  const b = [lists, sizes("n", [99, null]), own("n", null)];
  for (const lines of [
    [...a, ...b],
    [...b, ...a],
  ]) {
    const table = makeTable();
    expect(addLines(table, lines)).toEqual([]);
    expect([...table.modules.keys()].toSorted()).toEqual(["m", "n"]);
    expect(table.modules.get("m")?.sizes.get("bb")).toEqual([95, 85]);
    expect(table.modules.get("n")?.sizes.get("bb")).toBeNull();
    expect(table.modules.get("n")?.own).toBeNull();
  }
});

test("addLines takes a line twice without a conflict", () => {
  const lines = [lists, sizes("m", [80, 95]), own("m", "ccc", 70)];
  expect(addLines(makeTable(), [...lines, ...lines])).toEqual([]);
});

test("addLines reports unequal sizes with the module and the list", () => {
  const conflicts = addLines(makeTable(), [lists, sizes("m", [80, 95]), sizes("m", [80, 94])]);
  expect(conflicts).toEqual([
    { module: "m", passes: "bb", known: "95 and 85", found: "94 and 84" },
  ]);
});

test("addLines reports unequal sizes of -Oz, of own lists, and another LLVM", () => {
  const oz = { ...sizes("m", [80, 95]), baseline: [101, 90] } as LabelLine;
  expect(addLines(makeTable(), [lists, sizes("m", [80, 95]), oz])).toMatchObject([
    { module: "m", passes: "default<Oz>" },
  ]);
  expect(addLines(makeTable(), [own("m", "ccc", 70), own("m", "ccc", 71)])).toMatchObject([
    { module: "m", passes: "ccc" },
  ]);
  expect(addLines(makeTable(), [lists, sizes("m", [80, 95]), own("m", "a", 79)])).toMatchObject([
    { module: "m", passes: "a" },
  ]);
  expect(addLines(makeTable(), [lists, { ...lists, llvm: "19.1.7" }])).toMatchObject([
    { known: "LLVM 22.1.8", found: "LLVM 19.1.7" },
  ]);
});

test("addLines lets a size stand against a failure, which may be one machine's alone", () => {
  for (const lines of [
    [sizes("m", [null, 95]), sizes("m", [80, null])],
    [sizes("m", [80, null]), sizes("m", [null, 95])],
  ]) {
    const table = makeTable();
    expect(addLines(table, [lists, ...lines])).toEqual([]);
    expect([...table.modules.get("m")!.sizes]).toEqual([
      ["a", [80, 70]],
      ["bb", [95, 85]],
    ]);
  }
});

test("addLines keeps the smaller of two searches' winners and the graver of two verdicts", () => {
  const table = makeTable();
  addLines(table, [own("m", "a", 70), own("m", "b", 60), own("m", null), own("m", "c", 65)]);
  expect(table.modules.get("m")?.own?.passes).toBe("b");
  addLines(table, [verdict("a", "correct"), verdict("a", "wrong"), verdict("a", "correct")]);
  expect(table.verdicts.get("a")?.status).toBe("wrong");
});

test("labelsOf gives each module the smallest right list as its own, the shorter of equals", () => {
  const table = makeTable();
  addLines(table, [
    lists,
    sizes("m", [80, 80]),
    own("m", "ccc", 80),
    sizes("n", [100, 110]),
    own("n", null),
    sizes("o", [90, 95]),
    own("o", "dddd", 70),
  ]);
  const { lists: named, rows } = labelsOf(table);
  expect(named.map(({ passes, isBroadcast }) => [passes, isBroadcast])).toEqual([
    ["a", true],
    ["bb", true],
    ["dddd", false],
  ]);
  expect(rows.map((row) => [row.module, row.own])).toEqual([
    ["m", { list: 0, size: [80, 70] }],
    ["n", null],
    ["o", { list: 2, size: [70, 60] }],
  ]);
});

test("labelsOf has no trace of a list that is wrong or undecided", () => {
  const table = makeTable();
  addLines(table, [lists, sizes("m", [80, 90]), own("m", "ccc", 70)]);
  addLines(table, [verdict("ccc", "wrong"), verdict("a", "undecided"), verdict("bb", "correct")]);
  const { lists: named, rows } = labelsOf(table);
  expect(named).toEqual([{ passes: "bb", isBroadcast: true, verdict: "correct" }]);
  expect(rows[0]).toMatchObject({ sizes: [[90, 80]], own: { list: 0, size: [90, 80] } });
});

test("labelsOf leaves out modules that were not searched, or not tried with every list", () => {
  const more: LabelLine = { ...lists, set: "t", role: "broadcast", lists: ["c"] };
  const table = makeTable();
  addLines(table, [lists, more, sizes("m", [80, 90]), own("m", null), sizes("n", [80, 90])]);
  addLines(table, [sizes("n", [70], "t"), sizes("o", [1, 2]), sizes("o", [3], "t")]);
  addLines(table, [own("o", null)]);
  expect(labelsOf(table).rows.map(({ module }) => module)).toEqual(["o"]);
});

test("labelsOf takes modules that were not searched or not tried with every list where that is asked for", () => {
  const more: LabelLine = { ...lists, set: "t", role: "broadcast", lists: ["c"] };
  const table = makeTable();
  addLines(table, [lists, more, sizes("n", [80, 90])]);
  const { rows } = labelsOf(table, { partly: true });
  expect(rows).toMatchObject([
    { sizes: [[80, 70], [90, 80], null], own: { list: 0, size: [80, 70] }, compilations: 0 }, // prettier-ignore
  ]);
});

test("linesOf gives lines of which labelsOf makes the same labels again, alone or beside a journal", () => {
  const table = makeTable();
  addLines(table, [lists, sizes("m", [80, null]), own("m", "ccc", 70), sizes("o", [100, 110])]);
  addLines(table, [own("o", null), verdict("a", "correct")]);
  const labels = labelsOf(table);
  const again = makeTable();
  expect(addLines(again, linesOf(labels))).toEqual([]);
  expect(labelsOf(again)).toEqual(labels);
  const beside = makeTable();
  const journal = [lists, sizes("p", [70, 60])];
  expect(addLines(beside, [...journal, ...linesOf(labels)])).toEqual([]);
  expect(labelsOf(beside, { partly: true }).rows.map(({ module }) => module)).toEqual(["m", "o", "p"]); // prettier-ignore
});
