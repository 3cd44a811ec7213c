/**
 * The software-engineering suites: what a model knows of programming, HumanEval's and MBPP's problems, as pass@k.
 *
 * The samples are the model's most likely distinct answers (llama-cpp/sample.ts), not draws at a temperature: pass@1 is that of the
 * greedy answer where one sample is taken, but with more of them pass@k is not the published measure, for the unbiased estimator
 * supposes independent draws. It is the same each time. A server draws at rising temperatures (model/openai.ts), distinct
 * ones too.
 */

import { inLanes } from "../../base/lanes.ts";
import type { Model, ModelReply } from "../../model/model.ts";
import { MARKS } from "../../tasks/marks.ts";
import { asProblem, modelOf, rowHead } from "../asked.ts";
import type { CodeRow } from "../row.ts";
import type { Contender, Kit, Suite } from "../suite.ts";
import type { CodeCase } from "./problems.ts";
import type { Python } from "./python.ts";

export interface CodeSuiteOptions {
  /** Without one, why: every row then says so. */
  readonly python: Python | Error;
  /** Distinct answers to each problem. */
  readonly samples?: number;
}

const SAMPLES = 1;
/** Of an answer: a function of some dozens of lines. */
const MAX_TOKENS = 512;
const LEAST_TOKENS = 32;

export const codeSuite = ({ python, samples = SAMPLES }: CodeSuiteOptions): Suite<CodeCase> => ({
  name: "code",
  takes: ({ kind }) => kind === "model",
  answer: (contender, asked, kit) => answer(contender, asked, { kit, python, samples }),
});

type How = Required<CodeSuiteOptions> & { readonly kit: Kit };

async function answer(contender: Contender, asked: CodeCase, how: How): Promise<CodeRow> {
  const model = modelOf(contender);
  const prompt = (model.dialect === "compact" ? MARKS.begin : "") + asked.prompt;
  const promptTokens = model.countTokens(prompt);
  const start = performance.now();
  const said =
    how.python instanceof Error
      ? unanswered("refused", how.python.message)
      : await ask(model, asked, { ...how, prompt, promptTokens });
  const seconds = (performance.now() - start) / 1000;
  const judged = await judge(said.replies, asked, how);
  return {
    suite: "code",
    ...rowHead(contender, asked, { promptTokens, seconds }),
    status: judged.why === "" ? said.status : "refused",
    problem: asProblem(said.problem + judged.why),
    benchmark: asked.benchmark,
    passed: judged.passed,
  };
}

interface Said extends Pick<CodeRow, "status" | "problem"> {
  readonly replies: readonly ModelReply[];
}

const unanswered = (status: CodeRow["status"], problem: string): Said => ({
  status,
  problem,
  replies: [],
});

async function ask(
  model: Model,
  { stops }: CodeCase,
  { kit, samples, prompt, promptTokens }: How & { prompt: string; promptTokens: number },
): Promise<Said> {
  const room = model.contextTokens - promptTokens;
  if (room < LEAST_TOKENS) {
    const problem = `the prompt has ${promptTokens} tokens, the model's context ${model.contextTokens}; want ${LEAST_TOKENS} more for an answer`;
    return unanswered("too long", problem);
  }
  const maxTokens = Math.min(room, MAX_TOKENS);
  const limitMs = samples * kit.limitMs;
  const proposed = await model.propose({ prompt, stops, count: samples, maxTokens, limitMs });
  if (proposed.status !== "ok") return unanswered(proposed.status, proposed.message);
  if (proposed.value.length === 0) return unanswered("unparsed", "the model gave no answer");
  return { status: "ok", problem: "", replies: proposed.value };
}

interface Judged {
  readonly passed: boolean[];
  /** What kept a program from being run, "" where nothing did. */
  readonly why: string;
}

/** Of each sample; where the model has fewer distinct answers than were asked for, those that are missing failed. */
async function judge(
  replies: readonly ModelReply[],
  { head, tail }: CodeCase,
  { python, samples, kit }: How,
): Promise<Judged> {
  if (python instanceof Error || replies.length === 0) return { passed: [], why: "" };
  const passed = Array.from({ length: samples }, () => false);
  let why = "";
  const check = async (at: number): Promise<void> => {
    const text = replies[at]?.text ?? "";
    if (text.length > MAX_ANSWER_CHARACTERS) return;
    const verdict = await python.run(head + text + tail);
    passed[at] = verdict === "passed";
    if (typeof verdict === "object") why = verdict.notRun;
  };
  const places = [...passed.keys()].slice(0, replies.length);
  await inLanes(places, check, { lanes: kit.pool.workers, signal: kit.signal });
  return { passed, why };
}

/** Beyond what so many tokens can spell; a server may say anything. */
const MAX_ANSWER_CHARACTERS = 1 << 16;
