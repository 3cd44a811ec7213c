import { expect, test } from "vitest";
import {
  isExported,
  leadingType,
  reachable,
  readIr,
  references,
  splitTopLevel,
  symbolOf,
} from "./ir-text.ts";

const IR = `target triple = "x86_64-pc-linux-gnu"

%"struct.std::pair<int, int>" = type { i32, i32 }
%struct.S = type { i32, ptr }

@table = dso_local global [2 x ptr] [ptr @f, ptr @g], align 16
@ext = external global i32, align 4
@.str = private unnamed_addr constant [3 x i8] c"@x\\00", align 1
@other = dso_local alias i32 (i32), ptr @f

define dso_local noundef zeroext range(i8 0, 2) i1 @f(ptr noundef byval(%struct.S) align 8 %0, { i64, ptr } %1, ...) local_unnamed_addr #0 !dbg !5 {
  %3 = call i32 @h(ptr @table)
  ret i1 false
}

define internal fastcc <4 x float> @g() {
  ret <4 x float> zeroinitializer
}

declare noalias ptr @h(ptr noundef, ...) #1

attributes #0 = { minsize "a"="b" }
attributes #1 = { noreturn memory(none) }
`;

test("readIr finds functions with types, attributes, linkage and calling convention", () => {
  const { functions, preamble } = readIr(IR);
  const [f, g, h] = functions;
  expect(f).toMatchObject({
    name: "@f",
    isDefined: true,
    linkage: "",
    returnType: "i1",
    isVariadic: true,
  });
  expect(f?.parameters).toEqual([
    { type: "ptr", attributes: "noundef byval(%struct.S) align 8" },
    { type: "{ i64, ptr }", attributes: "" },
  ]);
  expect(f?.attributes).toContain("minsize");
  expect(g).toMatchObject({
    linkage: "internal",
    callingConvention: "fastcc",
    returnType: "<4 x float>",
  });
  expect(h).toMatchObject({ isDefined: false, returnType: "ptr", isVariadic: true });
  expect(h?.attributes).toContain("memory(none)");
  expect(functions.map(isExported)).toEqual([true, false, true]);
  expect(preamble).toHaveLength(3);
});

test("readIr finds globals and aliases", () => {
  const { globals, aliases } = readIr(IR);
  expect(globals.map(({ name, isDefined, isConstant }) => [name, isDefined, isConstant])).toEqual([
    ["@table", true, false],
    ["@ext", false, false],
    ["@.str", true, true],
  ]);
  expect(leadingType(globals[0]?.rest ?? "")).toBe("[2 x ptr]");
  expect(aliases).toEqual(["@other"]);
});

test("reachable follows calls and initialisers when asked what a function may come to", () => {
  expect([...reachable("@f", references(readIr(IR)))].toSorted()).toEqual([
    "@f",
    "@g",
    "@h",
    "@table",
  ]);
});

test("splitTopLevel cuts at commas that no bracket holds", () => {
  expect(splitTopLevel('i32 1, { i32, i32 } %x, ptr @"a,b"')).toEqual([
    "i32 1",
    "{ i32, i32 } %x",
    'ptr @"a,b"',
  ]);
});

test("symbolOf takes away quotes, escapes and the mark against mangling", () => {
  expect(symbolOf('@"\\01__isoc99_sscanf"')).toBe("__isoc99_sscanf");
  expect(symbolOf("@f.1")).toBe("f.1");
});
