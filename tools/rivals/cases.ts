/** Gathered modules joined with their labels: what rivals are fitted to, and held against. */

import type { LabelRow, Labels } from "../../src/label/labels.ts";
import { savedPercent } from "../../src/base/stats.ts";
import { gainOf } from "../../src/eval/rivals/fit.ts";
import type { Gathered } from "./gather.ts";

export interface LabelledCase extends Gathered {
  /** Under -Oz, bytes. */
  readonly oz: number;
  /** By list of the coreset: bytes, Infinity where the list failed. */
  readonly sizes: readonly number[];
  /** What a list may be expected to save, in percent; see fit.ts. */
  readonly gains: readonly number[];
}

/** Throws where a list of the coreset was not tried on every labelled module. */
export function labelledCases(
  gathered: readonly Gathered[],
  labels: Labels,
  coreset: readonly string[],
): LabelledCase[] {
  const ids = coreset.map((passes) => {
    const id = labels.lists.findIndex((list) => list.isBroadcast && list.passes === passes);
    if (id < 0)
      throw new Error(
        `the labels know no sizes under the coreset's "${passes}": label again with it, or make the coreset again`,
      );
    return id;
  });
  const rows = new Map(labels.rows.map((row) => [row.module, row]));
  return gathered.flatMap((one) => {
    const row = rows.get(one.module);
    return row === undefined || row.oz[0] === 0 ? [] : [{ ...one, ...sizesOf(row, ids) }];
  });
}

function sizesOf(
  { oz: [oz], sizes }: LabelRow,
  ids: readonly number[],
): Pick<LabelledCase, "oz" | "sizes" | "gains"> {
  const own = ids.map((id) => sizes[id]?.[0]);
  return {
    oz,
    sizes: own.map((size) => size ?? Infinity),
    gains: own.map((size) => gainOf(size === undefined ? undefined : savedPercent(oz, size))),
  };
}
