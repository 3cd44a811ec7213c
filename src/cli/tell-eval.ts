/** What `llmc eval` says: where it is, how it ended, and in evaluation.json how its rows came about. */

import packageJson from "../../package.json" with { type: "json" };
import type { Evaluation } from "../eval/evaluation-file.ts";
import { knownSizes } from "../eval/known-sizes.ts";
import type { Plan } from "../eval/plan.ts";
import type { Programs } from "../eval/programs.ts";
import type { Row } from "../eval/row.ts";
import type { Entrant, EvalProgress } from "../eval/run.ts";
import { SUITES } from "../eval/suite.ts";
import type { EvalOptions } from "./eval-options.ts";

interface Made {
  readonly llvm: string;
  /** Its hash. */
  readonly coreset: string;
  readonly programs: Programs;
  readonly plan: Plan;
  readonly entrants: readonly Entrant[];
  readonly isWhole: boolean;
}

export async function evaluationOf(options: EvalOptions, made: Made): Promise<Evaluation> {
  const { llvm, coreset, programs, plan, entrants, isWhole } = made;
  const { compilations, search, candidates, minBytes, maxBytes } = options;
  const { programs: path, corpus } = options;
  return {
    llvm,
    version: packageJson.version,
    coreset,
    seed: options.seed,
    programs: corpus ? "the test split of a corpus" : path ? "a folder of programs" : "none",
    packages: new Set(programs.programs.map((program) => program.package)).size,
    cases: Object.fromEntries(plan.suites.map(({ name, questions }) => [name, questions.length])),
    contenders: entrants.map(({ name, kind, identity }) => ({ name, kind, identity })),
    unusable: [...programs.unusable, ...plan.unusable],
    leftOut: Object.fromEntries(
      Object.entries(plan.leftOut).map(([suite, counts]) => [suite, { ...counts }]),
    ),
    known: Object.fromEntries(await knownSizes(options.labels, programs.programs)),
    settings: { compilations, search, candidates, minBytes, maxBytes },
    isWhole,
  };
}

/** How often a run without a terminal says where it is. */
const LOG_SECONDS = 30;

export function progress(
  { json }: EvalOptions,
  show: (text: string) => void,
): (at: EvalProgress) => void {
  let told = performance.now();
  return ({ suite, contender, done, total, known }) => {
    const text = `${suite}, ${contender}: ${done}/${total}${known > 0 ? `, ${known} known before` : ""}`;
    show(text);
    const now = performance.now();
    const isDue = now - told > LOG_SECONDS * 1000 || (done === total && known < total);
    if (json || process.stderr.isTTY || !isDue) return;
    told = now;
    process.stderr.write(`${text}\n`);
  };
}

export function tell(rows: readonly Row[], { json }: EvalOptions, output: string): void {
  const counts = Object.fromEntries(
    SUITES.map(
      (suite) => [suite, rows.filter((row) => row.suite === suite).length] as const,
    ).filter(([, count]) => count > 0),
  );
  const failed = rows.filter(({ status }) => status !== "ok").length;
  if (json) {
    process.stdout.write(`${JSON.stringify({ output, rows: counts, notOk: failed }, null, 2)}\n`);
    return;
  }
  const parts = Object.entries(counts).map(([suite, count]) => `${suite} ${count}`);
  process.stdout.write(
    `${rows.length} rows (${parts.join(", ")}), ${failed} of them no answer; written to ${output}\n` +
      `next: llmc report ${output} -o report.html\n`,
  );
}
