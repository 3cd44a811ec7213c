/** Are the lists right? Each is tried on programs that check themselves, compiled by it and compared with -O0. */

import type { Pool } from "../llvm/pool.ts";
import type { Rig } from "../verify/rig.ts";
import { type PreparedSuite, type SuiteReport, verifyPassLists } from "../verify/run-suite.ts";
import type { VerdictLine } from "./journal.ts";
import { byLength } from "./measure.ts";
import type { LabelTable } from "./table.ts";

export type ListVerdict = Pick<VerdictLine, "passes" | "status" | "programs" | "why">;

export interface JudgeHow {
  readonly signal: AbortSignal;
  readonly onVerdict: (verdict: ListVerdict, done: number) => void;
}
export type Judge = (lists: readonly string[], how: JudgeHow) => Promise<void>;

/** Lists that share the loading of a program; what they found is kept when all of them are done. */
const CHUNK = 20;
/** One failure is enough to reject a list. */
const MAX_FAILURES = 1;

export function suiteJudge(pool: Pool, suite: PreparedSuite, rig: Rig): Judge {
  return async (lists, { signal, onVerdict }) => {
    for (let from = 0; from < lists.length && !signal.aborted; from += CHUNK) {
      const some = lists.slice(from, from + CHUNK);
      const how = { rig, signal, maxFailures: MAX_FAILURES };
      const reports = await verifyPassLists(pool, some, suite, how);
      if (signal.aborted) return;
      for (const [index, report] of reports.entries())
        onVerdict(verdictOf(some[index] ?? "", report), from + index + 1);
    }
  };
}

function verdictOf(passes: string, { run, wrong, undecided }: SuiteReport): ListVerdict {
  const [bad] = wrong;
  const [open] = undecided;
  if (bad !== undefined)
    return { passes, status: "wrong", programs: run, why: `${bad.program}: ${bad.counterexample}` };
  if (open !== undefined)
    return { passes, status: "undecided", programs: run, why: `${open.program}: ${open.why}` };
  return { passes, status: "correct", programs: run, why: "" };
}

/** Lists without a verdict: what was tried everywhere, then the winners by how many modules they won on. */
export function verdictsWanted({ sets, modules, verdicts }: LabelTable): string[] {
  const tried = [...sets.values()].filter(({ role }) => role !== "pilot");
  const wins = Map.groupBy(
    [...modules.values()].flatMap(({ own }) => own?.passes ?? []),
    (passes) => passes,
  );
  const winners = [...wins]
    .toSorted(([a, inA], [b, inB]) => inB.length - inA.length || byLength(a, b))
    .map(([passes]) => passes);
  const all = new Set([...tried.flatMap(({ lists }) => lists), ...winners]);
  return [...all].filter((passes) => !verdicts.has(passes));
}
