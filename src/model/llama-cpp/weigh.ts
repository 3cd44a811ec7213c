/** How likely each of some answers is to be begun with: all by one evaluation of the prompt, those of one token alone without any more. */

import type { Engine } from "./bindings.ts";

type Weigher = Pick<Engine, "evaluate" | "follow" | "rewind" | "vocabularySize">;

export interface Weighed {
  /** Its tokens are there, all but the last. */
  readonly prompt: readonly number[];
  /** Tokens of each, at least one. */
  readonly options: readonly (readonly number[])[];
  /** Asked before every option; throws to stop. */
  readonly check: () => void;
}

/** Log probabilities (nats), by option. */
export async function weighOptions(
  engine: Weigher,
  { prompt, options, check }: Weighed,
): Promise<number[]> {
  const at = prompt.length;
  const first = await engine.evaluate(prompt.slice(-1), at - 1, engine.vocabularySize);
  const known = new Map(first.tokens.map((token, i) => [token, first.logProbabilities[i]]));
  const weights: number[] = [];
  for (const tokens of options) {
    check();
    const begin = known.get(tokens[0] ?? -1) ?? -Infinity;
    weights.push(begin + (tokens.length > 1 ? await restOf(engine, tokens, at) : 0));
  }
  return weights;
}

/** Of the tokens behind the first. */
async function restOf(
  engine: Weigher,
  tokens: readonly number[],
  position: number,
): Promise<number> {
  engine.rewind(position);
  const how = { next: tokens.slice(1), skip: 0 };
  const values = await engine.follow(tokens.slice(0, -1), position, how);
  return values.reduce((sum, value) => sum + value, 0);
}
