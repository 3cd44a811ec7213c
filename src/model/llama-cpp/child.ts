/**
 * The process that holds a model: loads one GGUF, then answers one request at a time (protocol.ts). The parent may kill it
 * at any moment, so it owns nothing that matters.
 */

import type { ModelOutcome, ModelReply, ModelScore } from "../model.ts";
import { type Engine, openEngine } from "./bindings.ts";
import {
  type Answer,
  DEFAULT_CONTEXT_TOKENS,
  type Loaded,
  type LoadRequest,
  type Look,
  type Looked,
  type ProposeRequest,
  READY,
  type Request,
  type ScoreRequest,
  type WeighRequest,
} from "./protocol.ts";
import { evaluatePrompt } from "./prompt.ts";
import { samplePriority } from "./sample.ts";
import { scoreTokens } from "./score.ts";
import { weighOptions } from "./weigh.ts";

interface Held {
  readonly engine: Engine;
  readonly specials: boolean;
  /** What the engine holds of the last prompt: all but its last token. */
  prompt: readonly number[];
}

/** The request's time is over; the model is in order. */
class OutOfTime extends Error {}

let held: Held | undefined;

async function load(request: LoadRequest): Promise<ModelOutcome<Loaded>> {
  const { path, contextTokens, threads, specials } = request;
  const engine = await openEngine({
    path,
    contextTokens,
    threads,
    maxContextTokens: DEFAULT_CONTEXT_TOKENS,
  });
  held = { engine, specials, prompt: [] };
  return {
    status: "ok",
    value: { contextTokens: engine.contextTokens, threads: engine.threads },
  };
}

async function propose(request: ProposeRequest): Promise<ModelOutcome<readonly ModelReply[]>> {
  if (held === undefined) return NOT_LOADED;
  const { engine } = held;
  const check = clock(request);
  const prompt = await readPrompt(held, request.prompt, check);
  if ("status" in prompt) return prompt;
  const monitor = request.isMonitored ? look : undefined;
  const value = await samplePriority(engine, request, {
    prompt: prompt.tokens,
    check,
    look: monitor,
  });
  engine.rewind(prompt.tokens.length - 1);
  return { status: "ok", value };
}

/** Evaluates all of a prompt but its last token, where there is room behind it. */
async function readPrompt(
  model: Held,
  text: string,
  check: () => void,
): Promise<{ readonly tokens: readonly number[] } | ModelOutcome<never>> {
  const { engine, specials } = model;
  const tokens = engine.tokenize(text, specials);
  if (tokens.length === 0) return { status: "refused", message: "the prompt is empty" };
  if (tokens.length >= engine.contextTokens) {
    const message = `the prompt has ${tokens.length} tokens, the context ${engine.contextTokens}; want at least one left for the answer`;
    return { status: "refused", message };
  }
  const there = model.prompt;
  model.prompt = []; // where it is stopped in the middle
  model.prompt = await evaluatePrompt(engine, tokens, { there, check });
  return { tokens };
}

async function weigh(request: WeighRequest): Promise<ModelOutcome<readonly number[]>> {
  const model = held;
  if (model === undefined) return NOT_LOADED;
  const { engine } = model;
  const check = clock(request);
  const prompt = await readPrompt(model, request.prompt, check);
  if ("status" in prompt) return prompt;
  const options = request.options.map((option) => tokensBehind(model, prompt.tokens, option));
  const torn = options.indexOf(undefined);
  if (torn >= 0) {
    const option = JSON.stringify(request.options[torn]);
    return {
      status: "refused",
      message: `the option ${option} is empty, or makes one token with the prompt's end`,
    };
  }
  const asked = {
    prompt: prompt.tokens,
    options: options.flatMap((tokens) => (tokens ? [tokens] : [])),
    check,
  };
  const value = await weighOptions(engine, asked);
  engine.rewind(prompt.tokens.length - 1);
  return { status: "ok", value };
}

/** Read behind the prompt's last token alone: a prompt of hundreds of tokens is not taken apart again for each option. */
function tokensBehind(
  { engine, specials }: Held,
  prompt: readonly number[],
  option: string,
): readonly number[] | undefined {
  const last = prompt.slice(-1);
  const tokens = engine.tokenize(engine.detokenize(last) + option, specials);
  const begin = tokens.indexOf(last[0] ?? -1) + 1;
  return begin > 0 && begin < tokens.length ? tokens.slice(begin) : undefined;
}

/** What the parent's monitor was asked and has not said yet: one question at a time. */
let onLooked: ((at: number | undefined) => void) | undefined;

function look(text: string, isEnd: boolean, stands: number): Promise<number | undefined> {
  const question: Look = { kind: "look", text, isEnd, stands };
  process.send?.(question);
  return new Promise((resolve) => (onLooked = resolve));
}

const NOT_LOADED: ModelOutcome<never> = { status: "refused", message: "no model is loaded" };

/** Throws once the request's time is over. */
function clock({ limitMs }: { limitMs: number }): () => void {
  const end = performance.now() + limitMs;
  return () => {
    if (performance.now() > end) throw new OutOfTime();
  };
}

async function score(request: ScoreRequest): Promise<ModelOutcome<ModelScore>> {
  if (held === undefined) return NOT_LOADED;
  const { engine, specials } = held;
  const check = clock(request);
  held.prompt = [];
  const tokens = engine.tokenize(request.before + request.text, specials);
  const alone = engine.tokenize(request.before, specials);
  // Where a token spells the end of what is before and the beginning of the text, it counts to the text.
  const differs = alone.findIndex((token, at) => token !== tokens[at]);
  const cut = differs < 0 ? alone.length : differs;
  const parts = { before: tokens.slice(0, cut), text: tokens.slice(cut) };
  return { status: "ok", value: await scoreTokens(engine, { ...parts, check }) };
}

function handle(request: Request): Promise<Answer> {
  switch (request.kind) {
    case "load":
      return load(request);
    case "propose":
      return propose(request);
    case "score":
      return score(request);
    case "weigh":
      return weigh(request);
  }
}

async function answer(request: Request): Promise<Answer> {
  try {
    return await handle(request);
  } catch (error) {
    if (held !== undefined) held.prompt = [];
    if (error instanceof OutOfTime && request.kind !== "load")
      return { status: "timeout", message: `no answer within ${request.limitMs / 1000} s` };
    const message = error instanceof Error ? error.message : String(error);
    return { status: "refused", message };
  }
}

process.on("message", (request: Request | Looked) => {
  if (request.kind === "looked") return onLooked?.(request.at);
  return void answer(request).then((outcome) => process.send?.(outcome));
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides what is to stop.
process.on("SIGINT", () => {});
process.send?.(READY);
