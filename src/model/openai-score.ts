/**
 * A text's probability from a server: `echo` with `max_tokens: 0` and `logprobs`, as OpenAI's first completions had it and vLLM
 * has it. llama-server takes no echo and says so. Of two requests, the text with what stands before it and that alone, the
 * difference is the text's: which token begins where is then no matter (vLLM counts a begin token's letters in its offsets).
 *
 * There are no windows: no tokenizer is at hand to cut them, so a text must fit the server's context.
 */

import { parseEcho } from "./openai-answer.ts";
import { type HttpOptions, postJson } from "./openai-http.ts";
import type { ModelOutcome, ModelScore, ScoreRequest } from "./model.ts";

export interface Server {
  readonly url: string;
  /** As the server calls it. */
  readonly model: string;
  /** With what is left of the time. */
  readonly http: (limitMs: number) => HttpOptions;
}

export async function scoreOnServer(
  server: Server,
  { before, text, limitMs }: ScoreRequest,
): Promise<ModelOutcome<ModelScore>> {
  const end = performance.now() + limitMs;
  const ask = (prompt: string): Promise<ModelOutcome<ModelScore>> =>
    echoed(server, prompt, end - performance.now());
  const whole = text === "" ? NOTHING : await ask(before + text);
  if (whole.status !== "ok" || before === "" || text === "") return whole;
  const alone = await ask(before);
  if (alone.status !== "ok") return alone;
  const [all, head] = [whole.value, alone.value];
  const value = { nats: all.nats - head.nats, tokens: all.tokens - head.tokens };
  return { status: "ok", value };
}

const NOTHING: ModelOutcome<ModelScore> = { status: "ok", value: { nats: 0, tokens: 0 } };

async function echoed(
  { url, model, http }: Server,
  prompt: string,
  leftMs: number,
): Promise<ModelOutcome<ModelScore>> {
  const body = {
    model,
    prompt,
    echo: true,
    max_tokens: 0,
    logprobs: 1,
    temperature: 0,
    n: 1,
    stream: false,
    skip_special_tokens: false,
  };
  const answer = await postJson(url, body, http(leftMs));
  if (answer.status === "refused")
    return { ...answer, message: `${answer.message}; ${NEEDS_ECHO}` };
  if (answer.status !== "ok") return answer;
  const read = parseEcho(answer.value, prompt);
  return read.status === "ok"
    ? read
    : { ...read, message: `${url}: ${read.message}; ${NEEDS_ECHO}` };
}

const NEEDS_ECHO =
  "a text is scored by servers that take echo with max_tokens 0 and logprobs (vLLM), or embedded, as file.gguf";
