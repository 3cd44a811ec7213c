/**
 * Compares our encoder with Hugging Face's `tokenizers` and llama.cpp on snippets of real text and on random text, and writes a golden
 * file of what all three agree on:
 *
 *   python3 -m venv V && V/bin/pip install tokenizers
 *   npm install --prefix L --omit=optional node-llama-cpp @node-llama-cpp/linux-x64
 *   node tools/tokenizer-compare.ts tokenizer.json TEXT_FOLDER --python V/bin/python3 --llama L [--snippets N] [--golden FILE]
 *
 * Neither program is a dependency of ours. Prints the first differences; exits 1 where there is one.
 */

import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files.ts";
import { makeRng, type Rng } from "../src/base/rng.ts";
import { runCommand } from "../src/base/run-command.ts";
import { makeTokenizer } from "../src/tokenizer/encode.ts";
import { parseTokenizer } from "../src/tokenizer/file.ts";
import { type GgufEntry, ggufVocabulary } from "../src/tokenizer/gguf.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    llama: { type: "string" },
    snippets: { type: "string", default: "1000" },
    golden: { type: "string" },
  },
});
const [file, folder] = positionals;
if (file === undefined || folder === undefined || !values.python || !values.llama) {
  process.stderr.write(
    "want: tokenizer.json TEXT_FOLDER --python PYTHON --llama FOLDER [--snippets N] [--golden FILE]\n",
  );
  process.exit(2);
}

const MAX_SNIPPET_BYTES = 400;
const RUN_TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 1 << 30;

/** Slices of files, then as many as a quarter of them of random texts: any bytes, ASCII, code points, digits with their like. */
function makeSnippets(rng: Rng, root: string, count: number): string[] {
  const files = globSync("**/*.{ll,s}", { cwd: root }).toSorted();
  if (files.length === 0) throw new Error(`${root}: no .ll or .s file`);
  const slice = (): string => {
    const text = readFileSync(join(root, rng.pick(files)));
    const start = rng.int(Math.max(1, text.length - MAX_SNIPPET_BYTES));
    return text.subarray(start, start + 1 + rng.int(MAX_SNIPPET_BYTES)).toString();
  };
  const bytes = (below: number): string =>
    Buffer.from(Array.from({ length: rng.int(80) }, () => rng.int(below))).toString();
  const codePoints = (): string =>
    Array.from({ length: rng.int(40) }, () => String.fromCodePoint(codePoint(rng))).join("");
  const numbers = (): string =>
    Array.from({ length: rng.int(30) }, () => rng.pick([..."0123456789 %i²Ⅷ٣x,\n"])).join("");
  const marks = (): string => `ret void<|end|>${bytes(128)}<|ir|`;
  const made = [() => bytes(256), () => bytes(128), codePoints, numbers, marks];
  return [
    ...Array.from({ length: count }, slice),
    ...Array.from({ length: Math.ceil(count / 4) }, (_, i) => made[i % made.length]?.() ?? ""),
  ];
}

function codePoint(rng: Rng): number {
  const point = rng.int(rng.pick([0x80, 0x800, 0x1_0000, 0x11_0000]));
  return point >= 0xd800 && point < 0xe000 ? 0x20 : point; // no surrogates
}

const HUGGING_FACE = `
import json, sys
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.encode_special_tokens = True
ids = [tokenizer.encode(text).ids for text in json.load(open(sys.argv[2], encoding="utf-8"))]
json.dump(ids, sys.stdout)
`;

async function huggingFace(snippets: readonly string[], python: string): Promise<number[][]> {
  const work = mkdtempSync(join(tmpdir(), "llmc-tokenizer-"));
  try {
    const texts = join(work, "texts.json");
    writeFileSync(texts, JSON.stringify(snippets));
    const ran = await runCommand(python, ["-c", HUGGING_FACE, resolve(file ?? ""), texts], {
      timeoutMs: RUN_TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    });
    if (ran.status !== "exited" || ran.code !== 0) throw new Error(`${python}: ${ran.stderr}`);
    return JSON.parse(ran.stdout.toString()) as number[][];
  } finally {
    rmSync(work, { recursive: true });
  }
}

interface LlamaModel {
  tokenize(text: string, specialTokens: boolean): number[];
  dispose(): Promise<void>;
}
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<LlamaModel> }>;
}

async function llamaCpp(snippets: readonly string[], root: string): Promise<number[][]> {
  const entry = join(resolve(root), "node_modules/node-llama-cpp/dist/index.js");
  const { getLlama } = (await import(pathToFileURL(entry).href)) as NodeLlamaCpp;
  const work = mkdtempSync(join(tmpdir(), "llmc-tokenizer-"));
  try {
    const modelPath = join(work, "vocabulary.gguf");
    const entries = ggufVocabulary(parseTokenizer(readFileSync(file ?? "", "utf8")));
    writeFileSync(modelPath, ggufFile(entries));
    const llama = await getLlama({ gpu: false, build: "never" });
    const model = await llama.loadModel({ modelPath, vocabOnly: true });
    const ids = snippets.map((text) => [...model.tokenize(text, false)]);
    await model.dispose();
    return ids;
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** A GGUF file of metadata alone, which llama.cpp loads with `vocab_only`. */
function ggufFile(entries: readonly GgufEntry[]): Buffer {
  const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
  const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
  const string = (text: string): Buffer =>
    Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);
  const TYPES = { uint32: 4, int32: 5, bool: 7, string: 8, array: 9 };
  const valueOf = (entry: GgufEntry): Buffer[] => {
    switch (entry.type) {
      case "string":
        return [u32(TYPES.string), string(entry.value)];
      case "bool":
        return [u32(TYPES.bool), Buffer.of(Number(entry.value))];
      case "uint32":
        return [u32(TYPES.uint32), u32(entry.value)];
      case "string[]":
        return [
          u32(TYPES.array),
          u32(TYPES.string),
          u64(entry.value.length),
          ...entry.value.map(string),
        ];
      case "int32[]":
        return [
          u32(TYPES.array),
          u32(TYPES.int32),
          u64(entry.value.length),
          ...entry.value.map(u32),
        ];
      default:
        return entry satisfies never;
    }
  };
  const all: GgufEntry[] = [
    { key: "general.architecture", type: "string", value: "llama" },
    { key: "general.name", type: "string", value: "vocabulary" },
    ...entries,
  ];
  const head = [Buffer.from("GGUF"), u32(3), u64(0), u64(all.length)];
  return Buffer.concat([
    ...head,
    ...all.flatMap((entry) => [string(entry.key), Buffer.concat(valueOf(entry))]),
  ]);
}

const snippets = makeSnippets(makeRng("tokenizer-compare"), folder, Number(values.snippets));
const tokenizer = makeTokenizer(parseTokenizer(readFileSync(file, "utf8")));
const ours = snippets.map((text) => [...tokenizer.encode(text)]);
const rivals = {
  "Hugging Face tokenizers": await huggingFace(snippets, values.python),
  "llama.cpp": await llamaCpp(snippets, values.llama),
};
const MAX_SHOWN = 5;
let differences = 0;
for (const [name, theirs] of Object.entries(rivals)) {
  const odd = snippets.flatMap((_, i) => (String(ours[i]) === String(theirs[i]) ? [] : [i]));
  differences += odd.length;
  console.log(`${name}: the same ids on ${snippets.length - odd.length} of ${snippets.length}`);
  for (const i of odd.slice(0, MAX_SHOWN))
    console.log(`${JSON.stringify(snippets[i])}\n  ours   ${ours[i]}\n  theirs ${theirs[i]}`);
}
const lossy = snippets.filter((text, i) => tokenizer.decode(ours[i] ?? []) !== text);
console.log(`decode(encode(x)) = x on ${snippets.length - lossy.length} of ${snippets.length}`);
if (differences + lossy.length > 0) process.exitCode = 1;
else if (values.golden !== undefined) {
  const lines = snippets.map((text, i) => JSON.stringify({ text, ids: ours[i] }));
  writeFileAtomic(values.golden, `[\n${lines.join(",\n")}\n]\n`);
}
