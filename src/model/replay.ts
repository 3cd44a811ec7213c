/**
 * A model that says again what was said before: prompts and their replies from a file, for tests and demonstrations that
 * must not depend on weights. The file is JSON lines. The first says what model it stands for, every other holds a prompt:
 *
 *   {"dialect": "compact", "contextTokens": 4096}
 *   {"prompt": "<|begin|>…", "replies": [{"text": "#ad", "ended": true, "logProbability": -0.4, "tokens": 4}]}
 *   {"promptHash": "0f3c…", "replies": […]}        contentHash of the prompt (base/hash.ts), where prompts are long
 *   {"scoredHash": "4b1a…", "nats": 812.5, "tokens": 300}        a text's score; the hash: scoredHash below
 *   {"weighedHash": "77d0…", "logProbabilities": [-0.1, -2.3]}   of options; the hash: weighedHash below
 *
 * A prompt that is there twice has the later replies. A prompt that is not there is "refused", with its hash. Only the
 * prompt is looked up: stops, grammar and limits are those that the recording was made with.
 */

import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { jsonLineAppender } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import type {
  Model,
  ModelOutcome,
  ModelReply,
  ModelScore,
  ScoreRequest,
  WeighRequest,
} from "./model.ts";
import { storedReply } from "./reply.ts";

const HEADER = z.object({
  dialect: z.enum(["compact", "published"]),
  contextTokens: z.int().positive(),
});

const SCORED = z.object({
  scoredHash: z.string(),
  nats: z.number(),
  tokens: z.int().nonnegative(),
});

const WEIGHED = z.object({ weighedHash: z.string(), logProbabilities: z.array(z.number()) });

const ASKED = z
  .object({
    prompt: z.string().optional(),
    promptHash: z.string().optional(),
    replies: z.array(storedReply),
  })
  .refine(({ prompt, promptHash }) => (prompt === undefined) !== (promptHash === undefined), {
    message: "want one of prompt and promptHash",
  });

export function openReplay(path: string): ModelOutcome<Model> {
  try {
    const said = readReplay(readFileSync(path, "utf8"));
    return { status: "ok", value: replayOf(`replay:${path}`, said) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: "refused", message: `replay:${path}: ${why}` };
  }
}

interface Said {
  readonly header: z.infer<typeof HEADER>;
  readonly replies: ReadonlyMap<string, readonly ModelReply[]>;
  readonly scores: ReadonlyMap<string, ModelScore>;
  readonly weights: ReadonlyMap<string, readonly number[]>;
}

/** Throws an Error that names the line that is wrong. */
function readReplay(text: string): Said {
  const [first = "", ...rest] = text.split("\n");
  const header = HEADER.parse(parseLine(first, 1));
  const replies = new Map<string, readonly ModelReply[]>();
  const scores = new Map<string, ModelScore>();
  const weights = new Map<string, readonly number[]>();
  rest.forEach((line, index) => {
    if (line.trim() === "") return;
    const value = parseLine(line, index + 2);
    const parsed = schemaOf(value).safeParse(value);
    if (!parsed.success)
      throw new Error(`line ${index + 2}: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
    if ("scoredHash" in parsed.data) {
      const { scoredHash: hash, ...score } = parsed.data;
      scores.set(hash, score);
      return;
    }
    if ("weighedHash" in parsed.data) {
      weights.set(parsed.data.weighedHash, parsed.data.logProbabilities);
      return;
    }
    const { prompt, promptHash, replies: said } = parsed.data;
    replies.set(promptHash ?? contentHash(prompt ?? ""), said);
  });
  return { header, replies, scores, weights };
}

function schemaOf(value: unknown): typeof SCORED | typeof WEIGHED | typeof ASKED {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.includes("scoredHash")) return SCORED;
  return keys.includes("weighedHash") ? WEIGHED : ASKED;
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`line ${number} is no JSON: ${JSON.stringify(line.slice(0, 60))}`);
  }
}

/** Of what stands before a text and the text. */
const scoredHash = ({ before, text }: ScoreRequest): string =>
  contentHash(JSON.stringify([before, text]));

const weighedHash = ({ prompt, options }: WeighRequest): string =>
  contentHash(JSON.stringify([prompt, options]));

function replayOf(name: string, { header, replies, scores, weights }: Said): Model {
  const weigh: Model["weigh"] = async (request) => {
    const hash = weighedHash(request);
    const value = weights.get(hash);
    if (value !== undefined) return { status: "ok", value };
    return {
      status: "refused",
      message: `${name} has no weights of the options ${hash}; record them first`,
    };
  };
  return {
    name,
    ...header,
    countTokens: (text) => Buffer.byteLength(text), // no tokenizer is at hand: never too low
    async propose({ prompt, count }) {
      const hash = contentHash(prompt);
      const known = replies.get(hash);
      if (known !== undefined) return { status: "ok", value: known.slice(0, count) };
      const message = `${name} has no replies to the prompt ${hash}; record them first`;
      return { status: "refused", message };
    },
    async score(request) {
      const hash = scoredHash(request);
      const known = scores.get(hash);
      if (known !== undefined) return { status: "ok", value: known };
      return {
        status: "refused",
        message: `${name} has no score of the text ${hash}; record it first`,
      };
    },
    // A file from before there were any stands for a model that cannot weigh.
    ...(weights.size > 0 && { weigh }),
    async close() {},
  };
}

/** The same model, which also writes what it says to a new replay file. Throws an Error where `path` is there already. */
export function recorded(model: Model, path: string): Model {
  if (existsSync(path)) throw new Error(`${path} is there already; want the name of a new file`);
  const append = jsonLineAppender(path);
  append({ dialect: model.dialect, contextTokens: model.contextTokens });
  const score = model.score?.bind(model);
  const weigh = model.weigh?.bind(model);
  return {
    ...model,
    async propose(request) {
      const outcome = await model.propose(request);
      if (outcome.status === "ok") append({ prompt: request.prompt, replies: outcome.value });
      return outcome;
    },
    ...(score !== undefined && {
      async score(request: ScoreRequest) {
        const outcome = await score(request);
        if (outcome.status === "ok") append({ scoredHash: scoredHash(request), ...outcome.value });
        return outcome;
      },
    }),
    ...(weigh !== undefined && {
      async weigh(request: WeighRequest) {
        const outcome = await weigh(request);
        if (outcome.status === "ok")
          append({ weighedHash: weighedHash(request), logProbabilities: outcome.value });
        return outcome;
      },
    }),
  };
}
