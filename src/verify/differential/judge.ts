/** Compares a candidate with what the trusted builds agree on; what differs is run again before it is called wrong. */

import { type Outcome, describeFailure, ok } from "../../llvm/outcome.ts";
import { type Verdict, correct, undecided, wrong } from "../verdict.ts";
import {
  type Difference,
  FILLS,
  type Report,
  type SkipReason,
  describeDifference,
  difference,
  expectation,
} from "./compare.ts";
import { symbolOf } from "./ir-text.ts";
import { type Program, link } from "./program.ts";
import { reportAll } from "./report.ts";
import {
  CALL_LIMIT_MS,
  type Candidate,
  type Counted,
  DEFAULT_TIME_LIMIT_MS,
  type DifferentialReport,
  type Subject,
  type Tested,
  countSkipped,
  countedOf,
  inChunks,
  nothingShown,
  planLine,
  runReport,
  trappedOf,
} from "./subject.ts";

/** Fewer say too little to call a function tested. */
const MIN_COUNTED_INPUTS = 8;
/** A candidate's call may be this much slower before it counts as endless. */
const CANDIDATE_LIMIT_MS = 500;
/** Differences that are run again. */
const CONFIRMED_INPUTS = 4;
/** Inputs on which the reference traps, that an origin is run on. */
const MAX_TRAPPED_INPUTS = 64;
const CANDIDATE_SERIAL = 5;

export async function checkCandidate(
  subject: Subject,
  tested: Map<number, Tested>,
  candidate: Candidate,
): Promise<DifferentialReport> {
  const started = performance.now();
  const { pool, module, workshop, driver, options } = subject;
  const object =
    "object" in candidate
      ? ok(candidate.object)
      : await pool.emit(module, candidate.passes, "object");
  if (object.status !== "ok") return nothingShown(describeFailure(object));
  const program = await link(workshop, object.value, CANDIDATE_SERIAL);
  if (program.status !== "ok") return nothingShown(describeFailure(program));
  const ends = started + (options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS) / 2;
  const verdicts = new Map<number, Verdict>();
  await inChunks(driver.driven.length, pool.workers, {
    isOver: () => performance.now() > ends || options.signal?.aborted === true,
    run: async (functions) => {
      const timeoutMs = Math.max(2000, ends - performance.now());
      const isOrigin = "object" in candidate && candidate.isOrigin === true;
      const judged = await judgeChunk(subject, functions, {
        tested,
        program: program.value,
        timeoutMs,
        isOrigin,
      });
      for (const [f, verdict] of judged) verdicts.set(f, verdict);
    },
  });
  return reportAll(subject, { tested, verdicts, seconds: (performance.now() - started) / 1000 });
}

interface Judging {
  readonly tested: Map<number, Tested>;
  readonly program: Program;
  readonly timeoutMs: number;
  readonly isOrigin: boolean;
}

async function judgeChunk(
  subject: Subject,
  functions: readonly number[],
  how: Judging,
): Promise<[number, Verdict][]> {
  const { seed = 1, signal } = subject.options;
  const { tested, program, timeoutMs } = how;
  const plan = functions.map((f) =>
    planLine(
      f,
      tested.get(f)?.shape,
      countedOf(tested.get(f)).map(([input]) => input),
    ),
  );
  const run = await runReport(program, plan, {
    mode: "judge",
    seed,
    fill: FILLS[2],
    callLimitMs: CANDIDATE_LIMIT_MS,
    timeoutMs,
    signal,
  });
  if (run.status !== "ok")
    return functions.map((f) => [f, undecided(`running it: ${describeFailure(run)}`)]);
  const verdicts: [number, Verdict][] = [];
  for (const f of functions)
    verdicts.push([f, await judge(subject, f, { ...how, report: run.value })]);
  return verdicts;
}

async function judge(
  subject: Subject,
  f: number,
  how: Judging & { report: Report },
): Promise<Verdict> {
  const known = how.tested.get(f);
  const counted = countedOf(known);
  if (known === undefined) return undecided("the time was over");
  if (known.problem !== undefined) return undecided(known.problem);
  if (how.report.missing.has(f)) return undecided("not in the optimised object");
  const usesFloat = subject.usesFloat[f] ?? true;
  const different = counted.flatMap(([input, expected]) => {
    const call = how.report.calls.get(f)?.get(input);
    const found = call === undefined ? undefined : difference(expected, call, usesFloat);
    return found === undefined ? [] : [{ input, expected, found }];
  });
  if (different.length > 0) {
    return confirm(subject, f, {
      ...how,
      shape: known.shape,
      different: different.slice(0, CONFIRMED_INPUTS),
    });
  }
  const isWhole = counted.every(([input]) => how.report.calls.get(f)?.has(input) === true);
  if (!isWhole) return undecided("the optimised program did not answer");
  if (counted.length < MIN_COUNTED_INPUTS) return undecided(tooFew(known));
  // The few on which they agree may do so by chance: a function that reads what nobody wrote.
  if (countSkipped(known)["builds differ"] > counted.length) return undecided(tooFew(known));
  const returned = how.isOrigin ? await returnsOf(subject, f, { ...how, known }) : ok(0);
  if (returned.status !== "ok")
    return undecided(`running it where the unoptimised code traps: ${describeFailure(returned)}`);
  if (returned.value > 0)
    return undecided(`on ${returned.value} inputs it returns where the unoptimised code traps`);
  return correct(`${counted.length} inputs agree with -O0, -O1, -O2 and -Oz`);
}

/** Of inputs on which the reference traps: on how many the candidate returns. */
async function returnsOf(
  { options: { seed = 1, signal } }: Subject,
  f: number,
  { known, program, timeoutMs }: Judging & { known: Tested },
): Promise<Outcome<number>> {
  const trapped = trappedOf(known).slice(0, MAX_TRAPPED_INPUTS);
  if (trapped.length === 0) return ok(0);
  const run = await runReport(program, [planLine(f, known.shape, trapped)], {
    mode: "run",
    seed,
    fill: FILLS[2],
    callLimitMs: CANDIDATE_LIMIT_MS,
    timeoutMs,
    signal,
  });
  if (run.status !== "ok") return run;
  const calls = [...(run.value.calls.get(f)?.values() ?? [])];
  return ok(calls.filter(({ outcome }) => outcome === "ok").length);
}

function tooFew(known: Tested): string {
  const skipped = countSkipped(known);
  const most = Object.entries(skipped)
    .toSorted(([, a], [, b]) => b - a)
    .filter(([, n]) => n > 0);
  const rest = most.map(([why, n]) => `${n}: ${SKIPPED[why as SkipReason]}`).join(", ");
  return `${countedOf(known).length} inputs count, want ${MIN_COUNTED_INPUTS} and most; of the rest ${rest}`;
}

const SKIPPED: Record<SkipReason, string> = {
  "trap": "the unoptimised code traps",
  "timeout": "the unoptimised code takes too long",
  "undefined": "undefined behaviour",
  "builds differ": "trusted builds differ",
};

interface Suspicion {
  readonly input: number;
  readonly expected: Counted;
  readonly found: Difference;
}

/**
 * Runs what differed again, the trusted builds too and with other paint. A candidate that differs only sometimes is
 * wrong; trusted builds that differ now show that the input says nothing.
 */
async function confirm(
  subject: Subject,
  f: number,
  {
    program,
    timeoutMs,
    shape,
    different,
  }: Judging & { shape: string; different: readonly Suspicion[] },
): Promise<Verdict> {
  const {
    programs,
    options: { seed = 1, signal },
    driver,
  } = subject;
  const usesFloat = subject.usesFloat[f] ?? true;
  const plan = [
    planLine(
      f,
      shape,
      different.map(({ input }) => input),
    ),
  ];
  const run = (on: Program, fill: number, limitMs: number): Promise<Outcome<Report>> =>
    runReport(on, plan, { mode: "show", seed, fill, callLimitMs: limitMs, timeoutMs, signal });
  const trusted: Report[] = [];
  for (const [k, on] of programs.entries()) {
    for (const fill of [FILLS[k % 3] ?? 0, FILLS[(k + 1) % 3] ?? 0]) {
      const again = await run(on, fill, CALL_LIMIT_MS * 4);
      if (again.status !== "ok") return undecided(`running it again: ${describeFailure(again)}`);
      trusted.push(again.value);
    }
  }
  const candidates: Report[] = [];
  for (const fill of FILLS) {
    const again = await run(program, fill, CANDIDATE_LIMIT_MS);
    if (again.status === "ok") candidates.push(again.value);
  }
  const name = symbolOf(driver.driven[f]?.name ?? "");
  for (const { input } of different) {
    const expected = expectation(
      trusted.map(({ calls }) => calls.get(f)?.get(input)),
      usesFloat,
    );
    if (expected.status === "skipped") continue;
    const answers = candidates.flatMap(({ calls }) => calls.get(f)?.get(input) ?? []);
    const again = answers.flatMap((call) => difference(expected, call, usesFloat) ?? []);
    if (again[0] === undefined) continue;
    const often =
      again.length === answers.length ? "" : ` (in ${again.length} of ${answers.length} runs)`;
    const call = `${name}(${trusted[0]?.inputs.get(`${f} ${input}`) ?? ""})`;
    return wrong(
      `${call}: ${describeDifference(again[0])}${often}; input ${input} of seed ${seed}`,
    );
  }
  return undecided(
    "differed once, but the trusted builds do not agree with themselves when run again",
  );
}
