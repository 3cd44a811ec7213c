/**
 * The rival of bench/inference.ts: llama.cpp by itself, as its own llama-bench runs it (which no package here has): prompts in
 * batches of 512, then single tokens, no choice among them and no text. A process of its own; prints one JSON object.
 * `node bench/inference-bare.ts GGUF PROMPT_TOKENS ANSWER_TOKENS ROUNDS THREADS`
 */

import { getLlama } from "node-llama-cpp";

interface Native {
  initBatch(size: number): void;
  addToBatch(sequence: number, first: number, tokens: Uint32Array, wanted: Uint32Array): unknown;
  decodeBatch(): Promise<void>;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
}

const BATCH = 512;
const [path = "", ...numbers] = process.argv.slice(2);
const [promptTokens = 0, answerTokens = 0, rounds = 0, threads = 1] = numbers.map(Number);

const llama = await getLlama({ gpu: false, build: "never", skipDownload: true });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: promptTokens + answerTokens + 1,
  sequences: 1,
  batchSize: BATCH,
  threads: { ideal: threads, min: threads },
});
const { _ctx: native } = context as unknown as { _ctx: Native };

async function decode(tokens: Uint32Array, position: number): Promise<void> {
  native.initBatch(tokens.length);
  native.addToBatch(0, position, tokens, Uint32Array.of(tokens.length - 1));
  await native.decodeBatch();
}

const token = (at: number): number => 300 + ((at * 7919) % 200);
const seconds: { prompt: number; answer: number }[] = [];
for (let round = 0; round < rounds; round++) {
  native.removeTokenCellsFromSequence(0, 0, -1);
  const start = performance.now();
  for (let at = 0; at < promptTokens; at += BATCH) {
    const length = Math.min(BATCH, promptTokens - at);
    await decode(
      Uint32Array.from({ length }, (_, i) => token(at + i)),
      at,
    );
  }
  const middle = performance.now();
  for (let at = 0; at < answerTokens; at++)
    await decode(Uint32Array.of(token(at)), promptTokens + at);
  const end = performance.now();
  seconds.push({ prompt: (middle - start) / 1000, answer: (end - middle) / 1000 });
}
process.stdout.write(`${JSON.stringify(seconds)}\n`);
await llama.dispose();
