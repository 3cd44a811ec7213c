// alive-tv is in no package, so that these texts, written after its sources, stand for it.
import { expect, test } from "vitest";
import { findAlive, readAliveOutput } from "./alive.ts";

const summary = (proved: number, refuted: number, unproved = 0, errors = 0): string =>
  `Summary:\n  ${proved} correct transformations\n  ${refuted} incorrect transformations\n` +
  `  ${unproved} failed-to-prove transformations\n  ${errors} Alive2 errors\n`;

const REFUTED = `
----------------------------------------
define i32 @half(i32 %0) {
#1:
  %2 = sdiv i32 %0, 2
  ret i32 %2
}
=>
define i32 @half(i32 %0) {
#1:
  %2 = lshr i32 %0, 1
  ret i32 %2
}
Transformation doesn't verify!

ERROR: Value mismatch

Example:
i32 %#0 = #xffffffff (4294967295, -1)

----------------------------------------
define void @other() {
${summary(3, 1, 2)}`;

test.each([
  [summary(4, 0), "correct"],
  [summary(4, 0, 1), "undecided"],
  [summary(4, 0, 0, 1), "undecided"],
  [summary(0, 0), "undecided"],
  ["Could not read bitcode from 'x'", "undecided"],
  ["", "undecided"],
  [REFUTED, "wrong"],
])("readAliveOutput takes nothing but an all-correct summary as a proof (%#)", (output, status) => {
  expect(readAliveOutput(output).status).toBe(status);
});

test("readAliveOutput names the function and its counterexample when one is refuted", () => {
  expect(readAliveOutput(REFUTED)).toEqual({
    status: "wrong",
    counterexample:
      "alive-tv, half: ERROR: Value mismatch Example: i32 %#0 = #xffffffff (4294967295, -1)",
  });
});

test("findAlive says where to get it when it is missing", async () => {
  expect(await findAlive("no-such-alive-tv")).toContain("AliveToolkit/alive2");
});
