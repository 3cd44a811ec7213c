/**
 * One program, one object: right, wrong or undecided. A run is repeated only to distrust: a failing run is never tried
 * again in hope, but the -O0 program is, so that a full disk is not taken for a miscompile.
 */

import { contentHash } from "../base/hash.ts";
import type { Run } from "./execute.ts";
import { type ReadyProgram, linkAndRun, runReference } from "./program.ts";
import type { Rig } from "./rig.ts";
import { type Verdict, correct, undecided, wrong } from "./verdict.ts";

/** A program that took less than this part of its limit at -O0 and now reaches the limit, hangs. */
const HANG_FACTOR = 20;
const MAX_SHOWN_CHARACTERS = 120;

export interface Judged {
  readonly verdict: Verdict;
  /** False when the memory of runs knew the object. */
  readonly isNew: boolean;
}

export async function judgeObject(
  rig: Rig,
  ready: ReadyProgram,
  object: Uint8Array,
): Promise<Judged> {
  const hash = contentHash(object);
  const known = rig.memory.find(ready.key, hash);
  if (known !== undefined) return { verdict: known, isNew: false };
  const verdict = await judgeAnew(rig, ready, object);
  rig.memory.add(ready.key, hash, verdict);
  return { verdict, isNew: true };
}

async function judgeAnew(rig: Rig, ready: ReadyProgram, object: Uint8Array): Promise<Verdict> {
  const loaded = await judgeLoaded(rig, ready, object);
  if (loaded?.status === "correct") return loaded;
  const verdict = await judgeLinked(rig, ready, object);
  if (loaded?.status === "wrong" && verdict.status === "correct")
    return undecided(`right when linked, but loaded: ${loaded.counterexample}`);
  if (verdict.status !== "wrong") return verdict;
  if (ready.hasUndefined)
    return undecided(`${verdict.counterexample}; but the program has undefined behaviour`);
  const reference = await runReference(rig, ready.program);
  if (typeof reference === "string")
    return undecided(`the -O0 program fails now too: ${reference}`);
  return reference.output === ready.reference.output
    ? verdict
    : undecided("the -O0 program prints something else now");
}

/** The quick way; undefined where it cannot be gone. What it calls wrong is linked, and then said with the linked program's words. */
async function judgeLoaded(
  { loader }: Rig,
  ready: ReadyProgram,
  object: Uint8Array,
): Promise<Verdict | undefined> {
  if (loader === undefined || ready.loads !== true) return undefined;
  const run = await loader.run(object, { cpuSeconds: ready.program.timeLimitSeconds });
  return run.status === "unsupported" ? undefined : compareRun(run, ready);
}

async function judgeLinked(rig: Rig, ready: ReadyProgram, object: Uint8Array): Promise<Verdict> {
  const run = await linkAndRun(rig, ready, object);
  return run.status === "unlinked"
    ? wrong(`does not link: ${run.message}`)
    : compareRun(run, ready);
}

export function compareRun(
  run: Run,
  { reference, program }: Pick<ReadyProgram, "reference" | "program">,
): Verdict {
  switch (run.status) {
    case "failed":
      return undecided(run.message);
    case "stopped":
      return run.why === "output"
        ? wrong("writes without end")
        : compareTime(reference.seconds, program.timeLimitSeconds);
    case "exited":
      if (run.code !== 0)
        return wrong(`${describeExit(run.code)}, want 0${shown(", wrote", run.head)}`);
      if (run.output === reference.output) return correct("same exit code and output as -O0");
      return wrong(
        `${shown("wrote", run.head) || "wrote nothing"}, want${shown("", reference.head) || " nothing"}`,
      );
    default:
      return run satisfies never;
  }
}

function compareTime(seconds: number, limitSeconds: number): Verdict {
  const took = `${seconds.toFixed(2)} s at -O0`;
  return seconds * HANG_FACTOR < limitSeconds
    ? wrong(`hangs: stopped after ${limitSeconds} s, took ${took}`)
    : undecided(`did not end in ${limitSeconds} s, took ${took}`);
}

const FIRST_SIGNAL_CODE = 129;
const LAST_SIGNAL_CODE = 192;
const SIGNALS: Readonly<Record<number, string>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  14: "SIGALRM",
  15: "SIGTERM",
};

/** A shell reports a signal as 128 and its number. */
function describeExit(code: number): string {
  if (code < FIRST_SIGNAL_CODE || code > LAST_SIGNAL_CODE) return `exit code ${code}`;
  const signal = code - FIRST_SIGNAL_CODE + 1;
  return `died of ${SIGNALS[signal] ?? `signal ${signal}`}`;
}

function shown(before: string, text: string): string {
  return text === "" ? "" : `${before} ${JSON.stringify(text.slice(0, MAX_SHOWN_CHARACTERS))}`;
}
