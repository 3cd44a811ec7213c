/** What a row of flag tuning says about size, by what is measured. */

import type { TuneRow } from "../row.ts";
import type { BeforeAfter } from "../metrics/saving.ts";

export interface Sizes {
  readonly oz: (row: TuneRow) => number;
  /** In the order of trying; null where the list failed. */
  readonly lists: (row: TuneRow) => readonly (number | null)[];
}

export const OBJECTIVES = {
  size: { oz: (row) => row.ozSize, lists: (row) => row.sizes },
  published: { oz: (row) => row.ozPublished, lists: (row) => row.published },
  instructions: { oz: (row) => row.ozInstructions, lists: (row) => row.instructions },
} as const satisfies Record<string, Sizes>;
export type Objective = keyof typeof OBJECTIVES;

/** The first list as it is; -Oz where there is none or it failed. */
export function afterFirst(row: TuneRow, { oz, lists }: Sizes): BeforeAfter {
  const before = oz(row);
  return { before, after: lists(row)[0] ?? before };
}

/** The best of the first `k` lists and -Oz. */
export function afterBest(row: TuneRow, { oz, lists }: Sizes, k: number): BeforeAfter {
  const before = oz(row);
  const tried = lists(row)
    .slice(0, k)
    .filter((size) => size !== null);
  return { before, after: tried.reduce((best, size) => Math.min(best, size), before) };
}
