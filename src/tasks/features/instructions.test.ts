import { expect, test } from "vitest";
import { blocksOf, calleeOf, targetsOf } from "./instructions.ts";

const lines = (text: string): string[] => text.trim().split("\n");

test("blocksOf cuts a function at its labels and leaves metadata and attribute groups out", () => {
  const blocks = blocksOf(
    lines(`
define void @f(ptr %0) #0 {
%2 = load i32, ptr %0, !tbaa !4
br label %3
3:
tail call void @g(i32 %2) #1, !prof !5
ret void
}`),
  );
  expect(blocks.map(({ label }) => label)).toEqual(["", "%3"]);
  expect(blocks[0]?.instructions[0]).toEqual({
    opcode: "load",
    result: "%2",
    text: "load i32, ptr %0",
  });
  expect(blocks[1]?.instructions[0]).toEqual({
    opcode: "call",
    result: "",
    text: "tail call void @g(i32 %2)",
  });
});

test("blocksOf puts the cases of a switch and the targets of an invoke to their instruction", () => {
  const [block] = blocksOf(
    lines(`
define void @f(i32 %0) {
switch i32 %0, label %2 [
i32 1, label %3
i32 -2, label %4
]
invoke void @g()
to label %5 unwind label %6
%7 = landingpad { ptr, i32 }
cleanup
catch ptr null
}`),
  );
  const instructions = block?.instructions ?? [];
  expect(instructions.map(({ opcode }) => opcode)).toEqual(["switch", "invoke", "landingpad"]);
  expect(instructions.map(targetsOf)).toEqual([["%2", "%3", "%4"], ["%5", "%6"], []]);
});

test("calleeOf tells direct, indirect and variadic calls and inline assembly apart", () => {
  const callee = (text: string): string => calleeOf({ opcode: "call", result: "", text });
  expect(callee("call void @f(ptr @g)")).toBe("@f");
  expect(callee('call i32 (ptr, ...) @"a b"(ptr %1)')).toBe('@"a b"');
  expect(callee("call noundef range(i32 0, 2) i32 %7(ptr %1)")).toBe("%7");
  expect(callee('call void asm sideeffect "nop", ""()')).toBe("asm");
  expect(calleeOf({ opcode: "load", result: "%1", text: "load i32, ptr @f" })).toBe("");
});
