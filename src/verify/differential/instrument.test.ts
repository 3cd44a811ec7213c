import { expect, test } from "vitest";
import { instrument } from "./instrument.ts";

const body = (lines: string): string =>
  instrument(`define i32 @f(i32 %a, ptr %p) {\n${lines}\n}\n!7 = !{i8 0, i8 2}\n`).text;

test("instrument marks every block, after its phis and landing pad", () => {
  const { text, blocks } = instrument(`define i32 @f() personality ptr @p {
  br label %next

next:                                             ; preds = %0
  %x = phi i32 [ 0, %0 ]
  switch i32 %x, label %bad [
    i32 1, label %next
  ]

bad:
  %l = landingpad { ptr, i32 }
          cleanup
  ret i32 %x
}`);
  expect(blocks).toEqual(["@f", "@f", "@f"]);
  const lines = text.split("\n");
  expect(lines[lines.findIndex((line) => line.includes("cleanup")) + 1]).toContain(
    "@llmc_coverage, i64 2",
  );
  expect(lines[lines.findIndex((line) => line.includes("phi")) + 1]).toContain(
    "@llmc_coverage, i64 1",
  );
  expect(lines[lines.findIndex((line) => line.includes("i32 1, label")) - 1]).toContain("switch");
});

test.each([
  ["signed overflow", "  %r = add nsw i32 %a, 1", "@llvm.sadd.with.overflow.i32(i32 %a, i32 1)"],
  [
    "unsigned overflow that must not be",
    "  %r = mul nuw i32 %a, %a",
    "@llvm.umul.with.overflow.i32",
  ],
  ["a shift too far", "  %r = shl i32 1, %a", "icmp uge i32 %a, 32"],
  ["unreachable code", "  unreachable", "call void @llmc_unreachable()"],
  [
    "a bool that is neither",
    "  %r = load i8, ptr %p, align 1, !range !7, !noundef !9",
    "sub i8 %r, 0",
  ],
  [
    "an index outside of its array",
    "  %r = getelementptr inbounds [4 x i32], ptr @t, i64 0, i64 %i",
    "icmp ugt i64 %i, 4",
  ],
  [
    "a pointer outside of its object",
    "  %r = getelementptr inbounds nuw i8, ptr %p, i64 9",
    "call void @llmc_inbounds(ptr %p, ptr %r)",
  ],
  ["a float too large for the integer", "  %r = fptosi double %d to i32", "0x41E0000000000000"],
  ["a false assumption", "  call void @llvm.assume(i1 %c)", "xor i1 %c, true"],
])("instrument checks for %s", (_, line, check) => {
  expect(body(`${line}\n  ret i32 0`)).toContain(check);
});

test("instrument leaves arithmetic that cannot be undefined alone", () => {
  expect(body("  %r = add i32 %a, 1\n  %s = shl i32 %r, 3\n  ret i32 %s")).not.toContain("%llmc.");
});

test("instrument puts pads behind globals and stack slots", () => {
  const { text } = instrument(
    "@a = global i32 7, align 4\n@e = external global i32\ndefine void @f() {\n  %x = alloca [4 x i32], align 16\n  ret void\n}",
  );
  expect(text).toContain("%x = alloca { [4 x i32], [64 x i8] }, align 16");
  expect(text).toContain("@llmc_pads = constant [1 x { ptr, ptr, i64 }]");
});
