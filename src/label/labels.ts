/** Labels as they are published: one row a module, its sizes under lists that are right, and its own best. */

import { splitOf } from "../corpus/split.ts";
import type { Size } from "./journal.ts";
import { byLength } from "./measure.ts";
import { type LabelTable, type LabelledModule, isRight } from "./table.ts";

export interface Labels {
  readonly llvm: string;
  /** A list's id is its place here. The first ones were tried on every module; the others are some module's own. */
  readonly lists: readonly LabelList[];
  readonly rows: readonly LabelRow[];
}

export interface LabelList {
  readonly passes: string;
  readonly isBroadcast: boolean;
  /** What self-checking programs said; "unchecked" where it was not asked. */
  readonly verdict: "correct" | "unchecked";
}

export interface LabelRow {
  /** SHA-256 of the bitcode. */
  readonly module: string;
  readonly package: string;
  readonly split: string;
  readonly bitcodeBytes: number;
  readonly oz: Size;
  /** By id of the broadcast lists; null where the list failed on this module. */
  readonly sizes: readonly (Size | null)[];
  /** The list that makes the module smallest: of those tried and those its search found. Null where that is -Oz. */
  readonly own: { readonly list: number; readonly size: Size } | null;
  /** Lists that its search measured. */
  readonly compilations: number;
  readonly milliseconds: number;
}

/**
 * The labels of all modules that were searched and tried with every list that is right. Lists that were found wrong, or
 * could not be decided, are in none of them: a module whose search won with one gets the best of the others.
 */
export function labelsOf(table: LabelTable): Labels {
  const tried = [...table.sets.values()].filter(({ role }) => role !== "pilot");
  const broadcast = [...new Set(tried.flatMap(({ lists }) => lists))].filter((text) =>
    isRight(table, text),
  );
  const modules = [...table.modules.values()]
    .filter(({ own, sizes }) => own !== undefined && broadcast.every((text) => sizes.has(text)))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  const best = new Map(modules.map((module) => [module, bestOf(table, module)]));
  const own = [...best.values()].flatMap((found) => found?.passes ?? []);
  const passes = [...new Set([...broadcast, ...own.toSorted(byLength)])];
  const ids = new Map(passes.map((text, id) => [text, id]));
  return {
    llvm: table.llvm ?? "",
    lists: passes.map((text, id) => ({
      passes: text,
      isBroadcast: id < broadcast.length,
      verdict: table.verdicts.has(text) ? "correct" : "unchecked",
    })),
    rows: modules.map((module) => {
      const found = best.get(module);
      return {
        module: module.hash,
        package: module.package,
        split: splitOf(module.package),
        bitcodeBytes: module.bytes,
        oz: module.baseline,
        sizes: broadcast.map((text) => module.sizes.get(text) ?? null),
        own: found === undefined ? null : { list: ids.get(found.passes) ?? 0, size: found.size },
        compilations: module.compilations,
        milliseconds: Math.round(module.seconds * 1000),
      };
    }),
  };
}

/** The smallest that is smaller than -Oz; of equals the shortest list. */
function bestOf(
  table: LabelTable,
  { sizes, own, baseline }: LabelledModule,
): { passes: string; size: Size } | undefined {
  const tried = [...sizes].flatMap(([passes, size]) => (size === null ? [] : [{ passes, size }]));
  return [...tried, ...(own ? [own] : [])]
    .filter(({ passes, size }) => size[0] < baseline[0] && isRight(table, passes))
    .toSorted((a, b) => a.size[0] - b.size[0] || byLength(a.passes, b.passes))[0];
}
