/**
 * What the lines of one or several label journals say together: for each module its size under each list. Adding a line
 * that contradicts what is known gives conflicts: a fresh measurement is a function of module, list and LLVM version, so
 * unequal sizes mean that a machine differs from the others.
 */

import type { LabelLine, ListsLine, OwnLine, Size, SizesLine, VerdictLine } from "./journal.ts";

export interface LabelledModule {
  readonly hash: string;
  readonly package: string;
  readonly bytes: number;
  readonly baseline: Size;
  /** By pass list; null where the list failed. */
  readonly sizes: Map<string, Size | null>;
  /** The best list that a search found, if one ran: null where it found none. */
  own: { readonly passes: string; readonly size: Size } | null | undefined;
  /** Of the longest search. */
  budget: number;
  /** Lists that the searches measured. */
  compilations: number;
  /** Of work on this module. */
  seconds: number;
}

export interface LabelTable {
  /** Undefined until the first line. */
  llvm: string | undefined;
  readonly modules: Map<string, LabelledModule>;
  /** By the set's name, in the order of their first mention. */
  readonly sets: Map<string, ListsLine>;
  readonly verdicts: Map<string, VerdictLine>;
  /** Why a module has no labels. */
  readonly unusable: Map<string, string>;
}

export interface Conflict {
  readonly module: string;
  readonly passes: string;
  readonly known: string;
  readonly found: string;
}

export function makeTable(): LabelTable {
  return {
    llvm: undefined,
    modules: new Map(),
    sets: new Map(),
    verdicts: new Map(),
    unusable: new Map(),
  };
}

/** Whether nothing speaks against a list: a list that was not judged may still be a label, marked unchecked. */
export function isRight({ verdicts }: LabelTable, passes: string): boolean {
  return (verdicts.get(passes)?.status ?? "correct") === "correct";
}

/** Puts all `lines` in, sets first: a `sizes` line may stand before its set when journals are joined. */
export function addLines(table: LabelTable, lines: readonly LabelLine[]): Conflict[] {
  const isSet = ({ kind }: LabelLine): boolean => kind === "lists";
  return [...lines.filter(isSet), ...lines.filter((line) => !isSet(line))].flatMap((line) =>
    addLine(table, line),
  );
}

export function addLine(table: LabelTable, line: LabelLine): Conflict[] {
  table.llvm ??= line.llvm;
  if (line.llvm !== table.llvm) {
    const module = "module" in line ? line.module : "";
    return [{ module, passes: "", known: `LLVM ${table.llvm}`, found: `LLVM ${line.llvm}` }];
  }
  switch (line.kind) {
    case "lists":
      table.sets.set(line.set, line);
      return [];
    case "sizes":
      return addSizes(table, line);
    case "own":
      return addOwn(table, line);
    case "verdict":
      return addVerdict(table, line);
    case "unusable":
      table.unusable.set(line.module, line.why);
      return [];
    default:
      return line satisfies never;
  }
}

function moduleOf(
  { modules }: LabelTable,
  line: SizesLine | OwnLine,
): { module: LabelledModule; conflicts: Conflict[] } {
  const known = modules.get(line.module);
  if (known !== undefined) {
    known.seconds += line.seconds;
    return {
      module: known,
      conflicts: compared(known, "default<Oz>", known.baseline, line.baseline),
    };
  }
  const module: LabelledModule = {
    hash: line.module,
    package: line.package,
    bytes: line.bytes,
    baseline: line.baseline,
    sizes: new Map(),
    own: undefined,
    budget: 0,
    compilations: 0,
    seconds: line.seconds,
  };
  modules.set(line.module, module);
  return { module, conflicts: [] };
}

function addSizes(table: LabelTable, line: SizesLine): Conflict[] {
  const set = table.sets.get(line.set);
  if (set === undefined) return []; // the line that names its lists is lost, so it says nothing
  const { module, conflicts } = moduleOf(table, line);
  const more = set.lists.flatMap((passes, index) => {
    const size = line.sizes[index] ?? null;
    const published = line.published[index] ?? null;
    return addSize(module, passes, size === null || published === null ? null : [size, published]);
  });
  return [...conflicts, ...more];
}

/** A failure may be this machine's alone (a time-out), so a size stands against it. */
function addSize(module: LabelledModule, passes: string, size: Size | null): Conflict[] {
  const known = module.sizes.get(passes) ?? undefined;
  if (known === undefined) module.sizes.set(passes, size);
  return known === undefined || size === null ? [] : compared(module, passes, known, size);
}

function compared({ hash }: LabelledModule, passes: string, known: Size, found: Size): Conflict[] {
  if (known[0] === found[0] && known[1] === found[1]) return [];
  return [{ module: hash, passes, known: known.join(" and "), found: found.join(" and ") }];
}

/** Searches may differ in what they find: the smaller one stands. What they measured must agree. */
function addOwn(table: LabelTable, line: OwnLine): Conflict[] {
  const { module, conflicts } = moduleOf(table, line);
  module.compilations += line.compilations;
  module.budget = Math.max(module.budget, line.budget);
  if (module.own === undefined) module.own = null;
  const { own } = line;
  if (own === null) return conflicts;
  const before = module.own;
  if (before === null || own.size[0] < before.size[0]) module.own = own;
  const same = before?.passes === own.passes ? before.size : module.sizes.get(own.passes);
  return same ? [...conflicts, ...compared(module, own.passes, same, own.size)] : conflicts;
}

const GRAVITY = { wrong: 2, undecided: 1, correct: 0 } as const;

/** The gravest verdict stands: a list that fails once is not right. */
function addVerdict({ verdicts }: LabelTable, line: VerdictLine): Conflict[] {
  const known = verdicts.get(line.passes);
  if (known === undefined || GRAVITY[line.status] > GRAVITY[known.status])
    verdicts.set(line.passes, line);
  return [];
}
