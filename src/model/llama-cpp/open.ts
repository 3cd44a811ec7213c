/** The embedded back end: a GGUF file run by llama.cpp in a child process. */

import { makeTokenizer } from "../../tokenizer/encode.ts";
import { isOurVocabulary, vocabularyFromGguf } from "../../tokenizer/gguf.ts";
import { type GgufInfo, readGgufInfo } from "../gguf-info.ts";
import { checkModel, type Installed, madeFor, tasksOf } from "../made-for.ts";
import type { Model, ModelOutcome } from "../model.ts";
import { type LlamaProcess, LOAD_LIMIT_MS, makeLlamaProcess } from "./process.ts";
import type { LoadRequest } from "./protocol.ts";

export interface LlamaCppOptions {
  /** What is installed here, held against what the file says; nothing is compared without it. */
  readonly installed?: Installed | undefined;
  /** Of prompts and answers; without it what the file says or its vocabulary shows. */
  readonly dialect?: Model["dialect"] | undefined;
  /** Without it what the model was trained with, up to 16,384. */
  readonly contextTokens?: number | undefined;
  readonly threads?: number | undefined;
  /** The child is killed over this; without it 90 % of the machine's memory. */
  readonly memoryBytes?: number | undefined;
}

/** Reads the header first, so that a wrong file is told before anything is started; then loads the model. */
export async function openLlamaCpp(
  path: string,
  options: LlamaCppOptions = {},
): Promise<ModelOutcome<Model>> {
  const info = readGgufInfo(path);
  if (info.status !== "ok") return info;
  const checked = checkModel(info.value, options.installed ?? {});
  if (checked.status !== "ok") return { ...checked, message: `${path}: ${checked.message}` };
  const counter = tokenCounter(info.value);
  if (counter.status !== "ok") return { ...counter, message: `${path}: ${counter.message}` };
  const dialect = options.dialect ?? dialectOf(info.value);
  const load: LoadRequest = {
    kind: "load",
    path,
    contextTokens: options.contextTokens,
    threads: options.threads,
    specials: dialect === "compact",
  };
  const child = makeLlamaProcess({ load, memoryBytes: options.memoryBytes });
  const loaded = await child.request<"load">(load, LOAD_LIMIT_MS);
  if (loaded.status !== "ok") child.close();
  if (loaded.status !== "ok") return { ...loaded, message: `${path}: ${loaded.message}` };
  const { contextTokens } = loaded.value;
  const tasks = tasksOf(checked.value);
  const facts = { name: path, dialect, tasks, contextTokens, countTokens: counter.value };
  const value = modelOf(child, facts);
  return { status: "ok", value };
}

/** A file with our vocabulary that does not say its dialect was trained on ours all the same. */
function dialectOf(info: GgufInfo): Model["dialect"] {
  const { dialect } = madeFor(info);
  if (dialect === "compact" || dialect === "published") return dialect;
  return isOurVocabulary(info.metadata) ? "compact" : "published";
}

type Facts = Pick<Model, "name" | "dialect" | "tasks" | "contextTokens" | "countTokens">;

function modelOf(child: LlamaProcess, facts: Facts): Model {
  return {
    ...facts,
    propose: ({ monitor, ...request }) => {
      const isMonitored = monitor !== undefined;
      return child.request<"propose">(
        { kind: "propose", isMonitored, ...request },
        request.limitMs,
        monitor,
      );
    },
    score: (request) => child.request<"score">({ kind: "score", ...request }, request.limitMs),
    weigh: (request) => child.request<"weigh">({ kind: "weigh", ...request }, request.limitMs),
    async close() {
      child.close();
    },
  };
}

/** A begin token and a leading space, which some vocabularies put before a text. */
const ADDED_TOKENS = 2;

/**
 * Exact for our vocabularies. For others one token a byte and what they add: they fall back to bytes where nothing longer
 * fits, and join otherwise, so there are never more.
 */
function tokenCounter({ metadata }: GgufInfo): ModelOutcome<(text: string) => number> {
  if (!isOurVocabulary(metadata))
    return { status: "ok", value: (text) => Buffer.byteLength(text) + ADDED_TOKENS };
  try {
    const tokenizer = makeTokenizer(vocabularyFromGguf(metadata));
    return { status: "ok", value: (text) => tokenizer.encode(text, { specials: "tokens" }).length };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: "refused", message: `the vocabulary is damaged: ${why}` };
  }
}
