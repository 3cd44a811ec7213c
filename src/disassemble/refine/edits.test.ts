import { expect, test } from "vitest";
import { editsOf, retypedFrom, storesBefore } from "./edits.ts";

const LINES = `define i64 @f(ptr noundef %0, i32 %1, i64 %2) #0 {
%4 = getelementptr i8, ptr %0, i64 8
%5 = load i32, ptr %4, align 4
%6 = icmp slt i32 %5, %1
%7 = zext i32 %5 to i64
%8 = select i1 %6, i64 %7, i64 %2
call void @g(i64 %8, i64 3)
br i1 %6, label %9, label %10`.split("\n");

const editsAt = (text: string, numbers: readonly number[] = []): string[] =>
  editsOf({ lines: LINES, at: LINES.findIndex((line) => line.includes(text)), numbers });

test.each([
  ["a number that the code has", "getelementptr", [24], "%4 = getelementptr i8, ptr %0, i64 24"],
  [
    "a number as an index of elements",
    "getelementptr",
    [24],
    "%4 = getelementptr i8, ptr %0, i64 3",
  ],
  ["another type of what is loaded", "load", [], "%5 = load i64, ptr %4"],
  ["another predicate", "icmp", [], "%6 = icmp ult i32 %5, %1"],
  ["another operand", "icmp", [], "%6 = icmp slt i32 %1, %1"],
  ["an operand with its own type", "@g", [], "call void @g(i32 %5, i64 3)"],
  ["a sign", "zext", [], "%7 = sext i32 %5 to i64"],
  ["choices the other way", "select", [], "%8 = select i1 %6, i64 %2, i64 %7"],
  ["targets the other way", "br ", [], "br i1 %6, label %10, label %9"],
  ["a call that comes last", "@g", [], "tail call void @g(i64 %8, i64 3)"],
  ["no line at all", "@g", [], ""],
])("editsOf gives %s", (_, text, numbers, edit) => {
  expect(editsAt(text, numbers)).toContain(edit);
});

test("editsOf keeps the line's own result, the block's end, and says nothing twice", () => {
  for (const [at, line] of LINES.entries()) {
    if (at === 0) continue;
    const edits = editsOf({ lines: LINES, at, numbers: [1, 40] });
    expect(edits).not.toContain(line);
    expect(new Set(edits).size).toBe(edits.length);
    const result = /^%\d+ = /.exec(line)?.[0] ?? "";
    expect(edits.every((edit) => edit === "" || edit.startsWith(result))).toBe(true);
  }
  expect(editsAt("br ")).not.toContain("");
});

test("storesBefore stores what is at hand where a pointer says", () => {
  const stores = storesBefore({ lines: LINES, at: LINES.length - 1, numbers: [7] });
  expect(stores).toContain("store i8 7, ptr %4");
  expect(stores).toContain("store i64 %8, ptr %4");
  expect(stores.some((store) => store.includes("ptr %5"))).toBe(false);
});

test("retypedFrom changes the type of a result or an argument where it is given and used, and nowhere else", () => {
  const at = LINES.findIndex((line) => line.includes("load"));
  const changed = retypedFrom({ lines: LINES, at }).map((lines) => lines.join("\n"));
  const toLong = changed.find((text) => text.includes("%5 = load i64, ptr %4\n"));
  expect(toLong).toContain("%6 = icmp slt i64 %5, %1");
  expect(toLong).toContain("%7 = zext i64 %5 to i64");
  expect(toLong?.split("\n").slice(0, at)).toEqual(LINES.slice(0, at));
  const heads = retypedFrom({ lines: LINES, at: 0 }).map(([head]) => head);
  expect(heads).toContain("define i64 @f(ptr noundef %0, i64 %1, i64 %2) #0 {");
  expect(heads).toContain("define i64 @f(i32 noundef %0, i32 %1, i64 %2) #0 {");
  expect(retypedFrom({ lines: LINES, at: LINES.length - 1 })).toEqual([]);
});
