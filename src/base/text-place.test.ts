import { expect, test } from "vitest";
import { indexOfPlace } from "./text-place.ts";

const TEXT = "ab\nc\u00e9d\nend";

test("indexOfPlace finds the character of a line and a column, in the first line too", () => {
  expect(indexOfPlace(TEXT, { line: 1, column: 2 })).toBe(TEXT.indexOf("b"));
  expect(indexOfPlace(TEXT, { line: 3, column: 1 })).toBe(TEXT.indexOf("end"));
});

test("indexOfPlace counts columns in bytes", () => {
  expect(indexOfPlace(TEXT, { line: 2, column: 4 })).toBe(TEXT.indexOf("d\n"));
});

test("indexOfPlace stays in the line, and in the text", () => {
  expect(indexOfPlace(TEXT, { line: 1, column: 9 })).toBe(2);
  expect(indexOfPlace(TEXT, { line: 9, column: 1 })).toBe(TEXT.length);
});
