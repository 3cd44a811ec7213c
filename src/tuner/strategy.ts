/**
 * A strategy proposes pass lists and is told what each measured: a generator of batches, to which the results of a
 * batch are handed back in the same order. It sees nothing else of the module, runs no LLVM, and draws its randomness
 * from `rng` alone, so its proposals depend on seed and results only, not on time or the number of workers.
 */

import type { Rng } from "../base/rng.ts";
import type { PassList } from "../passes/tree.ts";
import type { Registry } from "../passes/registry.ts";
import type { Coreset } from "./coreset.ts";

export interface Scored {
  readonly list: PassList;
  /** The objective's value; undefined when the list failed. */
  readonly value: number | undefined;
}

export interface StrategyContext {
  readonly rng: Rng;
  readonly registry: Registry;
  readonly coreset: Coreset;
  /** The objective's value of plain -Oz. */
  readonly baseline: number;
  /** How many lists may still be measured when the strategy starts; it may plan with it. */
  readonly budget: number;
  /** What others proposed (a model) and was measured before the strategy starts; none without them. */
  readonly known: readonly Scored[];
}

export type Strategy = (
  context: StrategyContext,
) => Generator<readonly PassList[], void, readonly Scored[]>;

/** Lists that somebody else proposes before a strategy starts, told in the same way what each measured. It may take its time. */
export type Proposals = AsyncGenerator<readonly PassList[], void, readonly Scored[]>;

/** The same, which also adds each list to `all`. */
export async function* remembered(proposals: Proposals, all: PassList[]): Proposals {
  let batch = await proposals.next([]);
  while (batch.done !== true) {
    all.push(...batch.value);
    batch = await proposals.next(yield batch.value);
  }
}

/** Proposes the lists in their order; gives what they measured. */
export function* inBatches(
  lists: readonly PassList[],
): Generator<readonly PassList[], Scored[], readonly Scored[]> {
  const results: Scored[] = [];
  for (let start = 0; start < lists.length; start += BATCH)
    results.push(...(yield lists.slice(start, start + BATCH)));
  return results;
}

/** Lists proposed at once: enough to keep a few workers busy, few enough to learn from each other. */
export const BATCH = 8;
