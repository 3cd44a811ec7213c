/**
 * How likely a text is: the log probability of each token given those before it, in batches, as fast as a prompt is read.
 *
 * A text longer than the context is taken in windows: each begins with what stands before the text, goes on with tokens that the
 * window before has scored already, half of the context together, and scores those behind. Every token so has
 * half a context before it, or all of the text, and is evaluated twice at most.
 */

import type { ModelScore } from "../model.ts";
import type { Engine } from "./bindings.ts";
import { PART_TOKENS } from "./prompt.ts";

type Scorer = Pick<Engine, "contextTokens" | "rewind" | "follow">;

export interface Scored {
  /** What stands before the text, the begin token among it. */
  readonly before: readonly number[];
  readonly text: readonly number[];
  /** Asked before every part; throws to stop. */
  readonly check: () => void;
}

/** Throws an Error where `before` leaves no place for windows. */
export async function scoreTokens(engine: Scorer, scored: Scored): Promise<ModelScore> {
  const { before, text, check } = scored;
  const half = Math.floor(engine.contextTokens / 2);
  const isLong = before.length + text.length > engine.contextTokens;
  if (isLong && before.length > half)
    throw new Error(
      `what stands before the text has ${before.length} tokens; want at most ${half}, half of the context`,
    );
  const sum = { nats: 0, tokens: 0 };
  // Without anything before it the first token is not given by anything.
  let done = before.length === 0 ? 1 : 0;
  while (done < text.length) {
    const from = done <= 1 ? 0 : done - (half - before.length);
    const room = engine.contextTokens - before.length;
    const window = [...before, ...text.slice(from, from + room)];
    const skip = before.length + done - from - 1;
    const values = await follow(engine, window, { skip, check });
    sum.nats -= values.reduce((total, value) => total + value, 0);
    sum.tokens += values.length;
    done += values.length;
  }
  return sum;
}

/** Of each token of a window but its first `skip` + 1. */
async function follow(
  engine: Scorer,
  window: readonly number[],
  { skip, check }: { skip: number; check: () => void },
): Promise<number[]> {
  const values: number[] = [];
  engine.rewind(0);
  const last = window.length - 1; // nothing follows it
  for (let at = 0; at < last; at += PART_TOKENS) {
    check();
    const end = Math.min(at + PART_TOKENS, last);
    const next = window.slice(at + 1, end + 1);
    const how = { next, skip: Math.max(0, skip - at) };
    values.push(...(await engine.follow(window.slice(at, end), at, how)));
  }
  return values;
}
