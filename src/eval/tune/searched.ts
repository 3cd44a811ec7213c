/** The lists that a search tries on a program, in the order of its proposals, steered by fresh measurements alone. */

import type { Pool } from "../../llvm/pool.ts";
import { withMandatoryInlining } from "../../passes/mandatory.ts";
import { printPassList } from "../../passes/print.ts";
import type { PassList } from "../../passes/tree.ts";
import { memoryJournal } from "../../tuner/journal.ts";
import { search } from "../../tuner/search.ts";
import { type Proposals, type Strategy, remembered } from "../../tuner/strategy.ts";
import type { Kit } from "../suite.ts";
import type { Bench } from "./bench.ts";

export interface SearchPlan {
  readonly strategy: Strategy;
  /** Distinct lists tried at most. */
  readonly compilations: number;
  /** Of the program, hexadecimal: its random numbers come from this and the kit's seed. */
  readonly name: string;
  /** Lists that a model proposes first. */
  readonly proposals?: Proposals | undefined;
}

/** `seconds`: the strategy's own, without the proposals'. */
export async function searchedLists(
  { pool, registry, coreset, seed, signal }: Kit,
  bench: Bench,
  { strategy, compilations, name, proposals }: SearchPlan,
): Promise<{ lists: readonly PassList[]; seconds: number }> {
  const log: StrategyLog = { proposed: [], seconds: 0 };
  await search(freshOnly(pool, bench), bench.module, {
    strategy: logged(strategy, log),
    proposals: proposals && remembered(proposals, log.proposed),
    objective: "size",
    compilations,
    seed: seed + Number.parseInt(name.slice(0, SEED_DIGITS), 16),
    coreset,
    registry,
    journal: memoryJournal(), // the bench remembers
    baseline: bench.oz.sections.size,
    timeoutMs: 0, // the bench has its own
    signal,
  });
  const lists = bench.module.info.hasAlwaysInline
    ? log.proposed.map(withMandatoryInlining)
    : log.proposed;
  const distinct = new Map(lists.map((list) => [printPassList(list), list]));
  return { lists: [...distinct.values()].slice(0, compilations), seconds: log.seconds };
}

/** Enough to tell programs apart, and far below 2^53. */
const SEED_DIGITS = 8;

/** The pool as a search sees it: whatever it asks to be measured in stages is measured fresh. */
const freshOnly = (pool: Pool, bench: Bench): Pool => ({
  ...pool,
  measure: (_module, steps) => bench.measure(steps.join(",")),
});

interface StrategyLog {
  readonly proposed: PassList[];
  seconds: number;
}

function logged(strategy: Strategy, log: StrategyLog): Strategy {
  return function* (context) {
    const run = strategy(context);
    const timed = (next: () => ReturnType<typeof run.next>): ReturnType<typeof run.next> => {
      const started = performance.now();
      const result = next();
      log.seconds += (performance.now() - started) / 1000;
      return result;
    };
    let batch = timed(() => run.next());
    while (batch.done !== true) {
      log.proposed.push(...batch.value);
      const results = yield batch.value;
      batch = timed(() => run.next(results));
    }
  };
}
