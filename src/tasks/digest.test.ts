import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, printDigest } from "./digest.ts";
import { namedFeatures } from "./features/features.ts";

const MODULE = `target triple = "x86_64-pc-linux-gnu"
@g = global i32 0
define i32 @f(i32 %0) #0 {
%2 = load i32, ptr @g, !tbaa !1
%3 = add nsw i32 %2, %0
ret i32 %3
}
declare void @away()
define void @h() {
call void @away() #1, !srcloc !2
ret void
}
attributes #0 = { minsize }
!1 = !{i32 1}
`;

test("digestOf counts a module exactly and gives a level of what there is, whatever the text", () => {
  expect(digestOf(MODULE)).toMatch(/^; module 5 2 2 1 3\n; (?:[a-z]+[A-Z] ?)+\n$/);
  expect(digestOf(MODULE)).toMatch(/ addF /);
  expect(digestOf(MODULE)).not.toMatch(/switch/);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(digestOf(text)).toMatch(/^; module(?: \d+){5}\n; (?:[a-z]+[A-Z] ?)*\n$/);
    }),
  );
});

test("printDigest tells other levels, or none, when it is told to, and none above the highest", () => {
  const features = namedFeatures(MODULE);
  const levels = (told: (level: number) => number): string[] =>
    printDigest(features, told).split("\n; ")[1]?.trim().split(" ") ?? [];
  expect(levels((level) => level)).toContain("addF");
  expect(levels((level) => level + 1)).toContain("addG");
  expect(levels((level) => level + 99)).toEqual(expect.arrayContaining(["addI", "sizeZ"]));
  expect(printDigest(features, () => 0)).toBe("; module 5 2 2 1 3\n; \n");
  expect(levels((level) => (level === 6 ? 6 : -1)).every((word) => word.endsWith("F"))).toBe(true);
});
