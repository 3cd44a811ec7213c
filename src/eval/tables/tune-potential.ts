/**
 * Share of the potential: what a contender saves of what can be saved. The potential of a case is the best size that any row of
 * it has, the long search's among them, or that is known from elsewhere; so it is a lower bound, and more search raises it.
 */

import { shareOf } from "../metrics/ratios.ts";
import { savedPercent } from "../../base/stats.ts";
import type { SumStatistic } from "../metrics/bootstrap.ts";
import type { TuneRow } from "../row.ts";
import type { Table } from "../table.ts";
import type { Compared } from "./compared.ts";
import { contenderTable, measured } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";
import { afterBest, afterFirst, OBJECTIVES } from "./tune-sizes.ts";

/** Bytes by case. */
export type BestSizes = ReadonlyMap<string, number>;

export interface PotentialOptions {
  /** All of the suite: a contender that is compared on fewer cases may still know the best of one. */
  readonly rows: readonly TuneRow[];
  readonly known: BestSizes;
}

function bestSizes({ rows, known }: PotentialOptions): BestSizes {
  const best = new Map(known);
  for (const row of rows) {
    const { after } = afterBest(row, OBJECTIVES.size, Infinity);
    best.set(row.case, Math.min(after, best.get(row.case) ?? after));
  }
  return best;
}

export function potentialTable(compared: Compared<TuneRow>, options: PotentialOptions): Table[] {
  const best = bestSizes(options);
  const bestOf = (row: TuneRow): number => Math.min(row.ozSize, best.get(row.case) ?? row.ozSize);
  const first = (row: TuneRow): number => afterFirst(row, OBJECTIVES.size).after;
  const ofLists = (k: number) => (row: TuneRow) => afterBest(row, OBJECTIVES.size, k).after;
  const columns: [key: string, title: string, after: (row: TuneRow) => number][] = [
    ["one shot", "one shot", first],
    ["at 1", "k = 1, with fall-back", ofLists(1)],
    ["at 10", "k = 10, with fall-back", ofLists(10)],
    ["all", "all lists, with fall-back", ofLists(Infinity)],
  ];
  return contenderTable(compared, {
    id: "tune-potential",
    title: "Flag tuning: share of the potential",
    about:
      "Percent of what can be saved over -Oz, as far as it is known: the best that any contender, or a label, has for each program. Of all bytes together, and of the programs' mean savings.",
    measures: columns.flatMap(([key, title, after]) => sharesOf([key, title], after, bestOf)),
    rank: ["all, mean", "at 1, mean", "one shot, mean"],
  });
}

function sharesOf(
  [key, title]: readonly [string, string],
  after: (row: TuneRow) => number,
  best: (row: TuneRow) => number,
): Measure<TuneRow>[] {
  const share = (saved: (row: TuneRow, size: number) => number): SumStatistic<TuneRow> =>
    shareOf(
      (row) => saved(row, after(row)),
      (row) => saved(row, best(row)),
    );
  const options = { digits: 1, unit: "%" };
  return [
    measured(
      [`${key}, total`, `${title}: bytes`],
      share((row, size) => row.ozSize - size),
      options,
    ),
    measured(
      [`${key}, mean`, `${title}: mean`],
      share((row, size) => savedPercent(row.ozSize, size)),
      options,
    ),
  ];
}
