/**
 * A run: every contender on every case of every suite, each once, journalled when it is done. A run that is started again
 * goes on where it was; what could not be reached is asked again.
 *
 * Models answer one case after the other, since a back end has the machine to itself; rivals go side by side.
 */

import { inLanes } from "../base/lanes.ts";
import type { Row } from "./row.ts";
import { type RowsJournal, rowKey } from "./rows-journal.ts";
import type { Case, Contender, Kit, Suite, SuiteName } from "./suite.ts";

/** A suite with its cases. */
export interface Planned {
  readonly name: SuiteName;
  readonly takes: (contender: Contender) => boolean;
  /** What rows depend on besides contender and case. */
  readonly settings: string;
  readonly questions: readonly Question[];
}

interface Question {
  readonly id: string;
  readonly answer: (contender: Contender, kit: Kit) => Promise<Row>;
}

export const planned = <C extends Case>(
  { name, takes, answer }: Suite<C>,
  cases: readonly C[],
  settings: Readonly<Record<string, unknown>>,
): Planned => ({
  name,
  takes,
  settings: JSON.stringify(settings),
  questions: cases.map((asked) => ({
    id: asked.id,
    answer: (contender, kit) => answer(contender, asked, kit),
  })),
});

/** `identity` changes when the contender's answers may: the hash of its weights, of the coreset, of its training data. */
export type Entrant = Contender & { readonly identity: string };

export interface EvalRun {
  readonly suites: readonly Planned[];
  readonly entrants: readonly Entrant[];
  readonly kit: Kit;
  readonly llvmVersion: string;
  readonly journal: RowsJournal;
  /** Rivals side by side. */
  readonly lanes: number;
  readonly onProgress: (progress: EvalProgress) => void;
}

export interface EvalProgress {
  readonly suite: string;
  readonly contender: string;
  readonly done: number;
  readonly total: number;
  /** Of `done`, those that an earlier run did. */
  readonly known: number;
}

/** The rows of this run, in the order of suites, contenders and cases; those that are done when the signal fires. */
export async function runEval(run: EvalRun): Promise<Row[]> {
  const rows: Row[] = [];
  for (const suite of run.suites) {
    for (const entrant of run.entrants.filter((one) => suite.takes(one) && isFor(one, suite.name)))
      rows.push(...(await overQuestions(run, suite, entrant)));
  }
  return rows;
}

/** A model that was made for some tasks is not asked others. */
function isFor(contender: Contender, suite: SuiteName): boolean {
  if (contender.kind === "rival" || suite === "loss" || suite === "code") return true;
  return contender.model.tasks?.includes(suite === "size" ? "tune" : suite) !== false;
}

async function overQuestions(run: EvalRun, suite: Planned, entrant: Entrant): Promise<Row[]> {
  const { kit, journal, onProgress } = run;
  const { questions } = suite;
  const rows = new Map<string, Row>();
  let known = 0;
  const work = async (question: Question): Promise<void> => {
    const key = keyOf(run, { suite, entrant, question });
    const before = journal.find(key);
    const isKnown = before !== undefined && before.status !== "unreachable";
    const row = isKnown ? before : await question.answer(entrant, kit);
    if (isKnown) known++;
    // What an interrupt cut short is no fact about the contender.
    else if (kit.signal?.aborted === true) return;
    else journal.add(key, row);
    rows.set(question.id, { ...row, contender: entrant.name });
    const [done, total] = [rows.size, questions.length];
    onProgress({ suite: suite.name, contender: entrant.name, done, total, known });
  };
  const lanes = entrant.kind === "rival" ? run.lanes : 1;
  await inLanes(questions, work, { lanes, signal: kit.signal });
  return questions.flatMap(({ id }) => rows.get(id) ?? []);
}

/** Not of the contender's name: what it is called does not change what it says. */
function keyOf(
  { kit, llvmVersion }: EvalRun,
  { suite, entrant, question }: { suite: Planned; entrant: Entrant; question: Question },
): string {
  const who = entrant.kind === "rival" ? entrant.rival : entrant.kind;
  const { name, settings } = suite;
  return rowKey([name, settings, who, entrant.identity, question.id, kit.seed, llvmVersion]);
}
