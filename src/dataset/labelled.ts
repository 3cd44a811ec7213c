/**
 * What labels say of one module, as tuning needs it: its lists, best first. A list is named by its number where the
 * coreset has it: three tokens instead of dozens. So a list written out is the answer only where it is smaller than all of
 * the coreset.
 */

import type { Labels } from "../label/labels.ts";
import { checkPassList } from "../passes/check.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import type { Registry } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import type { Proposal } from "../tasks/proposal.ts";

interface ProposedList {
  readonly list: PassList;
  readonly proposal: Proposal;
}

export interface LabelledList extends ProposedList {
  /** Of the object that it gives. */
  readonly bytes: number;
}

/** Never empty: the last is -Oz at the latest. */
export type LabelledLists = readonly LabelledList[];

export interface LabelContext {
  readonly registry: Registry;
  readonly coreset: readonly PassList[];
}

/** The lists of a labelled module by the module's hash; undefined where the labels do not know it. */
export function labelReader(
  labels: Labels,
  context: LabelContext,
): (hash: string) => LabelledLists | undefined {
  const rows = new Map(labels.rows.map((row) => [row.module, row]));
  const lists = labels.lists.map(({ passes }) => proposed(passes, context));
  const oz = proposed(printPassList(presets.Oz), context);
  return (hash) => {
    const row = rows.get(hash);
    if (row === undefined) return undefined;
    const tried = row.sizes.map((size, id) => ({ size: size?.[0], found: lists[id] }));
    if (row.own) tried.push({ size: row.own.size[0], found: lists[row.own.list] });
    tried.push({ size: row.oz[0], found: oz });
    return distinct(
      tried
        .flatMap(({ size, found }) => (size === undefined || !found ? [] : [{ size, found }]))
        .filter(({ size, found }) => size < row.oz[0] || found === oz)
        .toSorted((a, b) => a.size - b.size || rank(a.found) - rank(b.found))
        .map(({ found: { list, proposal }, size }) => ({ list, proposal, bytes: size })),
    );
  };
}

/** Of equals the first of the coreset, else the shortest. */
function rank({ proposal, list }: ProposedList): number {
  return proposal.kind === "coreset"
    ? proposal.number - Number.MAX_SAFE_INTEGER
    : printPassList(list).length;
}

function distinct(lists: readonly LabelledList[]): LabelledList[] {
  return [...new Map(lists.map((found) => [printPassList(found.list), found])).values()];
}

/** Undefined for a list that this LLVM does not have, or that the audit has found unsafe since. */
function proposed(passes: string, { registry, coreset }: LabelContext): ProposedList | undefined {
  const checked = checkPassList(passes, registry);
  if (!checked.ok) return undefined;
  const { list } = checked;
  const text = printPassList(list);
  const number = coreset.findIndex((known) => printPassList(known) === text);
  return { list, proposal: number < 0 ? { kind: "list", list } : { kind: "coreset", number } };
}
