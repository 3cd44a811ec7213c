import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { cacheSize, entryKey, findEntry, storeEntry } from "./cache.ts";

const entry = (object: Buffer) => ({
  kind: "made" as const,
  baselineBytes: 10,
  bytes: 9,
  passes: "dce",
  verdict: "unchecked",
  source: "a.c",
  object,
});
const keyOf = (text: string): string => entryKey(Buffer.from(text), "flags");

test("findEntry gives back what storeEntry was given, line breaks in the object and all", () => {
  const folder = tempFolder();
  const key = keyOf("a");
  expect(findEntry(folder, key)).toBeUndefined();
  storeEntry(folder, key, entry(Buffer.from("\nELF\n\0")));
  expect(findEntry(folder, key)).toEqual({
    ...entry(Buffer.from("\nELF\n\0")),
    source: undefined,
  });
  storeEntry(folder, key, { kind: "left", why: "it says more", source: "a.c" });
  expect(findEntry(folder, key)).toEqual({ kind: "left", why: "it says more" });
});

test.each([
  ["object was cut off", ".o", (bytes: Buffer) => bytes.subarray(0, -1)],
  ["object is empty", ".o", () => Buffer.alloc(0)],
  ["line was cut off", ".hit", (bytes: Buffer) => bytes.subarray(0, 20)],
  ["line is empty", ".hit", () => Buffer.alloc(0)],
])("findEntry is undefined when the %s", (_, suffix, spoil) => {
  const folder = tempFolder();
  const path = join(folder, keyOf("a") + suffix);
  storeEntry(folder, keyOf("a"), entry(Buffer.from("object")));
  writeFileSync(path, spoil(readFileSync(path)));
  expect(findEntry(folder, keyOf("a"))).toBeUndefined();
});

test("storeEntry drops the oldest entries when its part of the cache is full", () => {
  const folder = tempFolder();
  const keys = ["1", "2", "3"].map((digit) => `aa/${digit.repeat(30)}`);
  for (const key of keys) storeEntry(folder, key, entry(Buffer.alloc(7 << 20)));
  expect(findEntry(folder, keys[0] ?? "")).toBeUndefined();
  expect(findEntry(folder, keys[2] ?? "")).toBeDefined();
  expect(cacheSize(folder).bytes).toBeLessThanOrEqual(16 << 20);
});

test("storeEntry leaves nothing else in the folder", () => {
  const folder = tempFolder();
  storeEntry(folder, keyOf("a"), entry(Buffer.from("object")));
  expect(readdirSync(folder, { recursive: true })).toHaveLength(3);
  expect(cacheSize(folder).objects).toBe(1);
});
