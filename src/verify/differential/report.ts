/** From verdicts of driven functions to a report of all functions of the module. */

import { type Verdict, correct, undecided } from "../verdict.ts";
import { symbolOf } from "./ir-text.ts";
import {
  type DifferentialReport,
  type FunctionReport,
  type Subject,
  type Tested,
  countSkipped,
  countedOf,
} from "./subject.ts";

export function reportAll(
  subject: Subject,
  {
    tested,
    verdicts,
    seconds,
  }: { tested: Map<number, Tested>; verdicts: Map<number, Verdict>; seconds: number },
): DifferentialReport {
  const functions = [
    ...reportDriven(subject, tested, verdicts),
    ...reportLeftOut(subject, tested, verdicts),
  ];
  return { verdict: whole(functions), functions, seconds };
}

type Reached = Map<string, Map<number, Set<number>>>;

/** For each function of the module, the blocks of it that counted inputs of each driven function came through. */
function reachedBlocks(
  { instrumented: { blocks } }: Subject,
  tested: Map<number, Tested>,
): Reached {
  const reached: Reached = new Map();
  for (const [f, known] of tested) {
    for (const block of known.blocks) {
      const byDriven = reached.get(blocks[block] ?? "") ?? new Map<number, Set<number>>();
      byDriven.set(f, (byDriven.get(f) ?? new Set()).add(block));
      reached.set(blocks[block] ?? "", byDriven);
    }
  }
  return reached;
}

function* reportDriven(
  subject: Subject,
  tested: Map<number, Tested>,
  verdicts: Map<number, Verdict>,
): Generator<FunctionReport> {
  const reached = reachedBlocks(subject, tested);
  for (const [f, { name }] of subject.driver.driven.entries()) {
    const known = tested.get(f);
    yield {
      name: symbolOf(name),
      verdict: verdicts.get(f) ?? undecided("the time was over"),
      counted: countedOf(known).length,
      skipped: countSkipped(known),
      ...blockCounts(subject, name, reached),
    };
  }
}

function blockCounts({ instrumented: { blocks } }: Subject, name: string, reached: Reached) {
  const sets = [...(reached.get(name)?.values() ?? [])];
  return { blocks: blocks.filter((fn) => fn === name).length, blocksReached: unionSize(sets) };
}

const unionSize = (sets: readonly ReadonlySet<number>[]): number =>
  new Set(sets.flatMap((set) => [...set])).size;

/** A function that is not called itself is tested as far as tested functions went through it. */
function* reportLeftOut(
  subject: Subject,
  tested: Map<number, Tested>,
  verdicts: Map<number, Verdict>,
): Generator<FunctionReport> {
  const reached = reachedBlocks(subject, tested);
  for (const { name, why, isLocal } of subject.driver.leftOut) {
    const through = [...(reached.get(name) ?? [])].filter(
      ([f]) => verdicts.get(f)?.status === "correct",
    );
    const callers = through.map(([f]) => symbolOf(subject.driver.driven[f]?.name ?? ""));
    const counts = blockCounts(subject, name, reached);
    const seen = unionSize(through.map(([, blocks]) => blocks));
    yield {
      name: symbolOf(name),
      counted: 0,
      skipped: countSkipped(undefined),
      ...counts,
      verdict:
        isLocal && seen > 0
          ? correct(
              `${seen} of ${counts.blocks} blocks run through ${callers.slice(0, 3).join(", ")}`,
            )
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
  if (open.length > 0)
    return undecided(`${tested} of ${functions.length} functions tested, ${open.length} undecided`);
  return correct(`${tested} functions tested on made-up arguments`);
}
