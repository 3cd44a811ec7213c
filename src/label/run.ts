/**
 * The labelling run, as the published autotuner works: a search on every module, its winner minimised and verified, and
 * the best lists of all tried on every module (*broadcast*). Every step is in the journal when it is done; what is
 * there is not done again, so a run that was stopped, or whose corpus has grown, goes on.
 *
 * `seed`       the first lists, the shipped coreset unless others are given, on every module
 * `search`     from the best of them, a search on each module; winner minimised
 * `deepen`     a longer one on some training modules, whose winners are worth trying elsewhere
 * `verify`     winners, and the lists tried, over self-checking programs; the wrong ones never become labels
 * `broadcast`  the lists that add most to the seed, chosen on a sample of modules, on every module
 */

import { inLanes } from "../base/lanes.ts";
import { type Failure, describeFailure } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { checkPassList } from "../passes/check.ts";
import type { Registry } from "../passes/registry.ts";
import { chooseBroadcast, pilotCandidates, pilotModules } from "./choose.ts";
import { LABEL_VERSION, type LabelLine, type ListsLine, type Size, setName } from "./journal.ts";
import { isFact, measureBaseline, measureLists, searchOwn } from "./measure.ts";
import type { LabelModule } from "./modules.ts";
import { type LabelTable, type LabelledModule, addLine, isRight } from "./table.ts";
import { type Judge, verdictsWanted } from "./verify.ts";

export const PHASES = ["seed", "search", "deepen", "verify", "broadcast"] as const;
export type Phase = (typeof PHASES)[number];

export interface LabelRun {
  readonly pool: Pool;
  readonly registry: Registry;
  readonly llvm: string;
  readonly modules: readonly LabelModule[];
  readonly phases: readonly Phase[];
  readonly seedLists: readonly string[];
  /** Lists that one search measures, besides its founders. */
  readonly budget: number;
  /** Training modules that are searched for longer, and how many lists they get. */
  readonly deepModules: number;
  readonly deepBudget: number;
  readonly seed: number;
  /** How many lists are broadcast. */
  readonly top: number;
  /** Undefined where there is nothing to judge with: then `verify` cannot be among the phases. */
  readonly judge: Judge | undefined;
  /** What earlier runs found; grows. */
  readonly table: LabelTable;
  /** Writes a line to the journal. */
  readonly append: (line: LabelLine) => void;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LabelProgress) => void;
}

export interface LabelProgress {
  readonly phase: Phase | "pilot";
  readonly done: number;
  readonly total: number;
  /** Lists measured in this phase of this run. */
  readonly compilations: number;
  readonly seconds: number;
}

/** Ends early, with all that is done in the journal, when the signal fires. */
export async function runLabels(run: LabelRun): Promise<void> {
  refuseUnsafe(run);
  const seed = declare(run, "seed", run.seedLists);
  const wantsSearch = run.phases.includes("search");
  if (run.phases.includes("seed") || wantsSearch)
    await overModules(run, {
      phase: wantsSearch ? "search" : "seed",
      modules: run.modules,
      isDone: ({ hash }) =>
        isMeasured(run, hash, seed.lists) &&
        (!wantsSearch || run.table.modules.get(hash)?.own !== undefined),
      work: async (module, loaded) =>
        (await tryLists(run, { module, loaded, set: seed })) +
        (wantsSearch && run.table.modules.get(module.hash)?.own === undefined
          ? await searchModule(run, { module, loaded, budget: run.budget })
          : 0),
    });
  if (run.phases.includes("deepen")) await deepen(run);
  if (run.phases.includes("verify")) await verifyWinners(run);
  if (run.phases.includes("broadcast")) await broadcast(run, seed);
}

/** A journal may hold lists with passes that were found unsafe since: they are no labels, and LLVM gets none of them. */
function refuseUnsafe(run: LabelRun): void {
  const { table, registry, llvm } = run;
  const tried = [...table.sets.values()].flatMap(({ lists }) => lists);
  const found = [...table.modules.values()].flatMap(({ own }) => own?.passes ?? []);
  for (const passes of new Set([...tried, ...found])) {
    const checked = checkPassList(passes, registry);
    if (checked.ok || !isRight(table, passes)) continue;
    const why = `not given to LLVM: ${checked.mistakes[0]?.message}`;
    const verdict = { passes, status: "undecided", programs: 0, why } as const;
    record(run, { v: LABEL_VERSION, llvm, kind: "verdict", ...verdict });
  }
}

async function deepen(run: LabelRun): Promise<void> {
  const { table, deepModules, deepBudget: budget } = run;
  await overModules(run, {
    phase: "deepen",
    modules: pilotModules(run.modules, deepModules),
    isDone: ({ hash }) => (table.modules.get(hash)?.budget ?? 0) >= budget,
    work: (module, loaded) => searchModule(run, { module, loaded, budget }),
  });
}

async function verifyWinners(run: LabelRun): Promise<void> {
  const { judge, table, signal, onProgress } = run;
  if (judge === undefined) throw new Error("runLabels: the phase verify needs a judge");
  const wanted = verdictsWanted(table);
  const started = performance.now();
  await judge(wanted, {
    signal,
    onVerdict: (verdict, done) => {
      record(run, { v: LABEL_VERSION, llvm: run.llvm, kind: "verdict", ...verdict });
      const seconds = secondsSince(started);
      onProgress({ phase: "verify", done, total: wanted.length, compilations: done, seconds });
    },
  });
}

/**
 * Once chosen, the lists stay: modules that are added later are tried with the same ones. So are the lists of other
 * machines whose journals were put into this one.
 */
async function broadcast(run: LabelRun, seed: ListsLine): Promise<void> {
  if (run.signal.aborted) return;
  const sets = (): ListsLine[] =>
    [...run.table.sets.values()].filter(({ role }) => role !== "pilot");
  if (!sets().some(({ role }) => role === "broadcast")) await chooseLists(run, seed);
  if (run.signal.aborted) return;
  const lists = [...new Set(sets().flatMap((set) => set.lists))];
  await overModules(run, {
    phase: "broadcast",
    modules: run.modules,
    isDone: ({ hash }) => isMeasured(run, hash, lists),
    work: async (module, loaded) => {
      let compilations = 0;
      for (const set of sets()) compilations += await tryLists(run, { module, loaded, set });
      return compilations;
    },
  });
}

/** Winners tried on a sample of modules, and of these the ones that add most to the seed's lists. */
async function chooseLists(run: LabelRun, seed: ListsLine): Promise<void> {
  const candidates = pilotCandidates(run.table, seed.lists);
  if (candidates.length === 0) return;
  const pilot = declare(run, "pilot", candidates);
  const wanted = new Set(pilotModules(run.modules));
  const modules = run.modules.filter((module) => wanted.has(module));
  await overModules(run, {
    phase: "pilot",
    modules,
    isDone: ({ hash }) => isMeasured(run, hash, candidates),
    work: (module, loaded) => tryLists(run, { module, loaded, set: pilot }),
  });
  if (run.signal.aborted) return;
  const hashes = modules.map(({ hash }) => hash);
  const how = { hashes, candidates, base: seed.lists, count: run.top };
  const chosen = chooseBroadcast(run.table, how);
  if (chosen.length > 0) declare(run, "broadcast", chosen);
}

function declare(run: LabelRun, role: ListsLine["role"], lists: readonly string[]): ListsLine {
  const set = setName(lists);
  const known = run.table.sets.get(set);
  if (known?.role === role) return known;
  const line: ListsLine = {
    v: LABEL_VERSION,
    llvm: run.llvm,
    kind: "lists",
    set,
    role,
    lists: [...lists],
  };
  record(run, line);
  return line;
}

function record(run: LabelRun, line: LabelLine): void {
  const [conflict] = addLine(run.table, line);
  if (conflict !== undefined) {
    throw new Error(
      `the journal has ${conflict.known} for module ${conflict.module} and ${conflict.passes}, ` +
        `measured now: ${conflict.found}; want equal sizes: use a new --out folder for another LLVM or machine`,
    );
  }
  run.append(line);
}

interface Step {
  readonly phase: LabelProgress["phase"];
  readonly modules: readonly LabelModule[];
  readonly isDone: (module: LabelModule) => boolean;
  /** Gives how many lists it measured. */
  readonly work: (module: LabelModule, loaded: LoadedModule) => Promise<number>;
}

/** One module a worker at a time. A module that is none is noted, and not tried again. */
async function overModules(run: LabelRun, { phase, modules, isDone, work }: Step): Promise<void> {
  const { pool, table, signal, onProgress } = run;
  const started = performance.now();
  const open = modules.filter((module) => !table.unusable.has(module.hash) && !isDone(module));
  let done = modules.length - open.length;
  let compilations = 0;
  await inLanes(
    open,
    async (module) => {
      const loaded = await pool.load(module.bitcode(), module.hash);
      if (loaded.status !== "ok") setAside(run, module, loaded);
      else if (loaded.value.info.functions === 0) setAside(run, module, NO_FUNCTION);
      else {
        const measured = await work(module, loaded.value);
        compilations += measured; // read after the wait: other lanes add to it meanwhile
      }
      if (loaded.status === "ok") pool.unload(loaded.value);
      done++;
      const seconds = secondsSince(started);
      onProgress({ phase, done, total: modules.length, compilations, seconds });
    },
    { lanes: pool.workers, signal },
  );
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;
/** Milliseconds are as exact as the journal needs. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function isMeasured({ table }: LabelRun, hash: string, lists: readonly string[]): boolean {
  const sizes = table.modules.get(hash)?.sizes;
  return sizes !== undefined && lists.every((passes) => sizes.has(passes));
}

interface Loaded {
  readonly module: LabelModule;
  readonly loaded: LoadedModule;
}

/** Measures what is not known of `set` yet. */
async function tryLists(
  run: LabelRun,
  { module, loaded, set }: Loaded & { set: ListsLine },
): Promise<number> {
  if (run.signal.aborted || isMeasured(run, module.hash, set.lists)) return 0;
  const { pool, table } = run;
  const started = performance.now();
  const known = table.modules.get(module.hash);
  const baseline = known?.baseline ?? (await baselineOf(run, module, loaded));
  if (baseline === undefined) return 1;
  const open = set.lists.filter(
    (passes) => known?.sizes.has(passes) !== true && isRight(table, passes),
  );
  const measured = await measureLists(pool, loaded, open);
  const fresh = new Map(open.map((passes, index) => [passes, measured[index] ?? null]));
  const all = set.lists.map((passes) => fresh.get(passes) ?? known?.sizes.get(passes) ?? null);
  record(run, {
    ...headOf(run, module, baseline),
    kind: "sizes",
    set: set.set,
    sizes: all.map((size) => size?.[0] ?? null),
    published: all.map((size) => size?.[1] ?? null),
    seconds: rounded(secondsSince(started)),
  });
  return open.length;
}

/** Undefined, and noted, where -Oz cannot be measured. */
async function baselineOf(
  run: LabelRun,
  module: LabelModule,
  loaded: LoadedModule,
): Promise<Size | undefined> {
  const outcome = await measureBaseline(run.pool, loaded);
  if (outcome.status === "ok") return outcome.value;
  setAside(run, module, outcome);
  return undefined;
}

const NO_FUNCTION: Failure = { status: "rejected", message: "it has no function" };

/** Not where the machine may be to blame: then the next run tries the module again. */
function setAside(run: LabelRun, module: LabelModule, failure: Failure): void {
  if (!isFact(failure)) return;
  const { llvm } = run;
  const { hash, package: name } = module;
  const why = describeFailure(failure);
  record(run, { v: LABEL_VERSION, llvm, kind: "unusable", module: hash, package: name, why });
}

/** From the smallest lists known. A module whose sizes are not known yet is not searched. */
async function searchModule(
  run: LabelRun,
  { module, loaded, budget }: Loaded & { budget: number },
): Promise<number> {
  const known = run.table.modules.get(module.hash);
  if (run.signal.aborted || known === undefined) return 0;
  const { pool, registry, seed, signal } = run;
  const started = performance.now();
  const how = { registry, budget, seed, signal, known: rightSizes(run.table, known) };
  const found = await searchOwn(pool, loaded, how);
  if (signal.aborted || found.status !== "ok") return 0;
  const { own } = found.value;
  record(run, {
    ...headOf(run, module, known.baseline),
    kind: "own",
    budget,
    ...found.value,
    own: own && { ...own, size: measuredBefore(known, own.passes) ?? own.size },
    seconds: rounded(secondsSince(started)),
  });
  return found.value.compilations;
}

/**
 * The first measurement stands. A second one may differ on this very machine: what gvn-sink of LLVM 22 makes depends on
 * addresses (LOG.md), so on one module in a thousand a list has two sizes.
 */
function measuredBefore({ sizes, own }: LabelledModule, passes: string): Size | undefined {
  return (own?.passes === passes ? own.size : sizes.get(passes)) ?? undefined;
}

function rightSizes(table: LabelTable, { sizes, own }: LabelledModule): Map<string, Size | null> {
  const all = own ? [...sizes, [own.passes, own.size] as const] : [...sizes];
  return new Map(all.filter(([passes]) => isRight(table, passes)));
}

function headOf({ llvm }: LabelRun, { hash, package: name, bytes }: LabelModule, baseline: Size) {
  return { v: LABEL_VERSION, llvm, module: hash, package: name, bytes, baseline } as const;
}
