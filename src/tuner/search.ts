/**
 * Runs one strategy on one module within a budget. Staged measurements only: whoever uses the result measures its
 * winners again, fresh (`confirm.ts`). A pass list is checked before LLVM sees it, measured once, and never counted twice.
 */

import { makeRng } from "../base/rng.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Measurement } from "../llvm/protocol.ts";
import { type Failure, type Outcome, type OutcomeStatus } from "../llvm/outcome.ts";
import { checkPassList } from "../passes/check.ts";
import { withMandatoryInlining } from "../passes/mandatory.ts";
import { printPassList, printSteps } from "../passes/print.ts";
import type { Registry } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import type { Coreset } from "./coreset.ts";
import type { Journal } from "./journal.ts";
import { type Objective, score } from "./objective.ts";
import type { Proposals, Scored, Strategy } from "./strategy.ts";

export interface SearchOptions {
  readonly strategy: Strategy;
  /** Measured before the strategy starts; they count like any other. */
  readonly proposals?: Proposals | undefined;
  readonly objective: Objective;
  /** Distinct pass lists measured at most; -Oz itself is not counted. */
  readonly compilations: number;
  /** Wall-clock bound: the one thing that can make two runs differ. */
  readonly seconds?: number | undefined;
  readonly seed: number;
  readonly coreset: Coreset;
  readonly registry: Registry;
  readonly journal: Journal;
  /** The objective's value of -Oz. */
  readonly baseline: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  readonly compilations: number;
  readonly best: number;
  readonly seconds: number;
}

export interface SearchResult {
  /** Up to KEPT best lists that are smaller than -Oz, best first, shorter first among equals. */
  readonly winners: readonly (Scored & { readonly value: number })[];
  readonly compilations: number;
  /** Of these, how many took code generation; the others were equal to a module already compiled. */
  readonly generated: number;
  readonly outcomes: Readonly<Record<OutcomeStatus, number>>;
  /** (compilations, best value) whenever the best changed. */
  readonly curve: readonly (readonly [number, number])[];
  readonly ended: "budget" | "time" | "interrupted" | "exhausted";
}

const KEPT = 5;
/** One request at work and one waiting, so that no worker idles between two; the rest waits here, to be stopped at once. */
const LANES_PER_WORKER = 2;
/** A strategy that proposes nothing new so often in a row has nothing new to propose. */
const MAX_IDLE_BATCHES = 50;

export async function search(
  pool: Pool,
  module: LoadedModule,
  options: SearchOptions,
): Promise<SearchResult> {
  const state = startState(options);
  const run = proposedFirst(options, state);
  let batch = await run.next([]);
  let idle = 0;
  while (
    batch.done !== true &&
    idle < MAX_IDLE_BATCHES &&
    reasonToStop(options, state) === undefined
  ) {
    const before = state.memo.size;
    const results = await measureBatch(pool, module, { lists: batch.value, options, state });
    idle = state.memo.size === before ? idle + 1 : 0;
    batch = await run.next(results);
  }
  return {
    ...state,
    winners: state.winners,
    ended: reasonToStop(options, state) ?? "exhausted",
    compilations: state.memo.size,
  };
}

async function* proposedFirst(
  { proposals, strategy, compilations, ...options }: SearchOptions,
  state: State,
): Proposals {
  const known: Scored[] = [];
  let batch = await proposals?.next([]);
  while (batch !== undefined && batch.done !== true) {
    const results = yield batch.value;
    known.push(...results);
    batch = await proposals?.next(results);
  }
  const { registry, coreset, baseline } = options;
  const budget = compilations - state.memo.size;
  yield* strategy({ rng: makeRng(options.seed), registry, coreset, baseline, budget, known });
}

interface State {
  readonly started: number;
  readonly memo: Map<string, number | undefined>;
  winners: (Scored & { value: number })[];
  generated: number;
  readonly outcomes: Record<OutcomeStatus, number>;
  readonly curve: [number, number][];
}

function startState({ baseline }: SearchOptions): State {
  return {
    started: performance.now(),
    memo: new Map(),
    winners: [],
    generated: 0,
    curve: [[0, baseline]],
    outcomes: { ok: 0, rejected: 0, invalid: 0, crashed: 0, timeout: 0, oom: 0 },
  };
}

function reasonToStop(
  { signal, seconds, compilations }: SearchOptions,
  state: State,
): SearchResult["ended"] | undefined {
  if (signal?.aborted === true) return "interrupted";
  if (state.memo.size >= compilations) return "budget";
  return seconds !== undefined && secondsSince(state.started) >= seconds ? "time" : undefined;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Measures what is new in `lists`, as far as the budget goes; results in the order of `lists`, cut where it ended. */
async function measureBatch(
  pool: Pool,
  module: LoadedModule,
  work: { lists: readonly PassList[]; options: SearchOptions; state: State },
): Promise<Scored[]> {
  const { options, state } = work;
  const lists = module.info.hasAlwaysInline ? work.lists.map(withMandatoryInlining) : work.lists;
  const texts = lists.map(printPassList);
  const fresh = [...new Set(texts)].filter((text) => !state.memo.has(text));
  const affordable = fresh.slice(0, options.compilations - state.memo.size);
  const outcomes: (Outcome<Measurement> | undefined)[] = [];
  const queue = [...affordable.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (reasonToStop(options, state) !== undefined) return;
      outcomes[next[0]] = await measureOne(pool, module, { text: next[1], options });
    }
  };
  await untilAborted(
    Promise.all(Array.from({ length: LANES_PER_WORKER * pool.workers }, lane)),
    options.signal,
  );
  for (const [i, text] of affordable.entries())
    record({ lists, options, state }, text, outcomes[i]);
  return lists.flatMap((list, i) =>
    state.memo.has(texts[i] ?? "") ? [{ list, value: state.memo.get(texts[i] ?? "") }] : [],
  );
}

async function measureOne(
  pool: Pool,
  module: LoadedModule,
  { text, options }: { text: string; options: SearchOptions },
): Promise<Outcome<Measurement> | undefined> {
  const known = options.journal.find(text);
  if (known !== undefined) return known;
  const checked = checkPassList(text, options.registry);
  if (!checked.ok) return refused(text, checked.mistakes[0]?.message);
  const steps = printSteps(checked.list);
  const outcome = await pool.measure(module, steps, { fresh: false, timeoutMs: options.timeoutMs });
  if (options.signal?.aborted === true) return undefined; // it may have been dropped for that
  // A time-out tells of this machine at this moment, so it is no fact to keep.
  if (outcome.status !== "timeout") options.journal.add(text, outcome);
  return outcome;
}

function refused(text: string, why = "no reason"): Failure {
  return { status: "rejected", message: `not given to LLVM: ${why} in ${text}` };
}

function record(
  { lists, options, state }: { lists: readonly PassList[]; options: SearchOptions; state: State },
  text: string,
  outcome: Outcome<Measurement> | undefined,
): void {
  if (outcome === undefined) return;
  state.outcomes[outcome.status]++;
  const value = outcome.status === "ok" ? score(outcome.value, options.objective) : undefined;
  if (outcome.status === "ok" && outcome.value.generated) state.generated++;
  state.memo.set(text, value);
  const list = lists.find((candidate) => printPassList(candidate) === text);
  if (value !== undefined && value < options.baseline && list !== undefined)
    addWinner(state, { list, value });
  options.onProgress?.({
    compilations: state.memo.size,
    best: state.winners[0]?.value ?? options.baseline,
    seconds: secondsSince(state.started),
  });
}

function addWinner(state: State, found: Scored & { value: number }): void {
  const last = state.curve.at(-1)?.[1] ?? Number.POSITIVE_INFINITY;
  if (found.value < last) state.curve.push([state.memo.size, found.value]);
  state.winners = [...state.winners, found]
    .toSorted(
      (a, b) => a.value - b.value || printPassList(a.list).length - printPassList(b.list).length,
    )
    .slice(0, KEPT);
}

/** The promise's value, or undefined as soon as the signal fires; Ctrl-C does not wait for a slow pass. */
async function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) return undefined;
  let stop = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
