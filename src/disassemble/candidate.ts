/** One answer for one function: read, loaded, compiled back, run. */

import { type Failure, describeFailure } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { ModelReply } from "../model/model.ts";
import type { Architecture, DialectName } from "../tasks/dialect.ts";
import { disassemble } from "../tasks/disassemble.ts";
import { readAnswer } from "./answer.ts";
import { equivalence } from "./equivalence.ts";
import { isolate } from "./isolate.ts";
import { roundTrip } from "./round-trip.ts";
import type { Candidate } from "./verdict.ts";

export interface FunctionQuestion {
  readonly name: string;
  readonly architecture: Architecture;
  /** The function's assembly, cut out (assembly-cut.ts). */
  readonly wanted: string;
  /** It was made by the pool: other ways of code generation are not tried (round-trip.ts). */
  readonly isOurs?: boolean | undefined;
  readonly scratch: string;
  readonly timeLimitMs: number;
  /** Answers that are run at most, in their order; all when left out. */
  readonly maxRuns?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All answers, in the model's order. Compiling back is cheap and asked of all; running is asked of one after the other
 * until one is equivalent, and of none where one is exact. Equal IR is looked at once.
 */
export async function judgeReplies(
  pool: Pool,
  question: FunctionQuestion,
  { replies, dialect }: { replies: readonly ModelReply[]; dialect: DialectName },
): Promise<Candidate[]> {
  const first: Candidate[] = [];
  const seen = new Map<string, Candidate>();
  for (const reply of replies) {
    const parsed = disassemble[dialect].parse(reply, {});
    const { logProbability } = reply;
    if (!parsed.ok) {
      const reason = parsed.faults.map(({ message }) => message).join("; ");
      first.push({ ...FAILED, reason, logProbability });
      continue;
    }
    const { ir } = parsed.answer;
    const candidate = seen.get(ir) ?? (await compiledBack(pool, question, ir));
    seen.set(ir, candidate);
    first.push({ ...candidate, logProbability });
  }
  return (await run(pool, question, first)).map(withMendingTold);
}

const withMendingTold = (candidate: Candidate): Candidate =>
  candidate.isMended
    ? { ...candidate, reason: `${candidate.reason}; slips in the answer were mended` }
    : candidate;

const FAILED = { verdict: "failed", ir: undefined, isMended: false } as const;

async function run(
  pool: Pool,
  question: FunctionQuestion,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const judged: Candidate[] = [];
  let isFound = candidates.some(({ verdict }) => verdict === "exact");
  let left = question.maxRuns ?? Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const { ir } = candidate;
    if (isFound || candidate.verdict !== "unverified" || ir === undefined) judged.push(candidate);
    else if (left-- <= 0) judged.push({ ...candidate, reason: "not run: enough others were" });
    else {
      const verdict = await equivalence(pool, { ...question, ir });
      if (verdict.status === "correct") {
        judged.push({ ...candidate, verdict: "equivalent", reason: verdict.evidence });
        isFound = true;
      } else if (verdict.status === "wrong")
        judged.push({ ...candidate, verdict: "failed", reason: verdict.counterexample });
      else judged.push({ ...candidate, reason: verdict.why });
    }
  }
  return judged;
}

/** exact, failed, or unverified until it is run. */
async function compiledBack(
  pool: Pool,
  question: FunctionQuestion,
  answer: string,
): Promise<Candidate> {
  const { name, architecture } = question;
  const failed = (failure: Failure): Candidate => ({
    ...FAILED,
    reason: describeFailure(failure),
  });
  const read = await readAnswer(pool, architecture, answer);
  if (read.status !== "ok") return failed(read);
  const { ir, module, isMended } = read.value;
  pool.unload(module);
  const isolated = await isolate(pool.toolchain, ir, name);
  if (isolated.status !== "ok") return failed(isolated);
  const loaded = await pool.load(Buffer.from(isolated.value), "answer");
  if (loaded.status !== "ok") return failed(loaded);
  try {
    const alone = { ir: isolated.value, module: loaded.value };
    return { ...(await comparedBack(pool, question, alone)), isMended };
  } finally {
    pool.unload(loaded.value);
  }
}

async function comparedBack(
  pool: Pool,
  { name, architecture, wanted, isOurs }: FunctionQuestion,
  { ir, module }: { ir: string; module: LoadedModule },
): Promise<Omit<Candidate, "isMended">> {
  const question = { name, architecture, wanted, isOurs, ir, module };
  const back = await roundTrip(pool, question);
  if (back.status !== "ok") return { ...FAILED, reason: `no code: ${describeFailure(back)}` };
  if (back.value !== undefined) {
    const reason = `compiles back to the same assembly (${back.value.way})`;
    return { verdict: "exact", reason, ir: back.value.ir };
  }
  return { verdict: "unverified", reason: "not run: another answer is better", ir };
}
