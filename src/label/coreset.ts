/** A coreset out of labels: the lists whose first k save most on the training modules, for every k. */

import { savedPercent } from "../base/stats.ts";
import { LOST_PERCENT } from "./choose.ts";
import { greedyCoreset, savingsOfFirst } from "./greedy.ts";
import type { LabelRow, Labels } from "./labels.ts";

export interface ChosenCoreset {
  readonly lists: readonly string[];
  /** Mean saving over -Oz, percent, of the first k lists on the training modules. */
  readonly savings: readonly number[];
  readonly packages: readonly string[];
  readonly modules: number;
}

export interface CoresetChoice {
  readonly count: number;
  /** Whether a list may be shipped. */
  readonly isUsable: (passes: string) => boolean;
}

/** Of the lists that were judged correct and tried on every module. */
export function coresetOf(labels: Labels, { count, isUsable }: CoresetChoice): ChosenCoreset {
  const candidates = [...labels.lists.entries()].flatMap(([id, list]) =>
    list.isBroadcast && list.verdict === "correct" && isUsable(list.passes) ? [id] : [],
  );
  const rows = labels.rows.filter(({ split, oz }) => split === "train" && oz[0] > 0);
  const savings = rows.map((row) => candidates.map((id) => savingOf(row, id)));
  const chosen = greedyCoreset(savings, count);
  return {
    lists: chosen.flatMap((k) => labels.lists[candidates[k] ?? -1]?.passes ?? []),
    savings: savingsOfFirst(savings, chosen),
    packages: [...new Set(rows.map((row) => row.package))].toSorted(),
    modules: rows.length,
  };
}

function savingOf({ oz, sizes }: LabelRow, id: number): number {
  const size = sizes[id];
  return size ? savedPercent(oz[0], size[0]) : LOST_PERCENT;
}
