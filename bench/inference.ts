/**
 * Inference with a model of the size `small` (random weights: speed does not depend on them), F16 and Q8_0: tokens of the prompt
 * and of the answer a second, through our back end (child process, priority sampling, text) and by llama.cpp's own benchmark
 * on the same file, in turn. Wants trainer/.venv, which makes the weights, and git and g++ for llama-bench.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../src/base/stats.ts";
import { openCorpus } from "../src/corpus/store.ts";
import { convertModel } from "../src/model/gguf/convert.ts";
import { openModel } from "../src/model/open.ts";
import type { Model } from "../src/model/model.ts";
import { makePieceCounter } from "../src/tokenizer/count.ts";
import { printTokenizer } from "../src/tokenizer/file.ts";
import { trainVocabulary } from "../src/tokenizer/train.ts";
import { tokensOf } from "../src/tokenizer/vocabulary.ts";
import { benchPool } from "./corpus.ts";
import { buildLlamaBench, runLlamaBench } from "./llama-bench.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const ROOT = join(import.meta.dirname, "..");
const CORPORA = ["sample", "test-split"].map((name) => join(ROOT, `test/corpus/${name}.parquet`));
/** Of `small`. */
const VOCABULARY = 16_384;
const PROMPT_TOKENS = 1024;
const ANSWER_TOKENS = 128;
const ROUNDS = 5;
/** In each round, of ours and of llama-bench. */
const REPETITIONS = 4;
const LIMIT_MS = 600_000;
const threads = availableParallelism();
/** The lines of the table, with their names. */
const LINES = [
  ["prompt", "prompt"],
  ["answer", "answer"],
  ["scored", "answer with its probability"],
] as const;

/** Tokens a second, of every repetition. `scored` is of answers that tell their probability. */
interface Speeds {
  readonly prompt: number[];
  readonly answer: number[];
  readonly scored: number[];
}

/** Writes tokenizer.json of as many tokens as `small` has: its embeddings are then as large as they really are. */
async function trainTokenizer(folder: string): Promise<void> {
  using pool = benchPool(1);
  const counter = makePieceCounter();
  for (const path of CORPORA) {
    const corpus = await openCorpus(path);
    for await (const { bitcode, hash } of corpus.modules()) {
      const loaded = await pool.load(bitcode, hash);
      if (loaded.status !== "ok") continue;
      const normal = await pool.normalize(loaded.value);
      pool.unload(loaded.value);
      if (normal.status !== "ok") continue;
      counter.add(Buffer.from(normal.value.text));
      counter.endText();
    }
    corpus.close();
  }
  const vocabulary = await trainVocabulary(counter.finish(), { size: VOCABULARY });
  const size = tokensOf(vocabulary).bytes.length;
  if (size !== VOCABULARY) throw new Error(`the samples give ${size} tokens; want ${VOCABULARY}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "tokenizer.json"), printTokenizer(vocabulary));
}

/** A Hugging Face folder. */
async function randomModel(folder: string): Promise<string> {
  const tokenizer = join(folder, "tokenizer");
  await trainTokenizer(tokenizer);
  const python = join(ROOT, "trainer/.venv/bin/python");
  const args = ["-m", "trainer.tests.random_model", folder, "--tokenizer", tokenizer];
  execFileSync(python, [...args, "--size", "small"], { cwd: ROOT, input: "[300, 301]" });
  return join(folder, "tied/model");
}

/** Text of so many tokens, another one each time: what is known is not evaluated again. */
function promptOf(model: Model, time: number): { text: string; tokens: number } {
  let text = `${time}`;
  while (model.countTokens(text) < PROMPT_TOKENS)
    text += ` %${text.length} = add i32 %${time}, ${(text.length * 7919) % 1000}\n`;
  return { text, tokens: model.countTokens(text) };
}

async function ours(path: string): Promise<Speeds> {
  const opened = await openModel(path, { threads });
  if (opened.status !== "ok") throw new Error(opened.message);
  const model = opened.value;
  const ask = async (
    prompt: string,
    maxTokens: number,
    probability = false,
  ): Promise<{ tokens: number; seconds: number }> => {
    const start = performance.now();
    const how = { count: 1, stops: [], probability, limitMs: LIMIT_MS };
    const outcome = await model.propose({ prompt, maxTokens, ...how });
    if (outcome.status !== "ok") throw new Error(outcome.message);
    return { tokens: outcome.value[0]?.tokens ?? 0, seconds: (performance.now() - start) / 1000 };
  };
  const speeds: Speeds = { prompt: [], answer: [], scored: [] };
  for (let time = 0; time <= REPETITIONS; time++) {
    const { text, tokens } = promptOf(model, time);
    const first = await ask(text, 1);
    const answer = await ask(text, ANSWER_TOKENS);
    const scored = await ask(text, ANSWER_TOKENS, true);
    if (time === 0) continue; // warms up, as llama-bench does
    speeds.prompt.push(tokens / first.seconds);
    speeds.answer.push(answer.tokens / answer.seconds);
    speeds.scored.push(scored.tokens / scored.seconds);
  }
  await model.close();
  return speeds;
}

const folder = mkdtempSync(join(tmpdir(), "llmc-inference-"));
try {
  const program = buildLlamaBench(folder);
  say("compiled llama-bench");
  const weights = await randomModel(folder);
  const rows: (string | number)[][] = [];
  const data: Record<string, unknown> = {};
  for (const type of ["f16", "q8_0"] as const) {
    const path = join(folder, `${type}.gguf`);
    const converted = await convertModel(weights, path, { type });
    if (converted.status !== "ok") throw new Error(converted.message);
    const rounds: { ours: Speeds; llamaBench: Record<"prompt" | "answer", number[]> }[] = [];
    const task = { path, threads, prompt: PROMPT_TOKENS, answer: ANSWER_TOKENS };
    for (let round = 0; round < ROUNDS; round++) {
      say(`${type}, round ${round + 1} of ${ROUNDS}`);
      const llamaBench = runLlamaBench(program, { ...task, repetitions: REPETITIONS });
      rounds.push({ llamaBench, ours: await ours(path) });
    }
    data[type] = rounds;
    for (const [part, label] of LINES) {
      const own = median(rounds.flatMap((round) => round.ours[part]));
      const rival = median(
        rounds.flatMap((round) => round.llamaBench[part === "prompt" ? "prompt" : "answer"]),
      );
      const share = `${((100 * own) / rival).toFixed(0)} %`;
      rows.push([`${type}, ${label}`, own.toFixed(0), rival.toFixed(0), share]);
    }
  }
  const head = ["tokens a second", "ours", "llama-bench", "ours of it"];
  const how = `Medians of ${ROUNDS} rounds in turn of ${REPETITIONS} each, ${threads} threads, prompts of ${PROMPT_TOKENS} tokens, answers of ${ANSWER_TOKENS} behind them. llama-bench is
compiled from the release that node-llama-cpp was made of and linked to its libraries; it decodes the same numbers of tokens and makes
no choice among them. Ours includes the child process, tokenizing, the choice of the best token and the text.\n\n`;
  writeResults(
    "inference",
    { provenance: provenance("none"), ...data },
    how + markdownTable(head, rows),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
