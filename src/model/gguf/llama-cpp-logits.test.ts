/** PyTorch's logits against llama.cpp's, on nano models of random weights (trainer/tests/random_model.py). */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ControlledEvaluateInputItem, type Token, getLlama } from "node-llama-cpp";
import { beforeAll, describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { convertModel } from "./convert.ts";
import type { FileType } from "./metadata.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, "trainer/.venv/bin/python");
const reason = existsSync(PYTHON) ? "" : " (skipped: no trainer/.venv; trainer/setup.sh makes it)";

const VOCABULARY = 4096;
const POSITIONS = 200;
/** Any ids of the model do; those of its tokenizer's bytes and merges, in a fixed order without a short period. */
const ids = Array.from({ length: POSITIONS }, (_, i) => 32 + ((i * 7919 + i * i * 31) % 800));

const folder = tempFolder();

async function llamaCppLogits(modelPath: string): Promise<Float32Array[]> {
  const llama = await getLlama({ gpu: false, build: "never" });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 256, threads: 1 });
  const items = ids.map((id): ControlledEvaluateInputItem => [
    id as Token,
    { generateNext: { logits: true } },
  ]);
  const outputs = await context.getSequence().controlledEvaluate(items);
  await llama.dispose();
  return outputs.map((output) => {
    const row = new Float32Array(VOCABULARY).fill(Number.NaN);
    for (const [token, logit] of output?.next.logits ?? []) row[token] = logit;
    return row;
  });
}

function pytorchLogits(name: string): Float32Array[] {
  const bytes = readFileSync(join(folder, name, "logits.f32"));
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return ids.map((_, i) => all.subarray(i * VOCABULARY, (i + 1) * VOCABULARY));
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const cosine = (a: Float32Array, b: Float32Array): number =>
  dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const argmax = (row: Float32Array): number => row.indexOf(Math.max(...row));

describe.skipIf(reason !== "")(`convertModel${reason}`, () => {
  beforeAll(() => {
    const tokenizer = join(ROOT, "src/tokenizer/golden");
    execFileSync(PYTHON, ["-m", "trainer.tests.random_model", folder, "--tokenizer", tokenizer], {
      cwd: ROOT,
      input: JSON.stringify(ids),
      stdio: ["pipe", "pipe", "inherit"],
    });
  });

  const cases: [string, FileType][] = [
    ["tied", "f16"],
    ["tied", "q8_0"],
    ["untied", "f16"],
  ];
  test.each(cases)(
    "gives llama.cpp PyTorch's logits when embeddings are %s and the type is %s",
    async (name, type) => {
      const out = join(folder, `${name}-${type}.gguf`);
      expect(await convertModel(join(folder, name, "model"), out, { type })).toMatchObject({
        status: "ok",
      });
      const [ours, theirs] = [pytorchLogits(name), await llamaCppLogits(out)];
      const cosines = ours.map((row, i) => cosine(row, theirs[i] ?? row));
      const same = ours.filter((row, i) => argmax(row) === argmax(theirs[i] ?? row)).length;
      expect(Math.min(...cosines)).toBeGreaterThan(0.999);
      expect(same / POSITIONS).toBeGreaterThanOrEqual(0.99);
    },
  );
});
