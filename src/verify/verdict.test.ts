import { expect, test } from "vitest";
import { combine, correct, describeVerdict, undecided, wrong } from "./verdict.ts";

test("combine calls the whole wrong when one part is, whatever the others say", () => {
  expect(combine([correct("a"), undecided("b"), wrong("c")])).toEqual(wrong("c"));
});

test("combine never counts undecided as correct", () => {
  expect(combine([correct("a"), undecided("b")])).toEqual(undecided("b"));
});

test("combine is correct only when every part is, and joins their evidence", () => {
  expect(combine([correct("a"), correct("b")])).toEqual(correct("a; b"));
});

test("combine of nothing is undecided", () => {
  expect(combine([]).status).toBe("undecided");
});

test("describeVerdict names the status first", () => {
  expect(describeVerdict(wrong("exit 1, want 0"))).toBe("wrong: exit 1, want 0");
});
