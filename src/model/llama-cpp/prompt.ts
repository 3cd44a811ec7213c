/**
 * Which tokens of a prompt are evaluated, and in which batches. A prompt that begins as the one before is evaluated only from about
 * where they part, yet every token gets the sums that it would get in a fresh process: to the last bit, for a tie that falls the
 * other way is another answer.
 *
 * A token's sums depend on how many are evaluated with it: llama.cpp's attention takes 64 queries or more by another way than fewer
 * (GGML_FA_TILE_Q in ggml-cpu), and products with one vector go another way than with several. They do not depend on what else is in the
 * batch. So whole tiles are evaluated in batches of whole tiles, then whole steps in batches of steps, then what is left at
 * once; a token is there already where both prompts have it in a tile, or both in a step.
 */

import type { Engine } from "./bindings.ts";

const TILE_TOKENS = 64;
/** What is evaluated again before a change is up to so many, or up to a tile where the last tile became whole. */
const STEP_TOKENS = 8;
/** Tokens between two looks at the clock; whole tiles. */
export const PART_TOKENS = 512;

const whole = (tokens: number, unit: number): number => tokens - (tokens % unit);

/** How many of the tokens that are there, evaluated as promptParts cuts them, stand for the first ones of `wanted`. */
function keptTokens(there: readonly number[], wanted: readonly number[]): number {
  const differs = wanted.findIndex((token, at) => token !== there[at]);
  const shared = differs < 0 ? wanted.length : differs;
  const lengths = [there.length, wanted.length, shared];
  if (lengths.every((length) => length === shared)) return shared;
  const tiles = lengths.map((length) => whole(length, TILE_TOKENS));
  const kept = Math.min(...tiles);
  if (tiles[0] !== kept || tiles[1] !== kept) return kept; // behind it one has a tile, the other a step or another text
  return Math.min(...lengths.map((length) => whole(length, STEP_TOKENS)));
}

/** The batches from the token `kept` on to the one before `end`. */
function promptParts(kept: number, end: number): (readonly [from: number, to: number])[] {
  const parts: (readonly [number, number])[] = [];
  let from = kept;
  for (const cut of [whole(end, TILE_TOKENS), whole(end, STEP_TOKENS), end])
    while (from < cut) {
      const to = Math.min(from + PART_TOKENS, cut);
      parts.push([from, to]);
      from = to;
    }
  return parts;
}

interface Before {
  /** What the engine holds, evaluated by this function. */
  readonly there: readonly number[];
  /** Asked before every batch; throws to stop. */
  readonly check: () => void;
}

/** Evaluates all of a prompt but its last token, of these what is not there; gives what the engine holds then. */
export async function evaluatePrompt(
  engine: Pick<Engine, "rewind" | "evaluate">,
  prompt: readonly number[],
  { there, check }: Before,
): Promise<readonly number[]> {
  const wanted = prompt.slice(0, -1);
  const kept = keptTokens(there, wanted);
  engine.rewind(kept);
  for (const [from, to] of promptParts(kept, wanted.length)) {
    check();
    await engine.evaluate(wanted.slice(from, to), from, 0);
  }
  return wanted;
}
