import { appendFileSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLineAppender, readJsonLines, writeFileAtomic } from "./files.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "llmc-files-"));

test("writeFileAtomic replaces the file and leaves no temporary behind", () => {
  const path = join(folder(), "deep", "a.bin");
  writeFileAtomic(path, "one");
  writeFileAtomic(path, "two");
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(readdirSync(join(path, ".."))).toEqual(["a.bin"]);
});

test("writeFileAtomic leaves no temporary behind when the rename fails", () => {
  const root = folder();
  writeFileAtomic(join(root, "taken", "inside"), "x");
  expect(() => writeFileAtomic(join(root, "taken"), "y")).toThrow();
  expect(readdirSync(root)).toEqual(["taken"]);
});

test("readJsonLines ignores a torn last line, and the appender goes on after it", () => {
  const path = join(folder(), "j.jsonl");
  jsonLineAppender(path)({ a: 1 });
  appendFileSync(path, '{"a": 2');
  jsonLineAppender(path)({ a: 3 });
  expect(readJsonLines(path)).toEqual([{ a: 1 }, { a: 3 }]);
});

test("readJsonLines gives nothing when there is no file", () => {
  expect(readJsonLines(join(folder(), "none"))).toEqual([]);
});
