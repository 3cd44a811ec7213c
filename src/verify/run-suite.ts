/**
 * Pass lists over a suite. For each program: the object out of the worker pool, linked, run, compared with -O0. All lists
 * are tried on a program before the next one is taken: the worker then holds its module, and lists that give the same
 * object are told apart from the others by its hash alone.
 */

import type { OutcomeStatus } from "../llvm/outcome.ts";
import { type Failure, describeFailure } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { makeRng } from "../base/rng.ts";
import { withMandatoryInlining } from "../passes/mandatory.ts";
import { parsePassList } from "../passes/parse.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { compareRun, judgeObject } from "./judge.ts";
import { inLanes } from "../base/lanes.ts";
import { type ReadyProgram, prepareProgram, rememberReady } from "./program.ts";
import type { Rig } from "./rig.ts";
import type { Program, Suite, SuiteContext } from "./suite.ts";
import { type Verdict, undecided } from "./verdict.ts";

export interface PreparedSuite {
  readonly name: string;
  readonly programs: readonly ReadyProgram[];
  /** Programs that can show nothing here, and why. */
  readonly leftOut: readonly { readonly program: string; readonly why: string }[];
}

export interface WrongProgram {
  readonly program: string;
  readonly counterexample: string;
}

export interface UndecidedProgram {
  readonly program: string;
  readonly why: string;
  /** What LLVM did with the list, when there was no object to run. */
  readonly outcome?: Failure["status"];
}

export interface SuiteReport {
  readonly suite: string;
  /** Programs tried: correct, wrong and undecided together. */
  readonly run: number;
  readonly correct: number;
  readonly wrong: readonly WrongProgram[];
  readonly undecided: readonly UndecidedProgram[];
  readonly seconds: number;
  /** Objects linked and run for this; the others were known. */
  readonly executed: number;
}

export interface VerifyOptions {
  readonly rig: Rig;
  /** Programs worked on at a time; as many as the pool has workers when left out. */
  readonly lanes?: number | undefined;
  /** Once a list has so many programs wrong, or so many without an object, the rest of the suite is not asked. */
  readonly maxFailures?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

export interface VerifyProgress {
  readonly done: number;
  readonly total: number;
  readonly wrong: number;
  readonly seconds: number;
}

/** One list over one suite. */
export async function verifyPassList(
  pool: Pool,
  passes: string,
  suite: PreparedSuite,
  options: VerifyOptions,
): Promise<SuiteReport> {
  const [report] = await verifyPassLists(pool, [passes], suite, options);
  if (report === undefined) throw new Error("verifyPassLists gave no report for its list");
  return report;
}

/** Many lists over one suite; the reports come in the order of the lists. */
export async function verifyPassLists(
  pool: Pool,
  lists: readonly string[],
  suite: PreparedSuite,
  options: VerifyOptions,
): Promise<SuiteReport[]> {
  const { signal, onProgress, lanes = pool.workers } = options;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const tallies = lists.map(() => makeTally());
  let done = 0;
  await inLanes(
    suite.programs,
    async (ready) => {
      await tryLists(pool, ready, { lists, tallies, options });
      done++;
      const wrong = tallies.reduce((total, tally) => total + tally.wrong.length, 0);
      onProgress?.({ done, total: suite.programs.length, wrong, seconds: seconds() });
    },
    { lanes, signal },
  );
  return tallies.map(({ correct, wrong, undecided: open, executed }) => ({
    suite: suite.name,
    run: correct + wrong.length + open.length,
    correct,
    wrong: wrong.toSorted(byProgram),
    undecided: open.toSorted(byProgram),
    seconds: seconds(),
    executed,
  }));
}

const byProgram = (a: { program: string }, b: { program: string }): number =>
  a.program < b.program ? -1 : 1;

interface Tally {
  correct: number;
  readonly wrong: WrongProgram[];
  readonly undecided: UndecidedProgram[];
  executed: number;
}

const makeTally = (): Tally => ({ correct: 0, wrong: [], undecided: [], executed: 0 });

async function tryLists(
  pool: Pool,
  ready: ReadyProgram,
  work: { lists: readonly string[]; tallies: readonly Tally[]; options: VerifyOptions },
): Promise<void> {
  const {
    lists,
    tallies,
    options: { rig, maxFailures = Number.POSITIVE_INFINITY, signal },
  } = work;
  const isOpen = ({ wrong, undecided: open }: Tally): boolean =>
    wrong.length < maxFailures && open.length < maxFailures;
  if (!tallies.some(isOpen)) return;
  const loaded = await pool.load(ready.bitcode, ready.program.name);
  if (loaded.status !== "ok") {
    if (signal?.aborted !== true) for (const tally of tallies) count(tally, ready, failed(loaded));
    return;
  }
  for (const [index, passes] of lists.entries()) {
    const tally = tallies[index];
    if (tally === undefined || !isOpen(tally)) continue;
    const answer = await tryList(pool, { ready, module: loaded.value }, { rig, passes });
    if (signal?.aborted === true) break; // the pool drops what it is doing, which proves nothing
    count(tally, ready, answer);
  }
  pool.unload(loaded.value);
}

export interface Answer {
  readonly verdict: Verdict;
  readonly outcome: OutcomeStatus;
  /** Whether it took a link and a run. */
  readonly isNew: boolean;
}

/** One list on one loaded program. */
export async function tryList(
  pool: Pool,
  { ready, module }: { ready: ReadyProgram; module: LoadedModule },
  { rig, passes }: { rig: Rig; passes: string },
): Promise<Answer> {
  const object = await pool.emit(module, completed(module, passes), "object");
  if (object.status !== "ok") return failed(object);
  return { ...(await judgeObject(rig, ready, object.value)), outcome: "ok" };
}

/** As the tuner does: without mandatory inlining no list would be right, which says nothing of its passes. */
function completed({ info }: LoadedModule, passes: string): string {
  const parsed = parsePassList(passes);
  return info.hasAlwaysInline && parsed.ok
    ? printPassList(withMandatoryInlining(parsed.list))
    : passes;
}

function failed(failure: Failure): Answer {
  return { verdict: undecided(describeFailure(failure)), outcome: failure.status, isNew: false };
}

function count(
  tally: Tally,
  { program: { name: program } }: ReadyProgram,
  { verdict, outcome, isNew }: Answer,
): void {
  if (isNew) tally.executed++;
  switch (verdict.status) {
    case "correct":
      tally.correct++;
      break;
    case "wrong":
      tally.wrong.push({ program, counterexample: verdict.counterexample });
      break;
    case "undecided":
      tally.undecided.push({ program, why: verdict.why, ...(outcome !== "ok" && { outcome }) });
      break;
    default:
      verdict satisfies never;
  }
}

export interface PrepareOptions {
  readonly rig: Rig;
  readonly context: Omit<SuiteContext, "toolchain" | "cache">;
  /** Only so many programs, drawn by the context's seed. */
  readonly sample?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The suite's programs, each compiled, run at -O0 and tried with LLVM's own pipelines; or why there are none. */
export async function prepareSuite(
  pool: Pool,
  suite: Suite,
  { rig, context, sample, signal, onProgress }: PrepareOptions,
): Promise<PreparedSuite | { readonly unavailable: string }> {
  const found = await suite.programs({ ...context, toolchain: rig.toolchain, cache: rig.cache });
  if (found.status === "unavailable") return { unavailable: found.why };
  const wanted =
    sample === undefined ? found.programs : drawn(found.programs, sample, context.seed);
  const made = new Map<Program, ReadyProgram | string>();
  await inLanes(
    wanted,
    async (program) => {
      made.set(program, await readyProgram(pool, rig, { program, signal }));
      onProgress?.(made.size, wanted.length);
    },
    { lanes: pool.workers, signal },
  );
  const results = wanted.map((program) => ({
    program: program.name,
    result: made.get(program) ?? "interrupted",
  }));
  return {
    name: suite.name,
    programs: results.flatMap(({ result }) => (typeof result === "string" ? [] : [result])),
    leftOut: results.flatMap(({ program, result }) =>
      typeof result === "string" ? [{ program, why: result }] : [],
    ),
  };
}

/** The same ones for the same seed, in the suite's order. */
function drawn(programs: readonly Program[], sample: number, seed: number): Program[] {
  const chosen = new Set(makeRng(`sample ${seed}`).shuffle(programs).slice(0, sample));
  return programs.filter((program) => chosen.has(program));
}

/** -Oz, the most that LLVM does, and the least: what clang runs at -O0. Some torture tests count on being optimised. */
const STOCK: readonly string[] = [...[presets.Oz, presets.O3].map(printPassList), "always-inline"];

/** Compiled, run at -O0, tried with LLVM's own pipelines; or why it is left out. */
export async function readyProgram(
  pool: Pool,
  rig: Rig,
  { program, signal }: { program: Program; signal?: AbortSignal | undefined },
): Promise<ReadyProgram | string> {
  const prepared = await prepareProgram(rig, program);
  if (prepared.status === "left-out") return prepared.why;
  const { ready } = prepared;
  const open = STOCK.filter((passes) => !ready.safeWith.includes(passes));
  if (open.length === 0 && (ready.loads !== undefined || rig.loader === undefined)) return ready;
  const why = await stockFailure(pool, rig, { ready, lists: open });
  if (signal?.aborted === true) return "interrupted";
  if (why !== undefined) return why;
  const known = { ...ready, safeWith: STOCK, loads: await loadsAsLinked(pool, rig, ready) };
  rememberReady(rig, known);
  return known;
}

/** Whether its -Oz object, run without a linker, does what the linked -O0 program does. Undefined without a loader. */
async function loadsAsLinked(
  pool: Pool,
  { loader }: Rig,
  ready: ReadyProgram,
): Promise<boolean | undefined> {
  if (loader === undefined) return undefined;
  const module = await pool.load(ready.bitcode, ready.program.name);
  if (module.status !== "ok") return undefined;
  const object = await pool.emit(module.value, printPassList(presets.Oz), "object");
  pool.unload(module.value);
  if (object.status !== "ok") return undefined;
  const run = await loader.run(object.value, { cpuSeconds: ready.program.timeLimitSeconds });
  return run.status !== "unsupported" && compareRun(run, ready).status === "correct";
}

async function stockFailure(
  pool: Pool,
  rig: Rig,
  { ready, lists }: { ready: ReadyProgram; lists: readonly string[] },
): Promise<string | undefined> {
  const loaded = await pool.load(ready.bitcode, ready.program.name);
  if (loaded.status !== "ok") return describeFailure(loaded);
  try {
    for (const passes of lists) {
      const { verdict } = await tryList(pool, { ready, module: loaded.value }, { rig, passes });
      if (verdict.status === "wrong") return `fails with ${passes} too: ${verdict.counterexample}`;
      if (verdict.status === "undecided") return `${passes}: ${verdict.why}`;
    }
    return undefined;
  } finally {
    pool.unload(loaded.value);
  }
}
