/** What a build writes: shards to the letter of trainer/README.md, the same bytes however it got there. */

import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  moduleOfC,
  sampleModules,
  testTokenizer,
  writeCorpus,
} from "../../test/support/dataset.ts";
import { testPool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { openDatabase } from "../corpus/duckdb.ts";
import { SPLITS } from "../corpus/split.ts";
import { type Corpus, openCorpus } from "../corpus/store.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { type BuildResult, buildDataset } from "./build.ts";
import { readChunk, writeChunk } from "./chunk.ts";
import { readDataset } from "./dataset-file.ts";
import type { BuildOptions } from "./plan.ts";
import { type StoredRow, readRows } from "./row-files.ts";
import { shardFolderWriter } from "./shards.ts";
import type { Stage } from "./stages.ts";

const two = testPool(2);
const one = testPool(1);
const registry = registryFor(two.toolchain.major);
const STAGES_HERE: readonly Stage[] = ["pretrain", "disassemble"];
const whole = tempFolder();
let corpus: Corpus;

const build = (out: string, changes: Partial<BuildOptions> = {}): Promise<BuildResult> =>
  buildDataset({
    corpus,
    tokenizer: testTokenizer,
    pool: two,
    registry,
    coreset: loadCoreset(registry).lists,
    out,
    stages: STAGES_HERE,
    maxBytes: 100_000,
    context: 1024,
    seed: 3,
    llvm: "22",
    madeBy: "test",
    chunkModules: 1,
    ...changes,
  });

beforeAll(async () => {
  const made = [
    { name: "a", split: "test", text: "int a(int x) { return x * 7 + 1; }\n" },
    { name: "b", split: "train", text: "int b(int x) { return x ? b(x / 2) : 1; }\n" },
  ] as const;
  const modules = await sampleModules(2);
  for (const module of made) modules.push(await moduleOfC(one, module));
  const path = join(tempFolder(), "corpus.parquet");
  await writeCorpus(path, modules);
  corpus = await openCorpus(path);
  await build(whole);
}, 60_000);
afterAll(() => corpus.close());

/** Every file below a folder, by its path, as a hash. */
function hashesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const entries = files
    .toSorted()
    .map((path) => [path.slice(folder.length), sha256(readFileSync(path))]);
  return Object.fromEntries(entries);
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const KINDS = {
  tokens: ["LLMCTOKN", 2, (view: DataView, at: number) => view.getUint16(at, true)],
  documents: ["LLMCDOCS", 8, (view: DataView, at: number) => Number(view.getBigUint64(at, true))],
  mask: ["LLMCMASK", 1, (view: DataView, at: number) => view.getUint8(at)],
} as const;

/** A reader of its own, after the table in trainer/README.md. */
function elementsOf(path: string, kind: keyof typeof KINDS): number[] {
  const bytes = Uint8Array.from(readFileSync(path));
  const view = new DataView(bytes.buffer);
  const [magic, width, read] = KINDS[kind];
  expect(Buffer.from(bytes.subarray(0, 8)).toString("latin1")).toBe(magic);
  expect([view.getUint32(8, true), view.getUint32(12, true)]).toEqual([1, width]);
  expect(view.getBigUint64(24, true)).toBe(0n);
  const count = Number(view.getBigUint64(16, true));
  expect(bytes.length).toBe(32 + count * width);
  return Array.from({ length: count }, (_, index) => read(view, 32 + index * width));
}

interface Manifest {
  format: string;
  version: number;
  vocabulary: number;
  split: string;
  shards: {
    name: string;
    documents: number;
    tokens: number;
    files: Record<string, { bytes: number; sha256: string }>;
  }[];
}

/** Documents of a folder of shards: their text, and that of what is learned. */
/** The answer without what is told. */
const learnedOf = ({ answer, told }: StoredRow): string =>
  [0, ...told].map((from, at) => (at % 2 === 0 ? answer.slice(from, told[at]) : "")).join("");

const tokensOf = (text: string): number =>
  testTokenizer.encode(text, { specials: "tokens" }).length;

function documentsOf(folder: string): { text: string; learned: string; shard: string }[] {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  expect(manifest).toMatchObject({
    format: "llmc-shards",
    version: 1,
    vocabulary: testTokenizer.size,
  });
  return manifest.shards.flatMap(({ name, documents, tokens: count, files }) => {
    for (const [kind, { bytes, sha256: wanted }] of Object.entries(files)) {
      const content = readFileSync(join(folder, `${name}.${kind}`));
      expect([content.length, sha256(content)]).toEqual([bytes, wanted]);
    }
    const tokens = elementsOf(join(folder, `${name}.tokens`), "tokens");
    const starts = elementsOf(join(folder, `${name}.documents`), "documents");
    expect([tokens.length, starts.length, starts[0], starts.at(-1)]).toEqual([
      count,
      documents + 1,
      0,
      count,
    ]);
    const mask = files["mask"]
      ? elementsOf(join(folder, `${name}.mask`), "mask")
      : tokens.map(() => 1);
    expect(mask.length).toBe(count);
    return starts.slice(1).map((end, index) => {
      const start = starts[index] ?? 0;
      const ids = tokens.slice(start, end);
      const learned = ids.filter((_, at) => mask[start + at] === 1);
      return {
        text: testTokenizer.decode(ids),
        learned: testTokenizer.decode(learned),
        shard: name,
      };
    });
  });
}

test("shards hold the rows' text; answers alone are learned in tasks, everything in pretraining", async () => {
  const database = await openDatabase(join(whole, "spill"));
  let folders = 0;
  for (const stage of STAGES_HERE)
    for (const split of SPLITS) {
      const rows: StoredRow[] = [];
      for await (const row of readRows(database, whole, { stage, split })) rows.push(row);
      const folder = join(whole, "shards", `${stage}-${split}`);
      expect(existsSync(folder)).toBe(rows.length > 0);
      if (rows.length === 0) continue;
      folders++;
      const documents = documentsOf(folder);
      const isTask = stage !== "pretrain";
      // Shards of assembly come before those of IR.
      const byKind = isTask
        ? rows
        : rows.toSorted((a, b) => (a.teaches < b.teaches ? -1 : Number(a.teaches > b.teaches)));
      expect(documents).toEqual(
        byKind.map((row) => ({
          text: row.prompt + row.answer,
          learned: isTask ? learnedOf(row) : row.prompt + row.answer,
          shard: `${isTask ? stage : row.teaches}-000`,
        })),
      );
      expect(readDataset(whole)?.stages[stage]?.[split].learned).toBe(
        rows.reduce(
          (sum, row) => sum + tokensOf(isTask ? learnedOf(row) : row.prompt + row.answer),
          0,
        ),
      );
    }
  database.close();
  expect(folders).toBe(4);
});

test("a full shard is followed by another", () => {
  const folder = join(tempFolder(), "shards");
  const writer = shardFolderWriter(folder, {
    vocabulary: testTokenizer.size,
    split: "train",
    mix: {},
    maxShardTokens: 10,
  });
  const texts = ["12345678", "ab", "1234", "123456789"];
  for (const text of texts) {
    const tokens = Uint16Array.from(testTokenizer.encode(text));
    const row = { stage: "tune", teaches: "passes" } as StoredRow;
    writer.add({ row, tokens, promptTokens: 1, answerTokens: tokens.length - 1, toldTokens: [] });
  }
  const totals = writer.finish();
  const documents = documentsOf(folder);
  expect(documents.map(({ text }) => text)).toEqual(texts);
  expect(new Set(documents.map(({ shard }) => shard)).size).toBeGreaterThan(1);
  expect(totals.documents).toBe(texts.length);
});

test("what an answer tells is in no mask of a shard", () => {
  const folder = join(tempFolder(), "shards");
  const how = { vocabulary: testTokenizer.size, split: "train", mix: {} };
  const writer = shardFolderWriter(folder, how);
  const row = { stage: "tune", teaches: "passes" } as StoredRow;
  const tokens = Uint16Array.from(testTokenizer.encode("12345678"));
  writer.add({ row, tokens, promptTokens: 2, answerTokens: 6, toldTokens: [3, 5, 6, 7] });
  writer.add({ row, tokens, promptTokens: 2, answerTokens: 6, toldTokens: [2, 4] });
  expect(writer.finish()).toMatchObject({ documents: 2, tokens: 16, learned: 3 + 4 });
  expect(documentsOf(folder).map(({ learned }) => learned)).toEqual(["368", "5678"]);
});

test("a build that was stopped goes on, on other workers, to the same bytes; chunks are then gone", async () => {
  const out = tempFolder();
  const controller = new AbortController();
  const stopped = await build(out, {
    signal: controller.signal,
    // The second report says that a module is done; its chunk is written right after it.
    onProgress: ({ done }) => void (done >= 2 && controller.abort()),
  });
  expect(stopped.status).toBe("interrupted");
  expect(readDataset(out)).toBeUndefined();
  const kept = readdirSync(join(out, ".chunks")).filter((name) => name.endsWith(".rows"));
  expect(kept.length).toBeGreaterThan(0);
  const result = await build(out, { pool: one });
  if (result.status !== "built") throw new Error(result.status);
  expect(result.speed.modulesKept).toBe(kept.length);
  expect(hashesOf(out)).toEqual(hashesOf(whole));
  expect(Object.keys(hashesOf(out)).some((path) => path.includes(".chunks"))).toBe(false);
});

test("nothing is done twice, and another seed makes all anew", async () => {
  const out = join(tempFolder(), "copy");
  cpSync(whole, out, { recursive: true });
  const before = hashesOf(out);
  expect((await build(out)).status).toBe("unchanged");
  expect(hashesOf(out)).toEqual(before);
  const other = await build(out, { seed: 4, stages: ["disassemble"] });
  if (other.status !== "built") throw new Error(other.status);
  expect(other.speed.modulesKept).toBe(0);
  expect(existsSync(join(out, "rows/pretrain-train"))).toBe(false);
  expect(other.dataset.key).not.toBe(readDataset(whole)?.key);
});

test("readChunk refuses a chunk whose tokens were cut", () => {
  const folder = tempFolder();
  writeChunk(folder, "c", [
    { rows: [], leftOut: { tune: { why: 2 } } },
    { rows: [], leftOut: { tune: { why: 1 } } },
  ]);
  expect(readChunk(folder, "c")).toEqual({ rows: [], leftOut: { tune: { why: 3 } } });
  writeFileSync(join(folder, "c.tokens"), Buffer.alloc(4));
  expect(() => readChunk(folder, "c")).toThrow(/2 tokens, want 0; delete it/);
});

test("buildDataset refuses a tokenizer without the tasks' marks", async () => {
  const special = (): undefined => undefined;
  await expect(build(tempFolder(), { tokenizer: { ...testTokenizer, special } })).rejects.toThrow(
    /the tokenizer has no <\|begin\|>; want one that `llmc tokenizer`/,
  );
});
