/** Labels as they are published: one row a module, its sizes under lists that are right, and its own best. */

import { splitOf } from "../corpus/split.ts";
import { LABEL_VERSION, type LabelLine, type Size, setName } from "./journal.ts";
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
  /** By id of the broadcast lists; null where the list failed on this module, or was not tried on it (`partly`). */
  readonly sizes: readonly (Size | null)[];
  /** The list that makes the module smallest: of those tried and those its search found. Null where that is -Oz. */
  readonly own: { readonly list: number; readonly size: Size } | null;
  /** Lists that its search measured; 0 where it was not searched. */
  readonly compilations: number;
  readonly milliseconds: number;
}

/**
 * The labels of all modules that were searched and tried with every list that is right; `partly`: of all that were tried with any.
 * Lists that were found wrong, or could not be decided, are in none of them: a module whose search won with one gets the best of
 * the others.
 */
export function labelsOf(table: LabelTable, { partly = false } = {}): Labels {
  const tried = [...table.sets.values()].filter(({ role }) => role !== "pilot");
  const broadcast = [...new Set(tried.flatMap(({ lists }) => lists))].filter((text) =>
    isRight(table, text),
  );
  const modules = [...table.modules.values()]
    .filter(
      ({ own, sizes }) =>
        partly || (own !== undefined && broadcast.every((text) => sizes.has(text))),
    )
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

/** The lines of a journal that give these labels again, but for time: published labels can be merged with journals. */
export function linesOf({ llvm, lists, rows }: Labels): LabelLine[] {
  const head = { v: LABEL_VERSION, llvm } as const;
  const tried = lists.filter(({ isBroadcast }) => isBroadcast).map(({ passes }) => passes);
  const set = setName(tried);
  const verdicts = lists.flatMap(({ passes, verdict }): LabelLine[] =>
    verdict === "correct"
      ? [{ ...head, kind: "verdict", passes, status: verdict, programs: 0, why: "published" }]
      : [],
  );
  const measured = rows.flatMap((row): LabelLine[] => {
    const { module, package: from, bitcodeBytes: bytes, oz: baseline, own, compilations } = row;
    const ofModule = { ...head, module, package: from, bytes, baseline };
    // One that was tried on every module is among the sizes.
    const isOwn = own !== null && own.list >= tried.length;
    const best = isOwn ? { passes: lists[own.list]?.passes ?? "", size: own.size } : null;
    const sizes = {
      sizes: row.sizes.map((size) => size?.[0] ?? null),
      published: row.sizes.map((size) => size?.[1] ?? null),
    };
    const seconds = row.milliseconds / 1000;
    return [
      { ...ofModule, kind: "sizes", set, ...sizes, seconds },
      { ...ofModule, kind: "own", own: best, budget: compilations, compilations, seconds: 0 },
    ];
  });
  return [
    { ...head, kind: "lists", set, role: "broadcast", lists: tried },
    ...verdicts,
    ...measured,
  ];
}
