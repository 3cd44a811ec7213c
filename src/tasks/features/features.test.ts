import fc from "fast-check";
import { expect, test } from "vitest";
import { FEATURE_NAMES, featuresOf, namedFeatures } from "./features.ts";

/** In normal form. `@sum` loops over `%1` values; `@twin` says what `@get` says. */
const MODULE = `target triple = "x86_64-pc-linux-gnu"
%T0 = type { i8, i32 }
@.0 = private unnamed_addr constant [6 x i8] c"hello\\00"
@table = internal global [4 x %T0] zeroinitializer
@names = constant [2 x ptr] [ptr @.0, ptr @.0]
@other = external global i32
define internal i32 @get(ptr %0) #0 {
%2 = load i32, ptr %0
%3 = add nsw i32 %2, 300
ret i32 %3
}
define i32 @twin(ptr %0) #0 {
%2 = load i32, ptr %0
%3 = add nsw i32 %2, 300
ret i32 %3
}
define i32 @sum(ptr %0, i32 %1) #1 {
br label %3
3:
%4 = phi i32 [ 0, %2 ], [ %7, %3 ]
%5 = phi i32 [ 0, %2 ], [ %8, %3 ]
%6 = tail call i32 @get(ptr %0)
%7 = add i32 %4, %6
%8 = add i32 %5, 1
%9 = icmp eq i32 %8, %1
br i1 %9, label %10, label %3
10:
%11 = call i32 (ptr, ...) @printf(ptr @.0, i32 %7)
ret i32 %7
}
declare i32 @printf(ptr, ...)
!llvm.module.flags = !{!0}
attributes #0 = { minsize nounwind }
attributes #1 = { minsize noinline nounwind uwtable }
!0 = !{i32 8, !"PIC Level", i32 2}
`;
const INSTRUCTIONS = 16;
const perHundred = (count: number): number => Math.log1p((100 * count) / INSTRUCTIONS);

test("namedFeatures counts what a module has", () => {
  const features = namedFeatures(MODULE);
  const wanted = {
    "instructions": Math.log1p(INSTRUCTIONS),
    "blocks": Math.log1p(5),
    "largest function": Math.log1p(10),
    "functions": Math.log1p(3),
    "declarations": Math.log1p(1),
    "variables": Math.log1p(1),
    "constants": Math.log1p(1),
    "strings": Math.log1p(1),
    "external variables": Math.log1p(1),
    "string bytes": Math.log1p(6),
    "constant bytes": Math.log1p(16),
    "zeroed bytes": Math.log1p(32),
    "variable bytes": 0,
    "pointers in constants": Math.log1p(2),
    "internal functions": 1 / 3,
    "never inlined": 1 / 3,
    "unwind tables": 1 / 3,
    "nounwind": 1,
    "position-independent": 1,
    "of a program": 0,
    "loops": perHundred(1),
    "instructions in loops": perHundred(7),
    "instructions in inner loops": 0,
    "incoming values": perHundred(4),
    "parameters": perHundred(4),
    "load": perHundred(2),
    "additions": perHundred(4),
    "ret": perHundred(3),
    "conditional branches": perHundred(1),
    "branches": perHundred(1),
    "calls of defined functions": perHundred(1),
    "calls of declared functions": perHundred(1),
    "indirect calls": 0,
    "large integers": perHundred(2),
    "internal functions called once": perHundred(1),
    "instructions in those": perHundred(3),
    "callees": perHundred(2),
    "arguments": perHundred(3),
    "like functions": 3 / INSTRUCTIONS,
    "functions of one shape": 3 / INSTRUCTIONS,
    "like blocks": 3 / INSTRUCTIONS,
    "loads again in a block": 0,
  };
  for (const [name, value] of Object.entries(wanted))
    expect(features[name], name).toBeCloseTo(value, 10);
});

test("namedFeatures sees what -O0 code does twice and what mem2reg takes away", () => {
  const features = namedFeatures(`define void @f(i32 %0, ptr %1) {
%3 = alloca i32
%4 = alloca [8 x i8]
store i32 %0, ptr %3
%5 = load i32, ptr %3
%6 = sext i32 %5 to i64
%7 = load i32, ptr %3
%8 = sext i32 %7 to i64
call void @g(ptr %4)
%9 = load i32, ptr %3
ret void
}
declare void @g(ptr)
`);
  expect(features["loads of what was stored"]).toBeCloseTo(2 / 10);
  expect(features["values again in a block"]).toBeCloseTo(1 / 10);
  expect(features["scalar slots"]).toBeCloseTo(Math.log1p(10));
  expect(features["slots that escape"]).toBeCloseTo(Math.log1p(10));
  expect(features["slots stored once"]).toBeCloseTo(Math.log1p(10));
});

test("featuresOf gives as many finite numbers as there are names, whatever the text", () => {
  const lines = fc.constantFrom(
    ...MODULE.split("\n"),
    "switch i32 %0, label %3 [",
    "i32 1, label %3",
    "]",
    "%1 = ",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(lines).map((some) => some.join("\n")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const features = featuresOf(text);
      expect(features).toHaveLength(FEATURE_NAMES.length);
      expect(features.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    }),
  );
});

test("FEATURE_NAMES are the names of every module's features, in their order", () => {
  expect(Object.keys(namedFeatures(MODULE))).toEqual(FEATURE_NAMES);
});
