/**
 * From a search's winners to one pass list that can be shown: measured fresh (as `opt` would run it), minimised, and
 * measured fresh again. Staged values are never reported.
 */

import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Measurement } from "../llvm/protocol.ts";
import { inlinesMandatory } from "../passes/mandatory.ts";
import { minimizePassList } from "../passes/minimize.ts";
import { printPassList, printSteps } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import { type Objective, score } from "./objective.ts";

export interface Confirmed {
  readonly list: PassList;
  readonly value: number;
  readonly measurement: Measurement;
}

export interface ConfirmOptions {
  readonly objective: Objective;
  readonly timeoutMs: number;
  /** Value of -Oz: what is not below it is no winner. */
  readonly baseline: number;
  readonly signal?: AbortSignal | undefined;
}

/** Measurements that minimising one list may take; a list of 20 nodes takes about 40. */
const MAX_MINIMIZE_MEASUREMENTS = 60;

/** The best of `lists` by a fresh measurement, or undefined when none beats -Oz. */
export async function confirmBest(
  pool: Pool,
  module: LoadedModule,
  lists: readonly PassList[],
  options: ConfirmOptions,
): Promise<Confirmed | undefined> {
  const measured = await Promise.all(
    lists.map((list) => measureFresh(pool, module, list, options)),
  );
  let best: Confirmed | undefined;
  for (const result of measured) {
    if (result !== undefined && result.value < (best?.value ?? options.baseline)) best = result;
  }
  return best;
}

async function measureFresh(
  pool: Pool,
  module: LoadedModule,
  list: PassList,
  { objective, timeoutMs }: ConfirmOptions,
): Promise<Confirmed | undefined> {
  const outcome = await pool.measure(module, [printPassList(list)], { fresh: true, timeoutMs });
  if (outcome.status !== "ok") return undefined;
  return { list, value: score(outcome.value, objective), measurement: outcome.value };
}

/** A list at most as long that does at least as well, and how many measurements it took. */
export async function minimizeConfirmed(
  pool: Pool,
  module: LoadedModule,
  confirmed: Confirmed,
  options: ConfirmOptions,
): Promise<{ confirmed: Confirmed; measurements: number }> {
  const { objective, timeoutMs, signal } = options;
  let asked = 0;
  const measure = async (list: PassList): Promise<number | undefined> => {
    if (signal?.aborted === true) return undefined;
    if (module.info.hasAlwaysInline && !inlinesMandatory(list)) return undefined; // small, but it would not link
    asked++;
    const steps = printSteps(list);
    const outcome = await pool.measure(module, steps, { fresh: false, timeoutMs });
    return outcome.status === "ok" ? score(outcome.value, objective) : undefined;
  };
  const limits = { value: confirmed.value, maxMeasurements: MAX_MINIMIZE_MEASUREMENTS };
  const { list } = await minimizePassList(confirmed.list, measure, limits);
  const again = await measureFresh(pool, module, list, options);
  const isAsGood = again !== undefined && again.value <= confirmed.value;
  return { confirmed: isAsGood ? again : confirmed, measurements: asked + 1 };
}
