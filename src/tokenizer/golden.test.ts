/**
 * The ids that Hugging Face's `tokenizers` (0.23.2) and llama.cpp (v0.5.0 in node-llama-cpp 3.22.1) both gave for the texts of
 * golden/ids.json, with golden/tokenizer.json. Made by tools/tokenizer-compare.ts --snippets 160 from IR and assembly of the builtin
 * suite, on which golden/tokenizer.json was trained too.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTokenizer } from "./encode.ts";
import { parseTokenizer, printTokenizer } from "./file.ts";

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, "golden", name), "utf8");
const text = read("tokenizer.json");
const golden = JSON.parse(read("ids.json")) as { text: string; ids: number[] }[];

test("encode gives the ids of Hugging Face's tokenizers and of llama.cpp when text is UTF-8", () => {
  const tokenizer = makeTokenizer(parseTokenizer(text));
  expect(golden.length).toBe(200);
  for (const { text: snippet, ids } of golden) expect([...tokenizer.encode(snippet)]).toEqual(ids);
});

test("printTokenizer gives the file back when it was parsed", () => {
  expect(printTokenizer(parseTokenizer(text))).toBe(text);
});
