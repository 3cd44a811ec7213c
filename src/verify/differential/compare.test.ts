import { expect, test } from "vitest";
import {
  type Call,
  agrees,
  describeDifference,
  difference,
  expectation,
  readReport,
} from "./compare.ts";

const call = (outcome: string, seen: Record<string, string> = {}): Call => ({
  outcome,
  seen: new Map(Object.entries(seen)),
});
const word = (text: string): string => text.padStart(16, "0");

test("readReport reads calls, shapes, blocks, absent functions and inputs", () => {
  const report = readReport(
    'S 0 16.8.17.0;-\nA 0 3 i32 5, &{00..}\nR 0 3 ok r+0=0000000000000005 c0=f(1,@"a%3db")\nC 0 1,4,-\nM 1\nE\n',
  );
  expect(report.shapes.get(0)).toBe("16.8.17.0;-");
  expect(report.calls.get(0)?.get(3)).toEqual(
    call("ok", { "r+0": word("5"), "c0": 'f(1,@"a%3db")' }),
  );
  expect(report.blocks.get(0)).toEqual([1, 4]);
  expect(report.missing.has(1)).toBe(true);
  expect(report.inputs.get("0 3")).toBe("i32 5, &{00..}");
});

test("expectation counts an input when all trusted builds agree", () => {
  const seen = { "r+0": word("5"), "b0+8": word("7") };
  expect(expectation([call("ok", seen), call("ok", seen)], false)).toEqual({
    status: "counted",
    ...call("ok", seen),
  });
});

test.each([
  ["undefined", call("ub")],
  ["timeout", call("time")],
  ["trap", call("signal11")],
  ["trap", call("died")],
])("expectation skips an input as %s when the reference ends so", (why, reference) => {
  expect(expectation([reference, call("ok")], false)).toEqual({ status: "skipped", why });
});

test("expectation skips an input when trusted builds differ in result, output, calls or outcome", () => {
  for (const other of [
    call("ok", { "r+0": word("6") }),
    call("ok", { "r+0": word("5"), "o": "1:2" }),
    call("exit", { "r+0": word("5") }),
    undefined,
  ]) {
    expect(expectation([call("ok", { "r+0": word("5") }), other], false)).toEqual({
      status: "skipped",
      why: "builds differ",
    });
  }
});

test("expectation leaves bytes of memory open when trusted builds differ in them", () => {
  const expected = expectation(
    [call("ok", { "b0+0": "a5a5a5a500000001" }), call("ok", { "b0+0": "0000000000000001" })],
    false,
  );
  if (expected.status !== "counted") throw new Error("not counted");
  expect(difference(expected, call("ok", { "b0+0": "5b5b5b5b00000001" }), false)).toBeUndefined();
  expect(difference(expected, call("ok", { "b0+0": "5b5b5b5b00000002" }), false)?.key).toBe("b0+0");
});

test("expectation opens the whole word when an address is in it, whose carries reach neighbouring bytes", () => {
  const expected = expectation(
    [call("ok", { "b0+0": "40b9be0fc2f8f3a9" }), call("ok", { "b0+0": "40b9be1fc2f8f3a9" })],
    false,
  );
  if (expected.status !== "counted") throw new Error("not counted");
  expect(difference(expected, call("ok", { "b0+0": "40b9bf0fc2f8f3a9" }), false)).toBeUndefined();
});

test("difference tells a missing write, an extra write and another outcome", () => {
  const expected = { status: "counted", ...call("ok", { "b0+0": word("1") }) } as const;
  expect(difference(expected, call("ok"), false)).toEqual({
    key: "b0+0",
    wanted: word("1"),
    got: "nothing",
  });
  expect(
    difference(expected, call("ok", { "b0+0": word("1"), "g0+0": word("1") }), false)?.key,
  ).toBe("g0+0");
  expect(describeDifference(difference(expected, call("time"), false)!)).toBe(
    "ran on without end, want it to return",
  );
});

test("agrees treats all NaNs alike, but only where the module computes with floats", () => {
  for (const [a, b] of [
    ["7ff8000000000000", "fff8000000000001"],
    [word("7fc00000"), word("ffc00001")],
  ] as const) {
    expect(agrees(a, b, true)).toBe(true);
    expect(agrees(a, b, false)).toBe(false);
  }
  expect(agrees(word("7f800000"), word("7fc00000"), true)).toBe(false); // infinity is no NaN
  expect(agrees(word("ffffffff"), word("1"), true)).toBe(false);
});
