/**
 * What the steps of a differential check share: the module's programs, what is known of each function, and running
 * functions in chunks.
 */

import { type Outcome, ok } from "../../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../../llvm/pool.ts";
import { type Verdict, undecided } from "../verdict.ts";
import { type Expectation, type Report, type SkipReason, readReport } from "./compare.ts";
import type { Instrumented } from "./instrument.ts";
import { type Program, type RunOptions, type Workshop, runDriver } from "./program.ts";
import type { Driver } from "./stubs.ts";

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

/** What a candidate is made from. `isOrigin`: machine code that the module was lifted from, which has to trap where the module does. */
export type Candidate =
  { readonly passes: string } | { readonly object: Uint8Array; readonly isOrigin?: boolean };

export interface Subject {
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
export interface Tested {
  readonly shape: string;
  readonly expected: ReadonlyMap<number, Expectation>;
  readonly blocks: readonly number[];
  readonly problem?: string;
}

export const DEFAULT_TIME_LIMIT_MS = 60_000;
/** CPU time of one call in a trusted build; most take microseconds, and one that takes longer is skipped. */
export const CALL_LIMIT_MS = 25;
/** Functions run by one process; between chunks the time limit is looked at. */
const CHUNK = 16;

export type Counted = Extract<Expectation, { status: "counted" }>;

export const countedOf = (known: Tested | undefined): [number, Counted][] =>
  [...(known?.expected ?? [])]
    .flatMap(([input, expected]) =>
      expected.status === "counted" ? [[input, expected] as const] : [],
    )
    .map(([input, expected]) => [input, expected]);

/** Inputs on which the reference traps. */
export const trappedOf = (known: Tested | undefined): number[] =>
  [...(known?.expected ?? [])].flatMap(([input, expected]) =>
    expected.status === "skipped" && expected.why === "trap" ? [input] : [],
  );

export function countSkipped(known: Tested | undefined): Record<SkipReason, number> {
  const skipped: Record<SkipReason, number> = {
    "trap": 0,
    "timeout": 0,
    "undefined": 0,
    "builds differ": 0,
  };
  for (const expected of known?.expected.values() ?? [])
    if (expected.status === "skipped") skipped[expected.why]++;
  return skipped;
}

/** Runs chunks of functions side by side until all are done or the time is over; the functions not done are told. */
export async function inChunks(
  count: number,
  lanes: number,
  { run, isOver }: { run: (functions: number[]) => Promise<void>; isOver: () => boolean },
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, c) =>
    Array.from({ length: Math.min(CHUNK, count - c * CHUNK) }, (_unused, k) => c * CHUNK + k),
  );
  const lane = async (): Promise<void> => {
    for (let chunk = chunks.shift(); chunk !== undefined && !isOver(); chunk = chunks.shift())
      await run(chunk);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const planLine = (
  f: number,
  shape: string | undefined,
  inputs: readonly number[],
): string => (inputs.length === 0 ? "" : `F ${f} ${shape ?? "-"} ${inputs.join(",")}`);

export async function runReport(
  program: Program,
  plan: readonly string[],
  options: RunOptions,
): Promise<Outcome<Report>> {
  const output = await runDriver(
    program,
    `${plan.filter((line) => line !== "").join("\n")}\n`,
    options,
  );
  return output.status === "ok" ? ok(readReport(output.value)) : output;
}

export const nothingShown = (why: string): DifferentialReport => ({
  verdict: undecided(why),
  functions: [],
  seconds: 0,
});
