/** What labels say of one module and the coreset: what each of its lists saves. */

import type { Labels } from "../label/labels.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";

export interface Trials {
  /** Of the object under -Oz. */
  readonly ozBytes: number;
  /** Bytes of the object, by the list's number; undefined where it failed or was not tried. */
  readonly bytes: readonly (number | undefined)[];
}

/** By the module's hash; undefined where the labels do not know it, or its object is empty. */
export function trialReader(
  labels: Labels,
  coreset: readonly PassList[],
): (hash: string) => Trials | undefined {
  const ids = new Map(labels.lists.map(({ passes }, id) => [passes, id]));
  const places = coreset.map((list) => ids.get(printPassList(list)) ?? -1);
  const rows = new Map(labels.rows.map((row) => [row.module, row]));
  return (hash) => {
    const row = rows.get(hash);
    if (row === undefined || row.oz[0] === 0) return undefined;
    return { ozBytes: row.oz[0], bytes: places.map((id) => row.sizes[id]?.[0]) };
  };
}
