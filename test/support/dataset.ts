/** A small corpus for tests of datasets: modules of the sample, and made ones whose packages share functions. */

import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WithBitcode } from "../../src/corpus/corpus-module.ts";
import { openDatabase } from "../../src/corpus/duckdb.ts";
import { writePackageFile } from "../../src/corpus/package-file.ts";
import type { Split } from "../../src/corpus/split.ts";
import { openCorpus } from "../../src/corpus/store.ts";
import type { Pool } from "../../src/llvm/pool.ts";
import { makeTokenizer } from "../../src/tokenizer/encode.ts";
import { parseTokenizer } from "../../src/tokenizer/file.ts";
import { bitcodeOfC, load, value } from "./llvm.ts";

export const SAMPLE = join(import.meta.dirname, "../corpus/sample.parquet");
export const TOKENIZER = join(import.meta.dirname, "../../src/tokenizer/golden/tokenizer.json");
export const testTokenizer = makeTokenizer(parseTokenizer(readFileSync(TOKENIZER, "utf8")));

/** The smallest modules of the sample. */
export async function sampleModules(count: number): Promise<WithBitcode[]> {
  const corpus = await openCorpus(SAMPLE);
  const modules: WithBitcode[] = [];
  for await (const module of corpus.modules({ maxBitcodeBytes: 4500 })) modules.push(module);
  corpus.close();
  return modules
    .toSorted((a, b) => a.bitcodeBytes - b.bitcodeBytes || (a.hash < b.hash ? -1 : 1))
    .slice(0, count);
}

/** A module of C, as a package of its own. */
export async function moduleOfC(
  pool: Pool,
  { text, name, split }: { text: string; name: string; split: Split },
): Promise<WithBitcode> {
  const bitcode = Uint8Array.from(bitcodeOfC(text));
  const loaded = await load(pool, bitcode);
  const normal = value(await pool.normalize(loaded));
  pool.unload(loaded);
  return {
    ...emptyModule(name, split, bitcode),
    textBytes: normal.text.length,
    instructions: normal.instructions,
    functions: normal.functions,
  };
}

/** What LLVM cannot read. */
export const brokenModule = (name: string, split: Split): WithBitcode =>
  emptyModule(name, split, Buffer.from(`no bitcode: ${name}`));

const emptyModule = (name: string, split: Split, bitcode: Uint8Array): WithBitcode => ({
  hash: hash("sha256", bitcode),
  package: name,
  version: "1.0-1",
  licence: "MIT",
  path: `${name}.c`,
  language: "c",
  flags: ["-Oz"],
  split,
  bitcodeBytes: bitcode.length,
  textBytes: 0,
  instructions: 0,
  functions: [],
  bitcode,
});

/** As one file, which opens as a corpus. */
export async function writeCorpus(path: string, modules: readonly WithBitcode[]): Promise<void> {
  const database = await openDatabase(`${path}.spill.tmp`);
  await writePackageFile(database, path, modules);
  database.close();
}
