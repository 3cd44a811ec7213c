/** The builds that are trusted, and what they agree on for each function and input. */

import { type Outcome, describeFailure, ok } from "../../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../../llvm/pool.ts";
import { type Call, type Expectation, FILLS, type Report, expectation } from "./compare.ts";
import type { Instrumented } from "./instrument.ts";
import { type Program, type Workshop, link } from "./program.ts";
import {
  CALL_LIMIT_MS,
  DEFAULT_TIME_LIMIT_MS,
  type Subject,
  type Tested,
  inChunks,
  planLine,
  runReport,
} from "./subject.ts";

const DEFAULT_INPUTS = 128;
/** Inputs made up at most for each one wanted: many trap, or are undefined. */
const TRIED_PER_INPUT = 4;
/** The instrumented reference has serial 0; serial 5 is the candidate. `fill` differs, so that uninitialised memory shows. */
const TRUSTED = [
  { serial: 1, passes: "", fill: FILLS[2] },
  { serial: 2, passes: "default<O1>", fill: FILLS[1] },
  { serial: 3, passes: "default<O2>", fill: FILLS[2] },
  { serial: 4, passes: "default<Oz>", fill: FILLS[0] },
];

export async function emitText(
  pool: Pool,
  text: string,
  name: string,
): Promise<Outcome<Uint8Array>> {
  const loaded = await pool.load(Buffer.from(text), name);
  if (loaded.status !== "ok") return loaded;
  const object = await pool.emit(loaded.value, "", "object");
  pool.unload(loaded.value);
  return object;
}

export async function buildTrusted(
  pool: Pool,
  module: LoadedModule,
  { workshop, instrumented }: { workshop: Workshop; instrumented: Instrumented },
): Promise<Outcome<Program[]>> {
  const objects = [
    emitText(pool, instrumented.text, "instrumented reference"),
    ...TRUSTED.map(({ passes }) => pool.emit(module, passes, "object")),
  ];
  const built = await Promise.all(
    objects.map(async (object, serial) => {
      const outcome = await object;
      return outcome.status === "ok" ? link(workshop, outcome.value, serial) : outcome;
    }),
  );
  const failed = built.find((outcome) => outcome.status !== "ok");
  return failed ?? ok(built.flatMap((outcome) => (outcome.status === "ok" ? [outcome.value] : [])));
}

export async function runTrusted(subject: Subject): Promise<Map<number, Tested>> {
  const { options, driver, pool } = subject;
  const ends = performance.now() + (options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS) / 2;
  const tested = new Map<number, Tested>();
  const isOver = (): boolean => performance.now() > ends || options.signal?.aborted === true;
  await inChunks(driver.driven.length, pool.workers, {
    isOver,
    run: async (functions) => {
      const left = Math.max(1000, ends - performance.now());
      for (const [index, result] of await testChunk(subject, functions, left))
        tested.set(index, result);
    },
  });
  return tested;
}

async function testChunk(
  subject: Subject,
  functions: readonly number[],
  timeoutMs: number,
): Promise<[number, Tested][]> {
  const { programs, options } = subject;
  const count = options.inputsPerFunction ?? DEFAULT_INPUTS;
  const [traced] = programs;
  const failed = (why: string): [number, Tested][] =>
    functions.map((f) => [f, { shape: "-", expected: new Map(), blocks: [], problem: why }]);
  if (traced === undefined) return failed("not built");
  const tried = count * TRIED_PER_INPUT;
  const all = functions.map((f) => `F ${f} - 0-${tried - 1}`);
  const how = {
    seed: options.seed ?? 1,
    callLimitMs: CALL_LIMIT_MS,
    timeoutMs,
    signal: options.signal,
  };
  const explored = await runReport(traced, all, {
    ...how,
    mode: "explore",
    fill: FILLS[0],
    wanted: count,
  });
  if (explored.status !== "ok") return failed(describeFailure(explored));
  const plan = functions.map((f) =>
    planLine(f, explored.value.shapes.get(f), survivors(explored.value.calls.get(f))),
  );
  const reports: Report[] = [explored.value];
  for (const { serial, fill } of [{ serial: 0, fill: FILLS[1] }, ...TRUSTED]) {
    const program = programs[serial];
    if (program === undefined) return failed("not built");
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
    expected.set(
      input,
      expectation(
        reports.map(({ calls }) => calls.get(f)?.get(input)),
        usesFloat[f] ?? true,
      ),
    );
  }
  const base = {
    shape: explored?.shapes.get(f) ?? "-",
    expected,
    blocks: explored?.blocks.get(f) ?? [],
  };
  return missing
    ? { ...base, problem: "not in every trusted build: it may be dropped when nobody uses it" }
    : base;
}

function survivors(calls: ReadonlyMap<number, Call> | undefined): number[] {
  return [...(calls ?? [])]
    .filter(([, { outcome }]) => outcome === "ok" || outcome === "exit")
    .map(([input]) => input);
}
