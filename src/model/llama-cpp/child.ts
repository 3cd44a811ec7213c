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
} from "./protocol.ts";
import { evaluatePrompt } from "./prompt.ts";
import { samplePriority } from "./sample.ts";
import { scoreTokens } from "./score.ts";

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
  const { engine, specials } = held;
  const check = clock(request);
  const prompt = engine.tokenize(request.prompt, specials);
  if (prompt.length === 0) return { status: "refused", message: "the prompt is empty" };
  if (prompt.length >= engine.contextTokens) {
    const message = `the prompt has ${prompt.length} tokens, the context ${engine.contextTokens}; want at least one left for the answer`;
    return { status: "refused", message };
  }
  const there = held.prompt;
  held.prompt = []; // where it is stopped in the middle
  held.prompt = await evaluatePrompt(engine, prompt, { there, check });
  const monitor = request.isMonitored ? look : undefined;
  const value = await samplePriority(engine, request, { prompt, check, look: monitor });
  engine.rewind(prompt.length - 1);
  return { status: "ok", value };
}

/** What the parent's monitor was asked and has not said yet: one question at a time. */
let onLooked: ((at: number | undefined) => void) | undefined;

function look(text: string, isEnd: boolean): Promise<number | undefined> {
  const question: Look = { kind: "look", text, isEnd };
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
