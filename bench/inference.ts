/**
 * Inference with a model of the size `small` (random weights: speed does not depend on them), F16 and Q8_0: tokens of the prompt
 * and of the answer a second, through our back end (child process, priority sampling, text) and by llama.cpp alone on the
 * same file, in turn. Wants trainer/.venv, which makes the weights.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { median } from "../src/base/stats.ts";
import { convertModel } from "../src/model/gguf/convert.ts";
import { openModel } from "../src/model/open.ts";
import type { Model } from "../src/model/model.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const ROOT = join(import.meta.dirname, "..");
const PROMPT_TOKENS = 1024;
const ANSWER_TOKENS = 128;
const ROUNDS = 5;
const LIMIT_MS = 600_000;
const threads = availableParallelism();

interface Speed {
  /** Tokens a second. */
  readonly prompt: number;
  readonly answer: number;
}

const seconds = z.array(z.object({ prompt: z.number(), answer: z.number() }));

function bare(path: string): Speed[] {
  const program = join(import.meta.dirname, "inference-bare.ts");
  const numbers = [PROMPT_TOKENS, ANSWER_TOKENS, 2, threads].map(String);
  const text = execFileSync(process.execPath, [program, path, ...numbers]).toString();
  const [, warm] = seconds.parse(JSON.parse(text));
  if (warm === undefined) throw new Error("the bare program measured nothing");
  return [{ prompt: PROMPT_TOKENS / warm.prompt, answer: ANSWER_TOKENS / warm.answer }];
}

/** Text of so many tokens, other text for every round: a prompt that is known is not evaluated again. */
function promptOf(model: Model, round: number): { text: string; tokens: number } {
  let text = `${round}`;
  while (model.countTokens(text) < PROMPT_TOKENS)
    text += ` %${text.length} = add i32 %${round}, ${(text.length * 7919) % 1000}\n`;
  return { text, tokens: model.countTokens(text) };
}

async function ours(path: string): Promise<Speed[]> {
  const opened = await openModel(path, { threads });
  if (opened.status !== "ok") throw new Error(opened.message);
  const model = opened.value;
  const ask = async (
    prompt: string,
    maxTokens: number,
  ): Promise<{ tokens: number; seconds: number }> => {
    const start = performance.now();
    const outcome = await model.propose({
      prompt,
      count: 1,
      maxTokens,
      stops: [],
      limitMs: LIMIT_MS,
    });
    if (outcome.status !== "ok") throw new Error(outcome.message);
    return { tokens: outcome.value[0]?.tokens ?? 0, seconds: (performance.now() - start) / 1000 };
  };
  await ask("warm up", 8);
  const speeds: Speed[] = [];
  for (let round = 0; round < 2; round++) {
    const { text, tokens } = promptOf(model, round);
    const first = await ask(text, 1);
    const answer = await ask(text, ANSWER_TOKENS);
    speeds.push({ prompt: tokens / first.seconds, answer: answer.tokens / answer.seconds });
  }
  await model.close();
  return speeds;
}

const folder = mkdtempSync(join(tmpdir(), "llmc-inference-"));
try {
  const python = join(ROOT, "trainer/.venv/bin/python");
  const tokenizer = join(ROOT, "src/tokenizer/golden");
  const make = [
    "-m",
    "trainer.tests.random_model",
    folder,
    "--tokenizer",
    tokenizer,
    "--size",
    "small",
  ];
  execFileSync(python, make, { cwd: ROOT, input: "[300, 301]" });
  const rows: (string | number)[][] = [];
  const data: Record<string, unknown> = {};
  for (const type of ["f16", "q8_0"] as const) {
    const path = join(folder, `${type}.gguf`);
    const converted = await convertModel(join(folder, "tied/model"), path, { type });
    if (converted.status !== "ok") throw new Error(converted.message);
    const all: Record<"ours" | "bare", Speed[]> = { ours: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++) {
      say(`${type}, round ${round + 1} of ${ROUNDS}`);
      all.bare.push(...bare(path));
      all.ours.push(...(await ours(path)));
    }
    data[type] = all;
    for (const part of ["prompt", "answer"] as const) {
      const [own, rival] = [all.ours, all.bare].map((speeds) =>
        median(speeds.map((each) => each[part])),
      );
      const ratio = (own ?? 0) / (rival ?? 1);
      rows.push([
        `${type}, ${part}`,
        (own ?? 0).toFixed(0),
        (rival ?? 0).toFixed(0),
        `${(100 * ratio).toFixed(0)} %`,
      ]);
    }
  }
  const head = ["tokens a second", "ours", "llama.cpp alone", "ours of it"];
  const how = `Medians of ${ROUNDS} rounds in turn, ${threads} threads, prompts of ${PROMPT_TOKENS} tokens, answers of ${ANSWER_TOKENS}. llama.cpp alone decodes the same
numbers of tokens and makes no choice among them, as llama-bench does; ours includes the child process, tokenizing, the best token's
probability and the text.\n\n`;
  writeResults(
    "inference",
    { provenance: provenance("none"), ...data },
    how + markdownTable(head, rows),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
