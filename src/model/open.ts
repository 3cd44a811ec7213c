/**
 * A model by its name: `PATH.gguf` runs here, `http://…` asks a server, `replay:FILE` says again what was recorded. Running
 * without a model is the caller's business.
 */

import { type LlamaCppOptions, openLlamaCpp } from "./llama-cpp/open.ts";
import type { Model, ModelOutcome } from "./model.ts";
import { type OpenAiOptions, openOpenAi } from "./openai.ts";
import { openReplay } from "./replay.ts";

/** What is not for the back end that the name asks for is left alone. */
export interface OpenOptions extends LlamaCppOptions {
  /** Of the server: what it calls the model, the key it wants, how it takes a grammar. */
  readonly server?: Pick<OpenAiOptions, "model" | "key" | "grammarField"> | undefined;
}

/** Of a server's model, where nothing is said: that of the published weights, the most likely to be served. */
const SERVER_CONTEXT_TOKENS = 16_384;

export async function openModel(
  name: string,
  options: OpenOptions = {},
): Promise<ModelOutcome<Model>> {
  if (name.startsWith("replay:")) return openReplay(name.slice("replay:".length));
  if (/^https?:/.test(name))
    return openOpenAi(name, {
      ...options.server,
      dialect: options.dialect ?? "published",
      contextTokens: options.contextTokens ?? SERVER_CONTEXT_TOKENS,
    });
  if (name.endsWith(".gguf")) return openLlamaCpp(name, options);
  const message = `${name} is no model; want a file.gguf, http://host:port of a server, or replay:file.jsonl`;
  return { status: "refused", message };
}
