/**
 * Any server with OpenAI's text completions, `POST …/v1/completions`: vLLM, llama-server, text-generation-inference.
 *
 * What is the same each time, and what is not: the first answer is asked for at temperature 0, the others one after the
 * other at rising temperatures with fixed seeds, until there are enough that differ or the tries are used up. The requests
 * are always the same ones in the same order. Whether the answers are is the server's promise: llama-server with one slot
 * keeps it, vLLM batches requests together and keeps it up to the last bit of its sums, others promise nothing. For
 * answers that are the same always, use the embedded back end.
 *
 * Where the time is over after the first answers, these are given.
 *
 * Probabilities are told where the server gives `logprobs`. A grammar is sent the way the server says it takes one
 * (`grammar` for llama-server, `guided_grammar` for vLLM); without that a request with a grammar is refused.
 */

import { contentHash } from "../base/hash.ts";
import { parseCompletion } from "./openai-answer.ts";
import { type HttpOptions, postJson } from "./openai-http.ts";
import { scoreOnServer } from "./openai-score.ts";
import type { Model, ModelOutcome, ModelReply, ModelRequest } from "./model.ts";

export interface OpenAiOptions {
  /** As the server calls it; one that serves a single model takes anything. */
  readonly model?: string | undefined;
  readonly dialect: Model["dialect"];
  /** What the server runs the model with; it is not asked, for the protocol has no place for it. */
  readonly contextTokens: number;
  /** Sent as a bearer token. */
  readonly key?: string | undefined;
  /** The field in which the server takes a GBNF grammar; undefined where it takes none. */
  readonly grammarField?: "grammar" | "guided_grammar" | undefined;
}

/** Tries for each answer that is wanted: at low temperatures many are the same. */
const TRIES = 3;
/** Where the second answer is drawn, and how much further each after it: warmer ones differ more from what is there. */
const FIRST_TEMPERATURE = 0.4;
const TEMPERATURE_STEP = 0.1;
const MAX_TEMPERATURE = 1.2;

/** Nothing is asked of the server yet: one that is down is told by the first request. */
export function openOpenAi(address: string, options: OpenAiOptions): ModelOutcome<Model> {
  const url = completionsUrl(address);
  if (url === undefined)
    return {
      status: "refused",
      message: `${address} is no address of a server; want one such as http://localhost:8000`,
    };
  const closing = new AbortController();
  const open: Options = { ...options, signal: closing.signal };
  const http = (limitMs: number): HttpOptions => httpOf(open, limitMs);
  const server = { url, model: nameOf(options), http };
  const closed: ModelOutcome<never> = { status: "refused", message: `${address} is closed` };
  const model: Model = {
    name: address,
    dialect: options.dialect,
    contextTokens: options.contextTokens,
    countTokens: (text) => Buffer.byteLength(text) + 2, // no tokenizer is at hand: one a byte, and what it adds
    propose: async (request) => (closing.signal.aborted ? closed : proposeAll(url, request, open)),
    score: async (request) => (closing.signal.aborted ? closed : scoreOnServer(server, request)),
    async close() {
      closing.abort();
    },
  };
  return { status: "ok", value: model };
}

/** `http://host:1/`, `…/v1` and `…/v1/completions` are all understood. */
function completionsUrl(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const base = url.pathname.replace(/\/+$/, "").replace(/\/completions$/, "");
  url.pathname = base === "" ? "/v1/completions" : `${base}/completions`;
  return url.href;
}

type Options = OpenAiOptions & { readonly signal: AbortSignal };

async function proposeAll(
  url: string,
  request: ModelRequest,
  options: Options,
): Promise<ModelOutcome<readonly ModelReply[]>> {
  if (request.grammar !== undefined && options.grammarField === undefined) {
    const message = `${url}: a grammar is wanted and it is not known how this server takes one; say llama-server or vLLM`;
    return { status: "refused", message };
  }
  const end = performance.now() + request.limitMs;
  const replies = new Map<string, ModelReply>();
  for (let attempt = 0; attempt < TRIES * request.count; attempt++) {
    const http = httpOf(options, end - performance.now());
    const outcome = await ask(url, bodyOf(request, attempt, options), http);
    if (outcome.status === "timeout" && replies.size > 0) break; // fewer than wanted, but the best of them
    if (outcome.status !== "ok") return outcome;
    const reply = cutAtStop(outcome.value, request.stops);
    if (!replies.has(reply.text)) replies.set(reply.text, reply);
    if (replies.size >= request.count) break;
  }
  return { status: "ok", value: [...replies.values()] };
}

const nameOf = ({ model }: OpenAiOptions): string => model ?? "default";

const httpOf = ({ key, signal }: Options, limitMs: number): HttpOptions => ({
  limitMs,
  signal,
  headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
});

function bodyOf(request: ModelRequest, attempt: number, options: Options): object {
  const { prompt, maxTokens, stops, grammar } = request;
  const warmth = FIRST_TEMPERATURE + TEMPERATURE_STEP * (attempt - 1);
  return {
    model: nameOf(options),
    prompt,
    max_tokens: maxTokens,
    temperature: attempt === 0 ? 0 : Math.min(MAX_TEMPERATURE, warmth),
    seed: seedOf(prompt, attempt),
    n: 1,
    stream: false,
    logprobs: 1,
    // OpenAI takes four at most, and an empty list is refused by some.
    ...(stops.length === 0 ? {} : { stop: stops.slice(0, MAX_STOPS) }),
    // Marks such as <|sizes|> are part of an answer: vLLM leaves them out unless asked.
    skip_special_tokens: false,
    ...(grammar === undefined || options.grammarField === undefined
      ? {}
      : { [options.grammarField]: grammar }),
  };
}

const MAX_STOPS = 4;

/** Of 31 bits, which every server takes. */
const seedOf = (prompt: string, attempt: number): number =>
  Number.parseInt(contentHash(`${attempt} ${prompt}`).slice(0, 8), 16) >>> 1;

async function ask(
  url: string,
  body: object,
  http: HttpOptions,
): Promise<ModelOutcome<ModelReply>> {
  const answer = await postJson(url, body, http);
  if (answer.status !== "ok") return answer;
  const read = parseCompletion(answer.value);
  return read.status === "ok" ? read : { ...read, message: `${url}: ${read.message}` };
}

/** Some servers leave the stop in, or take fewer of them than are wanted. */
function cutAtStop(reply: ModelReply, stops: readonly string[]): ModelReply {
  const places = stops.map((stop) => reply.text.indexOf(stop)).filter((at) => at >= 0);
  if (places.length === 0) return reply;
  return { ...reply, text: reply.text.slice(0, Math.min(...places)), ended: true };
}
