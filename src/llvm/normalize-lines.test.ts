import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  scalarAlignments,
  withoutAttachments,
  withoutDeadAttachments,
  withoutUsualAlignment,
  splitAttributes,
} from "./normalize-lines.ts";
import { replaceTokens, withoutComment } from "./normalize-sections.ts";

const X86_64 = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";
const AARCH64 =
  "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32";

/** Pieces of IR lines; strings may hold anything but a quote. */
const piece = fc.oneof(
  fc.constantFrom(
    "%1 = load ptr",
    ", ",
    "@f",
    "@.str.3",
    '@"a b"',
    "%T",
    "!tbaa",
    "!5",
    "#3",
    "(",
    "$c",
  ),
  fc.string({ maxLength: 12 }).map((text) => `"${text.replaceAll(/["\n\r\u2028\u2029]/g, "")}"`),
);
const line = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" "));

describe("replaceTokens", () => {
  test("gives the line back when every token stays", () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(replaceTokens(text, (token) => token)).toBe(text);
      }),
    );
  });

  test("sees a string as one token whatever is in it", () => {
    const seen: string[] = [];
    replaceTokens('call @f(ptr @"g h", metadata !"a;#1") #2, !x !3 c"%z;\\22"', (token) => {
      seen.push(token);
      return token;
    });
    expect(seen).toEqual(["@f", '@"g h"', '!"a;#1"', "#2", "!x", "!3", 'c"%z;\\22"']);
  });
});

describe("withoutComment", () => {
  test("leaves strings alone and takes everything after the first other semicolon", () => {
    fc.assert(
      fc.property(line, fc.stringMatching(/^[ -~]*$/), (text, comment) => {
        expect(withoutComment(`  ${text} ; ${comment}`)).toBe(text.trim());
      }),
    );
  });
});

describe("withoutDeadAttachments", () => {
  test.each([
    ['call void asm sideeffect "x", ""(), !srcloc !5', 'call void asm sideeffect "x", ""()'],
    [
      "store i8 0, ptr %1, !tbaa !3, !dbg !9, !nonnull !4",
      "store i8 0, ptr %1, !tbaa !3, !nonnull !4",
    ],
    ["declare !srcloc !3 void @f()", "declare void @f()"],
    ["define void @f() #0 !prof !2 !dbg !4 {", "define void @f() #0 !prof !2 {"],
    ["%1 = add i32 %0, 1, !annotation !8", "%1 = add i32 %0, 1"],
    [
      '@s = constant [17 x i8] c"x, !srcloc !5 yz\\00"',
      '@s = constant [17 x i8] c"x, !srcloc !5 yz\\00"',
    ],
  ])("of %s gives %s", (before, after) => expect(withoutDeadAttachments(before)).toBe(after));
});

test("withoutAttachments takes all attachments and leaves metadata operands", () => {
  expect(
    withoutAttachments('call void @f(metadata !3, metadata !"a !b !4"), !tbaa !3, !x.y !4'),
  ).toBe('call void @f(metadata !3, metadata !"a !b !4")');
});

describe("scalarAlignments", () => {
  test("of x86_64 are the sizes of the types", () => {
    expect(Object.fromEntries([...scalarAlignments(X86_64)].map(([k, v]) => [k, v.abi]))).toEqual({
      i8: 1,
      i16: 2,
      i32: 4,
      i64: 8,
      float: 4,
      double: 8,
      ptr: 8,
    });
  });

  test("of AArch64 differ between an alloca and an access of small integers", () => {
    expect(scalarAlignments(AARCH64).get("i8")).toEqual({ abi: 1, alloca: 4 });
    expect(scalarAlignments(AARCH64).get("i64")).toEqual({ abi: 8, alloca: 8 });
  });

  test("of no layout are LLVM's own, with i64 at 4 bytes", () => {
    expect(scalarAlignments("").get("i64")).toEqual({ abi: 4, alloca: 8 });
  });

  test("read the pointer's from p: and p0:", () => {
    expect(scalarAlignments("e-p:32:32").get("ptr")).toEqual({ abi: 4, alloca: 4 });
    expect(scalarAlignments("e-p0:64:32:64").get("ptr")).toEqual({ abi: 4, alloca: 8 });
  });
});

describe("withoutUsualAlignment", () => {
  const drop = (text: string): string => withoutUsualAlignment(text, scalarAlignments(AARCH64));

  test.each([
    ["%1 = load i32, ptr %0, align 4", "%1 = load i32, ptr %0"],
    [
      "%1 = load volatile i64, ptr %0, align 8, !tbaa !3",
      "%1 = load volatile i64, ptr %0, !tbaa !3",
    ],
    [
      "%1 = load ptr, ptr getelementptr inbounds (i8, ptr @g, i64 8), align 8, !tbaa !3, !align !4",
      "%1 = load ptr, ptr getelementptr inbounds (i8, ptr @g, i64 8), !tbaa !3, !align !4",
    ],
    ["store ptr %1, ptr %2, align 8", "store ptr %1, ptr %2"],
    ["store i8 0, ptr %2, align 1", "store i8 0, ptr %2"],
    ["%1 = alloca i32, align 4", "%1 = alloca i32"],
    ["%1 = alloca i8, align 4", "%1 = alloca i8"],
  ])("shortens %s", (before, after) => expect(drop(before)).toBe(after));

  test.each([
    "%1 = load i32, ptr %0, align 1",
    "%1 = load atomic i32, ptr %0 seq_cst, align 4",
    "store atomic i32 0, ptr %0 release, align 4",
    "store ptr addrspace(3) %1, ptr %2, align 8",
    "%1 = load <4 x i32>, ptr %0, align 16",
    "%1 = alloca i8, align 1",
    "%1 = alloca i32, i64 %0, align 4",
    "%1 = alloca [4 x i32], align 4",
    "%1 = cmpxchg ptr %0, i32 1, i32 2 seq_cst seq_cst, align 4",
    "@g = global i32 0, align 4",
  ])("leaves %s", (text) => expect(drop(text)).toBe(text));
});

test("splitAttributes cuts before the string attributes, not at a quote inside another attribute", () => {
  const strings = '"frame-pointer"="all" "no-trapping-math"="true" "target-cpu"="x86-64"';
  expect(splitAttributes(`minsize allockind("alloc,zeroed") allocsize(0,1) ${strings}`)).toEqual([
    'minsize allockind("alloc,zeroed") allocsize(0,1)',
    strings,
  ]);
  expect(splitAttributes('allockind("free") memory(none)')).toEqual([
    'allockind("free") memory(none)',
  ]);
});
