/** Which lists are broadcast: of the winners of all searches, those that add most to the lists tried already. */

import { contentHash } from "../base/hash.ts";
import { savedPercent } from "../base/stats.ts";
import { splitOf } from "../corpus/split.ts";
import { greedyCoreset } from "./greedy.ts";
import { byLength } from "./measure.ts";
import type { LabelModule } from "./modules.ts";
import type { LabelTable, LabelledModule } from "./table.ts";

/** Winners tried in the pilot: beyond the first few hundred they won on one module, by little. */
const PILOT_LISTS = 300;
/** Modules they are tried on: 300 x 120 compilations take minutes, all winners on all modules days. */
const PILOT_MODULES = 120;

/** What a module that failed under a list saves: so little that no list is chosen for it, in percent. */
export const LOST_PERCENT = -100;

/**
 * Right winners that beat every list of `base` on their training module, most added first, summed over the modules they
 * won on (in percent of -Oz). Winners of other splits are no candidates: a coreset must not know what it is tested on.
 */
export function pilotCandidates(table: LabelTable, base: readonly string[]): string[] {
  const gains = new Map<string, number>();
  for (const module of table.modules.values()) {
    if (splitOf(module.package) !== "train") continue;
    const own = module.own ?? undefined;
    if (own === undefined || table.verdicts.get(own.passes)?.status !== "correct") continue;
    const gain = savedPercent(module.baseline[0], own.size[0]) - bestSaving(module, base);
    if (gain > 0) gains.set(own.passes, (gains.get(own.passes) ?? 0) + gain);
  }
  return [...gains]
    .filter(([passes]) => !base.includes(passes))
    .toSorted(([a, gainA], [b, gainB]) => gainB - gainA || byLength(a, b))
    .slice(0, PILOT_LISTS)
    .map(([passes]) => passes);
}

/** Training modules, drawn by their hashes: what the test modules gain must not steer the choice. */
export function pilotModules(
  modules: readonly LabelModule[],
  count: number = PILOT_MODULES,
): LabelModule[] {
  const key = ({ hash }: LabelModule): string => contentHash(`pilot ${hash}`);
  return modules
    .filter(({ split }) => split === "train")
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .slice(0, count);
}

export interface BroadcastChoice {
  readonly hashes: readonly string[];
  readonly candidates: readonly string[];
  /** Lists that are tried everywhere already. */
  readonly base: readonly string[];
  readonly count: number;
}

export function chooseBroadcast(
  table: LabelTable,
  { hashes, candidates, base, count }: BroadcastChoice,
): string[] {
  const modules = hashes.flatMap((hash) => table.modules.get(hash) ?? []);
  const savings = modules.map((module) => candidates.map((passes) => savingOf(module, passes)));
  const start = modules.map((module) => bestSaving(module, base));
  return greedyCoreset(savings, count, start).flatMap((k) => candidates[k] ?? []);
}

/** Of the objective "size", in percent of -Oz. */
function savingOf({ sizes, baseline }: LabelledModule, passes: string): number {
  const size = sizes.get(passes);
  return size ? savedPercent(baseline[0], size[0]) : LOST_PERCENT;
}

/** With -Oz to fall back on. */
function bestSaving(module: LabelledModule, lists: readonly string[]): number {
  return Math.max(0, ...lists.map((passes) => savingOf(module, passes)));
}
