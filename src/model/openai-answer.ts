/** The answer of `/v1/completions`, read: only what is used is looked at, for servers add much of their own. */

import { z } from "zod";
import type { ModelOutcome, ModelReply, ModelScore } from "./model.ts";

/** OpenAI and vLLM: a list of numbers. llama-server: a list of objects under `content`. */
const LOGPROBS = z
  .union([
    z.object({ token_logprobs: z.array(z.number().nullable()) }),
    z.object({ content: z.array(z.object({ logprob: z.number() })) }),
  ])
  .nullish()
  .catch(undefined);

const COMPLETION = z.object({
  choices: z
    .array(
      z.object({
        text: z.string(),
        finish_reason: z.string().nullish(),
        logprobs: LOGPROBS,
      }),
    )
    .min(1),
  usage: z.object({ completion_tokens: z.int().nonnegative() }).nullish().catch(undefined),
});

/** `tokens` is what the server counts, else what it gives probabilities of, else at most one a byte. */
export function parseCompletion(answer: unknown): ModelOutcome<ModelReply> {
  const read = COMPLETION.safeParse(answer);
  const first = read.data?.choices[0];
  if (first === undefined) return noCompletion(answer);
  const logs = logProbabilities(first.logprobs);
  const logProbability = logs?.reduce((sum, value) => sum + value, 0);
  const tokens =
    read.data?.usage?.completion_tokens ?? logs?.length ?? Buffer.byteLength(first.text);
  const value: ModelReply = {
    text: first.text,
    ended: first.finish_reason === "stop",
    tokens,
    ...(logProbability === undefined ? {} : { logProbability }),
  };
  return { status: "ok", value };
}

function noCompletion(answer: unknown): ModelOutcome<never> {
  const seen = JSON.stringify(answer)?.slice(0, 200);
  const message = `the answer is no completion: ${seen}; want {"choices": [{"text": …}]}`;
  return { status: "refused", message };
}

/** Of a request that wants its prompt again and nothing more. The first token has nothing before it and no probability. */
export function parseEcho(answer: unknown, prompt: string): ModelOutcome<ModelScore> {
  const first = COMPLETION.safeParse(answer).data?.choices[0];
  if (first === undefined) return noCompletion(answer);
  if (first.text !== prompt) {
    const [seen, wanted] = [first.text, prompt].map((text) => JSON.stringify(text.slice(0, 60)));
    const message = `the answer is ${seen}… of ${first.text.length} characters, not the prompt again, ${wanted}… of ${prompt.length}`;
    return { status: "refused", message };
  }
  const [head, ...values] = listOf(first.logprobs) ?? [];
  const numbers = values.filter((value) => value !== null);
  if (head !== null || numbers.length !== values.length)
    return { status: "refused", message: "the answer lacks probabilities of the prompt's tokens" };
  const nats = numbers.reduce((sum, value) => sum - value, 0);
  return { status: "ok", value: { nats, tokens: numbers.length } };
}

function listOf(logprobs: z.infer<typeof LOGPROBS>): (number | null)[] | undefined {
  if (!logprobs) return undefined;
  return "content" in logprobs
    ? logprobs.content.map(({ logprob }) => logprob)
    : logprobs.token_logprobs;
}

/** undefined where they are missing or one of them is. */
function logProbabilities(logprobs: z.infer<typeof LOGPROBS>): number[] | undefined {
  const values = listOf(logprobs) ?? [];
  const numbers = values.filter((value) => value !== null);
  return values.length > 0 && numbers.length === values.length ? numbers : undefined;
}
