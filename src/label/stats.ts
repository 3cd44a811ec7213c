/** What labels say: how much was labelled, and what the first lists of a coreset would have saved. */

import { mean, savedPercent, sum } from "../base/stats.ts";
import type { LabelRow, Labels } from "./labels.ts";

/** Percent saved over -Oz: of the bytes of all modules together, and the mean of the modules. */
export interface Saving {
  readonly total: number;
  readonly mean: number;
}

export interface SplitStats {
  readonly split: string;
  readonly modules: number;
  readonly packages: number;
  /** Measurements that failed, of modules times broadcast lists. */
  readonly failed: number;
  /** The one list that saves most on average, alone, with -Oz to fall back on. */
  readonly bestList: { readonly passes: string; readonly saving: Saving } | undefined;
  /** By k: the first k lists of the coreset, for the objectives "size" and "published". */
  readonly coreset: Readonly<Record<number, { readonly size: Saving; readonly published: Saving }>>;
  /** Every module under its own best list, which was searched for the objective "size". */
  readonly own: { readonly size: Saving; readonly published: Saving };
}

export interface LabelStats {
  readonly llvm: string;
  readonly lists: { readonly all: number; readonly broadcast: number; readonly unchecked: number };
  /** Lists of the coreset that no label knows; they count as if they saved nothing. */
  readonly missing: readonly string[];
  readonly splits: readonly SplitStats[];
}

export const CORESET_SIZES = [1, 5, 10, 50, 100] as const;

/** Only modules whose -Oz is not empty count. */
export function labelStats(labels: Labels, coreset: readonly string[]): LabelStats {
  const ids = new Map(
    labels.lists.flatMap(({ passes, isBroadcast }, id) => (isBroadcast ? [[passes, id]] : [])),
  );
  const chosen = coreset.flatMap((passes) => ids.get(passes) ?? []);
  const { lists } = labels;
  const bySplit = Map.groupBy(
    labels.rows.filter(({ oz }) => oz[0] > 0),
    ({ split }) => split,
  );
  return {
    llvm: labels.llvm,
    lists: {
      all: lists.length,
      broadcast: lists.filter(({ isBroadcast }) => isBroadcast).length,
      unchecked: lists.filter(({ verdict }) => verdict === "unchecked").length,
    },
    missing: coreset.filter((passes) => !ids.has(passes)),
    splits: [...bySplit]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([split, rows]) => splitStats(labels, rows, { split, chosen })),
  };
}

function splitStats(
  { lists }: Labels,
  rows: readonly LabelRow[],
  { split, chosen }: { split: string; chosen: readonly number[] },
): SplitStats {
  const both = (
    bytesOf: (row: LabelRow, k: 0 | 1) => number,
  ): { size: Saving; published: Saving } => ({
    size: savingOf(rows, 0, (row) => bytesOf(row, 0)),
    published: savingOf(rows, 1, (row) => bytesOf(row, 1)),
  });
  const alone = [...lists.keys()]
    .filter((id) => lists[id]?.isBroadcast)
    .map((id) => ({ id, saving: savingOf(rows, 0, (row) => smallestOf(row, 0, [id])) }));
  const best = alone.toSorted((a, b) => b.saving.mean - a.saving.mean)[0];
  return {
    split,
    modules: rows.length,
    packages: new Set(rows.map((row) => row.package)).size,
    failed: sum(rows.map(({ sizes }) => sizes.filter((size) => size === null).length)),
    bestList: best && { passes: lists[best.id]?.passes ?? "", saving: best.saving },
    coreset: Object.fromEntries(
      CORESET_SIZES.map((k) => [k, both((row, part) => smallestOf(row, part, chosen.slice(0, k)))]),
    ),
    own: both((row, part) => Math.min(row.oz[part], row.own?.size[part] ?? row.oz[part])),
  };
}

/** Under the best of `ids`, with -Oz to fall back on. */
function smallestOf({ oz, sizes }: LabelRow, part: 0 | 1, ids: readonly number[]): number {
  return Math.min(oz[part], ...ids.map((id) => sizes[id]?.[part] ?? oz[part]));
}

function savingOf(
  rows: readonly LabelRow[],
  part: 0 | 1,
  bytesOf: (row: LabelRow) => number,
): Saving {
  const before = rows.map(({ oz }) => oz[part]);
  const after = rows.map(bytesOf);
  return {
    total: savedPercent(sum(before), sum(after)),
    mean: mean(before.map((bytes, index) => savedPercent(bytes, after[index] ?? bytes))),
  };
}
