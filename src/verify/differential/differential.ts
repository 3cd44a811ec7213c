/**
 * Runs a module's functions on made-up arguments, built by a candidate pass list and by builds that are trusted, and
 * compares what can be seen: results, memory written, output, calls of what lies outside. An input counts only when
 * the reference was not seen to do anything undefined and all trusted builds agree; a function is called correct when
 * enough inputs counted, and wrong when the candidate departs from what they agree on. It is a test, not a proof.
 *
 * x86_64 only: the programs run here.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, describeFailure, ok } from "../../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../../llvm/pool.ts";
import { type Verdict, correct, undecided, wrong } from "../verdict.ts";
import { type Call, type Difference, type Expectation, type Report, type SkipReason, describeDifference, difference, expectation, readReport } from "./compare.ts";
import { type Instrumented, instrument } from "./instrument.ts";
import { type IrFunction, reachable, readIr, references, symbolOf } from "./ir-text.ts";
import { type Program, type Workshop, link, openWorkshop, runDriver } from "./program.ts";
import { type Driver, makeDriver } from "./stubs.ts";

export interface DifferentialOptions {
  readonly seed?: number;
  readonly inputsPerFunction?: number;
  /** For the whole module, building apart. Functions not reached in it are undecided. */
  readonly timeLimitMs?: number;
  /** A folder for programs; one that is used again saves compiling the runtime. What belongs to the module is removed. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

export interface FunctionReport {
  readonly name: string;
  readonly verdict: Verdict;
  /** Inputs on which the trusted builds agreed. */
  readonly counted: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
  /** Basic blocks of the unoptimised function, and how many of them counted inputs came through, in whatever call. */
  readonly blocks: number;
  readonly blocksReached: number;
}

export interface DifferentialReport {
  readonly verdict: Verdict;
  readonly functions: readonly FunctionReport[];
  readonly seconds: number;
}

/** What a candidate is made from. */
export type Candidate = { readonly passes: string } | { readonly object: Uint8Array };

/** The trusted builds of one module, made and run once; any number of candidates can be compared with them. */
export interface Reference extends Disposable {
  check(candidate: Candidate): Promise<DifferentialReport>;
}

/** Fewer say too little to call a function tested. */
export const MIN_COUNTED_INPUTS = 8;
const DEFAULT_INPUTS = 64;
/** Inputs made up at most for each one wanted: many trap, or are undefined. */
const TRIED_PER_INPUT = 4;
const DEFAULT_TIME_LIMIT_MS = 60_000;
/** CPU time of one call in a trusted build; most take microseconds, and one that takes longer is skipped. */
const CALL_LIMIT_MS = 25;
/** A candidate's call may be this much slower before it counts as endless. */
const CANDIDATE_LIMIT_MS = 1000;
/** Functions run by one process; between chunks the time limit is looked at. */
const CHUNK = 16;
/** Differences that are run again. */
const CONFIRMED_INPUTS = 4;
/** The instrumented reference has serial 0; serial 5 is the candidate. `fill` differs, so that uninitialised memory shows. */
const TRUSTED = [
  { serial: 1, passes: "", fill: 0x5b }, { serial: 2, passes: "default<O1>", fill: 0xa5 },
  { serial: 3, passes: "default<O2>", fill: 0x5b }, { serial: 4, passes: "default<Oz>", fill: 0 },
];
const CANDIDATE_SERIAL = 5;
const CANDIDATE_FILLS = [0x5b, 0, 0xa5];

/** Whether a pass list kept the module's meaning, as far as running its functions shows. */
export async function checkDifferential(
  pool: Pool, module: LoadedModule, { passes, ...options }: { passes: string } & DifferentialOptions,
): Promise<DifferentialReport> {
  const reference = await makeReference(pool, module, options);
  if (reference.status !== "ok") return nothingShown(describeFailure(reference));
  using held = reference.value;
  return held.check({ passes });
}

const nothingShown = (why: string): DifferentialReport => ({ verdict: undecided(why), functions: [], seconds: 0 });

export async function makeReference(pool: Pool, module: LoadedModule, options: DifferentialOptions): Promise<Outcome<Reference>> {
  if (process.arch !== "x64" || !module.info.triple.startsWith("x86_64")) {
    return { status: "rejected", message: `cannot run ${module.info.triple.split("-")[0]} programs here` };
  }
  const text = await pool.emit(module, "", "ir");
  if (text.status !== "ok") return text;
  const ir = Buffer.from(text.value).toString("utf8");
  const parsed = readIr(ir);
  const driver = makeDriver(parsed);
  const stubs = await emitText(pool, driver.ir, "driver stubs");
  if (stubs.status !== "ok") return stubs;
  const name = `${module.info.hash}-${module.key}`;
  const workshop = await openWorkshop(pool.toolchain, { scratch: options.scratch, name, stubs: stubs.value, renames: driver.renames });
  if (workshop.status !== "ok") return workshop;
  const dispose = (): void => rmSync(join(options.scratch, name), { recursive: true, force: true });
  const instrumented = instrument(ir);
  const programs = await buildTrusted(pool, module, { workshop: workshop.value, instrumented });
  if (programs.status !== "ok") {
    dispose();
    return programs;
  }
  const graph = references(parsed);
  const functions = new Map(parsed.functions.map((fn) => [fn.name, fn]));
  const subject: Subject = {
    pool, module, driver, instrumented, workshop: workshop.value, programs: programs.value, options,
    usesFloat: driver.driven.map(({ name: fn }) => [...reachable(fn, graph)].some((inner) => hasFloat(functions.get(inner)))),
  };
  const expected = await runTrusted(subject);
  return ok({ check: (candidate) => checkCandidate(subject, expected, candidate), [Symbol.dispose]: dispose });
}

const hasFloat = (fn: IrFunction | undefined): boolean => fn?.body.some((line) => /\b(?:float|double|x86_fp80)\b/.test(line)) ?? false;

interface Subject {
  readonly pool: Pool;
  readonly module: LoadedModule;
  readonly driver: Driver;
  readonly instrumented: Instrumented;
  readonly workshop: Workshop;
  readonly programs: readonly Program[];
  readonly options: DifferentialOptions;
  /** By function of the table. */
  readonly usesFloat: readonly boolean[];
}

/** What is known of one function before a candidate is looked at. */
interface Tested {
  readonly shape: string;
  readonly expected: ReadonlyMap<number, Expectation>;
  readonly blocks: readonly number[];
  readonly problem?: string;
}

async function emitText(pool: Pool, text: string, name: string): Promise<Outcome<Uint8Array>> {
  const loaded = await pool.load(Buffer.from(text), name);
  if (loaded.status !== "ok") return loaded;
  const object = await pool.emit(loaded.value, "", "object");
  pool.unload(loaded.value);
  return object;
}

async function buildTrusted(
  pool: Pool, module: LoadedModule, { workshop, instrumented }: { workshop: Workshop; instrumented: Instrumented },
): Promise<Outcome<Program[]>> {
  const objects = [
    emitText(pool, instrumented.text, "instrumented reference"),
    ...TRUSTED.map(({ passes }) => pool.emit(module, passes, "object")),
  ];
  const built = await Promise.all(objects.map(async (object, serial) => {
    const outcome = await object;
    return outcome.status === "ok" ? link(workshop, outcome.value, serial) : outcome;
  }));
  const failed = built.find((outcome) => outcome.status !== "ok");
  return failed ?? ok(built.flatMap((outcome) => (outcome.status === "ok" ? [outcome.value] : [])));
}

/** Runs chunks of functions side by side until all are done or the time is over; the functions not done are told. */
async function inChunks(
  count: number, lanes: number, { run, isOver }: { run: (functions: number[]) => Promise<void>; isOver: () => boolean },
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, c) =>
    Array.from({ length: Math.min(CHUNK, count - c * CHUNK) }, (_unused, k) => c * CHUNK + k));
  const lane = async (): Promise<void> => {
    for (let chunk = chunks.shift(); chunk !== undefined && !isOver(); chunk = chunks.shift()) await run(chunk);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function runTrusted(subject: Subject): Promise<Map<number, Tested>> {
  const { options, driver, pool } = subject;
  const ends = performance.now() + (options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS) / 2;
  const tested = new Map<number, Tested>();
  const isOver = (): boolean => performance.now() > ends || options.signal?.aborted === true;
  await inChunks(driver.driven.length, pool.workers, {
    isOver,
    run: async (functions) => {
      const left = Math.max(1000, ends - performance.now());
      for (const [index, result] of await testChunk(subject, functions, left)) tested.set(index, result);
    },
  });
  return tested;
}

async function testChunk(subject: Subject, functions: readonly number[], timeoutMs: number): Promise<[number, Tested][]> {
  const { programs, options } = subject;
  const count = options.inputsPerFunction ?? DEFAULT_INPUTS;
  const [traced] = programs;
  const failed = (why: string): [number, Tested][] => functions.map((f) => [f, { shape: "-", expected: new Map(), blocks: [], problem: why }]);
  if (traced === undefined) return failed("not built");
  const tried = count * TRIED_PER_INPUT;
  const all = functions.map((f) => `F ${f} - 0-${tried - 1}`);
  const how = { seed: options.seed ?? 1, callLimitMs: CALL_LIMIT_MS, timeoutMs, signal: options.signal };
  const explored = await runReport(traced, all, { ...how, mode: "explore", fill: 0, wanted: count });
  if (explored.status !== "ok") return failed(describeFailure(explored));
  const plan = functions.map((f) => planLine(f, explored.value.shapes.get(f), survivors(explored.value.calls.get(f))));
  const reports: Report[] = [explored.value];
  for (const { program, fill } of [{ program: traced, fill: 0xa5 }, ...TRUSTED.flatMap(({ serial, fill }) => {
    const program = programs[serial];
    return program === undefined ? [] : [{ program, fill }];
  })]) {
    const report = await runReport(program, plan, { ...how, mode: "run", fill });
    if (report.status !== "ok") return failed(describeFailure(report));
    reports.push(report.value);
  }
  return functions.map((f) => [f, agreement(subject, f, reports)]);
}

function agreement({ usesFloat }: Subject, f: number, reports: readonly Report[]): Tested {
  const missing = reports.some((report) => report.missing.has(f));
  const expected = new Map<number, Expectation>();
  const [explored] = reports;
  for (const input of explored?.calls.get(f)?.keys() ?? []) {
    expected.set(input, expectation(reports.map(({ calls }) => calls.get(f)?.get(input)), usesFloat[f] ?? true));
  }
  const base = { shape: explored?.shapes.get(f) ?? "-", expected, blocks: explored?.blocks.get(f) ?? [] };
  return missing ? { ...base, problem: "not in every trusted build: it may be dropped when nobody uses it" } : base;
}

const planLine = (f: number, shape: string | undefined, inputs: readonly number[]): string =>
  inputs.length === 0 ? "" : `F ${f} ${shape ?? "-"} ${inputs.join(",")}`;

function survivors(calls: ReadonlyMap<number, Call> | undefined): number[] {
  return [...(calls ?? [])].filter(([, { outcome }]) => outcome === "ok" || outcome === "exit").map(([input]) => input);
}

async function runReport(program: Program, plan: readonly string[], options: Parameters<typeof runDriver>[2]): Promise<Outcome<Report>> {
  const output = await runDriver(program, `${plan.filter((line) => line !== "").join("\n")}\n`, options);
  return output.status === "ok" ? ok(readReport(output.value)) : output;
}

async function checkCandidate(subject: Subject, tested: Map<number, Tested>, candidate: Candidate): Promise<DifferentialReport> {
  const started = performance.now();
  const { pool, module, workshop, driver, options } = subject;
  const object = "object" in candidate ? ok(candidate.object) : await pool.emit(module, candidate.passes, "object");
  if (object.status !== "ok") return nothingShown(describeFailure(object));
  const program = await link(workshop, object.value, CANDIDATE_SERIAL);
  if (program.status !== "ok") return nothingShown(describeFailure(program));
  const ends = started + (options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS) / 2;
  const verdicts = new Map<number, Verdict>();
  await inChunks(driver.driven.length, pool.workers, {
    isOver: () => performance.now() > ends || options.signal?.aborted === true,
    run: async (functions) => {
      const timeoutMs = Math.max(2000, ends - performance.now());
      for (const [f, verdict] of await judgeChunk(subject, functions, { tested, program: program.value, timeoutMs })) verdicts.set(f, verdict);
    },
  });
  const functions = [...reportDriven(subject, tested, verdicts)];
  const everything = [...functions, ...reportLeftOut(subject, tested, verdicts)];
  return { verdict: whole(everything), functions: everything, seconds: (performance.now() - started) / 1000 };
}

interface Judging { readonly tested: Map<number, Tested>; readonly program: Program; readonly timeoutMs: number }

type Counted = Extract<Expectation, { status: "counted" }>;

const countedOf = (known: Tested | undefined): [number, Counted][] =>
  [...(known?.expected ?? [])].flatMap(([input, expected]) => (expected.status === "counted" ? [[input, expected] as const] : []))
    .map(([input, expected]) => [input, expected]);

async function judgeChunk(subject: Subject, functions: readonly number[], how: Judging): Promise<[number, Verdict][]> {
  const { seed = 1, signal } = subject.options;
  const { tested, program, timeoutMs } = how;
  const plan = functions.map((f) => planLine(f, tested.get(f)?.shape, countedOf(tested.get(f)).map(([input]) => input)));
  const run = await runReport(program, plan, {
    mode: "run", seed, fill: CANDIDATE_FILLS[0] ?? 0, callLimitMs: CANDIDATE_LIMIT_MS, timeoutMs, signal,
  });
  if (run.status !== "ok") return functions.map((f) => [f, undecided(`running it: ${describeFailure(run)}`)]);
  const verdicts: [number, Verdict][] = [];
  for (const f of functions) verdicts.push([f, await judge(subject, f, { ...how, report: run.value })]);
  return verdicts;
}

async function judge(subject: Subject, f: number, how: Judging & { report: Report }): Promise<Verdict> {
  const known = how.tested.get(f);
  const counted = countedOf(known);
  if (known === undefined) return undecided("the time was over");
  if (known.problem !== undefined) return undecided(known.problem);
  if (how.report.missing.has(f)) return undecided("not in the optimised object");
  const usesFloat = subject.usesFloat[f] ?? true;
  const different = counted.flatMap(([input, expected]) => {
    const found = difference(expected, how.report.calls.get(f)?.get(input), usesFloat);
    return found === undefined ? [] : [{ input, expected, found }];
  });
  if (different.length > 0) return confirm(subject, f, { ...how, shape: known.shape, different: different.slice(0, CONFIRMED_INPUTS) });
  if (counted.length < MIN_COUNTED_INPUTS) return undecided(tooFew(known));
  return correct(`${counted.length} inputs agree with -O0, -O1, -O2 and -Oz`);
}

function tooFew(known: Tested): string {
  const skipped = countSkipped(known);
  const most = Object.entries(skipped).toSorted(([, a], [, b]) => b - a).filter(([, n]) => n > 0);
  return `${countedOf(known).length} inputs count, want ${MIN_COUNTED_INPUTS}; of the rest ${most.map(([why, n]) => `${n}: ${SKIPPED[why as SkipReason]}`).join(", ")}`;
}

const SKIPPED: Record<SkipReason, string> = {
  "trap": "the unoptimised code traps", "timeout": "the unoptimised code takes too long",
  "undefined": "undefined behaviour", "builds differ": "trusted builds differ",
};

function countSkipped(known: Tested | undefined): Record<SkipReason, number> {
  const skipped: Record<SkipReason, number> = { "trap": 0, "timeout": 0, "undefined": 0, "builds differ": 0 };
  for (const expected of known?.expected.values() ?? []) if (expected.status === "skipped") skipped[expected.why]++;
  return skipped;
}

interface Suspicion { readonly input: number; readonly expected: Counted; readonly found: Difference }

/**
 * Runs what differed again, the trusted builds too and with other paint. A candidate that differs only sometimes is
 * wrong; trusted builds that differ now show that the input says nothing.
 */
async function confirm(
  subject: Subject, f: number, { program, timeoutMs, shape, different }: Judging & { shape: string; different: readonly Suspicion[] },
): Promise<Verdict> {
  const { programs, options: { seed = 1, signal }, driver } = subject;
  const usesFloat = subject.usesFloat[f] ?? true;
  const plan = [planLine(f, shape, different.map(({ input }) => input))];
  const run = (on: Program, fill: number, limitMs: number): Promise<Outcome<Report>> =>
    runReport(on, plan, { mode: "show", seed, fill, callLimitMs: limitMs, timeoutMs, signal });
  const trusted: Report[] = [];
  for (const [k, on] of programs.entries()) {
    for (const fill of [CANDIDATE_FILLS[k % 3] ?? 0, CANDIDATE_FILLS[(k + 1) % 3] ?? 0]) {
      const again = await run(on, fill, CALL_LIMIT_MS * 4);
      if (again.status !== "ok") return undecided(`running it again: ${describeFailure(again)}`);
      trusted.push(again.value);
    }
  }
  const candidates: Report[] = [];
  for (const fill of CANDIDATE_FILLS) {
    const again = await run(program, fill, CANDIDATE_LIMIT_MS);
    if (again.status === "ok") candidates.push(again.value);
  }
  const name = symbolOf(driver.driven[f]?.name ?? "");
  for (const { input } of different) {
    const expected = expectation(trusted.map(({ calls }) => calls.get(f)?.get(input)), usesFloat);
    if (expected.status === "skipped") continue;
    const again = candidates.flatMap(({ calls }) => difference(expected, calls.get(f)?.get(input), usesFloat) ?? []);
    if (again[0] === undefined) continue;
    const often = again.length === candidates.length ? "" : ` (in ${again.length} of ${candidates.length} runs)`;
    return wrong(`${name}(${trusted[0]?.inputs.get(`${f} ${input}`) ?? ""}): ${describeDifference(again[0])}${often}; input ${input} of seed ${seed}`);
  }
  return undecided("differed once, but the trusted builds do not agree with themselves when run again");
}

/** For each function of the module, the blocks of it that counted inputs of each driven function came through. */
function reachedBlocks({ instrumented: { blocks } }: Subject, tested: Map<number, Tested>): Map<string, Map<number, Set<number>>> {
  const reached = new Map<string, Map<number, Set<number>>>();
  for (const [f, known] of tested) {
    for (const block of known.blocks) {
      const byDriven = reached.get(blocks[block] ?? "") ?? new Map<number, Set<number>>();
      byDriven.set(f, (byDriven.get(f) ?? new Set()).add(block));
      reached.set(blocks[block] ?? "", byDriven);
    }
  }
  return reached;
}

function* reportDriven(subject: Subject, tested: Map<number, Tested>, verdicts: Map<number, Verdict>): Generator<FunctionReport> {
  const reached = reachedBlocks(subject, tested);
  for (const [f, { name }] of subject.driver.driven.entries()) {
    const known = tested.get(f);
    yield {
      name: symbolOf(name), verdict: verdicts.get(f) ?? undecided("the time was over"),
      counted: countedOf(known).length, skipped: countSkipped(known), ...blockCounts(subject, name, reached),
    };
  }
}

function blockCounts({ instrumented: { blocks } }: Subject, name: string, reached: Map<string, Map<number, Set<number>>>) {
  const sets = [...(reached.get(name)?.values() ?? [])].flatMap((set) => [...set]);
  return { blocks: blocks.filter((fn) => fn === name).length, blocksReached: new Set(sets).size };
}

/** A function that is not called itself is tested as far as tested functions went through it. */
function* reportLeftOut(subject: Subject, tested: Map<number, Tested>, verdicts: Map<number, Verdict>): Generator<FunctionReport> {
  const reached = reachedBlocks(subject, tested);
  for (const { name, why, isLocal } of subject.driver.leftOut) {
    const through = [...(reached.get(name) ?? [])].filter(([f]) => verdicts.get(f)?.status === "correct");
    const callers = through.map(([f]) => symbolOf(subject.driver.driven[f]?.name ?? ""));
    const counts = blockCounts(subject, name, reached);
    const seen = new Set(through.flatMap(([, blocks]) => [...blocks])).size;
    yield {
      name: symbolOf(name), counted: 0, skipped: countSkipped(undefined), ...counts,
      verdict: isLocal && seen > 0
        ? correct(`${seen} of ${counts.blocks} blocks run through ${callers.slice(0, 3).join(", ")}`)
        : undecided(isLocal ? "local to its file, and no tested function came through it" : why),
    };
  }
}

function whole(functions: readonly FunctionReport[]): Verdict {
  const bad = functions.find(({ verdict }) => verdict.status === "wrong");
  if (bad !== undefined) return bad.verdict;
  const open = functions.filter(({ verdict }) => verdict.status === "undecided");
  const tested = functions.length - open.length;
  if (functions.length === 0) return undecided("no function to run");
  if (open.length > 0) return undecided(`${tested} of ${functions.length} functions tested, ${open.length} undecided`);
  return correct(`${tested} functions tested on made-up arguments`);
}
