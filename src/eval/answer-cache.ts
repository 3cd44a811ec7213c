/**
 * A model that remembers its answers in a file, by the request and by what the model is: the same question is asked once,
 * in this run and in later ones, whatever else an evaluation changes. Only answers are kept: what failed is asked again.
 */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import type { Model, ModelReply, ModelRequest } from "../model/model.ts";
import { storedReply } from "../model/reply.ts";

const lineSchema = z.object({ key: z.string(), replies: z.array(storedReply) });

/** An endless answer has no business in a file that is read whole. */
const MAX_CACHED_CHARACTERS = 1 << 20;

/** `identity`: what the answers depend on besides the request, such as the hash of the weights. */
export function remembering(model: Model, identity: string, path: string): Model {
  const known = new Map<string, readonly ModelReply[]>();
  for (const value of readJsonLines(path)) {
    const line = lineSchema.safeParse(value);
    if (line.success) known.set(line.data.key, line.data.replies);
  }
  const append = jsonLineAppender(path);
  return {
    ...model,
    async propose(request) {
      const key = keyOf(identity, request);
      const before = known.get(key);
      if (before !== undefined) return { status: "ok", value: before };
      const outcome = await model.propose(request);
      if (outcome.status === "ok" && lengthOf(outcome.value) <= MAX_CACHED_CHARACTERS) {
        known.set(key, outcome.value);
        append({ key, replies: outcome.value });
      }
      return outcome;
    },
  };
}

/** A time limit decides whether there is an answer, not which. */
const keyOf = (identity: string, { limitMs: _, ...request }: ModelRequest): string =>
  contentHash(JSON.stringify([identity, request]));

const lengthOf = (replies: readonly ModelReply[]): number =>
  replies.reduce((sum, { text }) => sum + text.length, 0);
