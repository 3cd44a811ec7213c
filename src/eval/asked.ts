/** A model asked for code: whether the prompt fits, what came, how long it took; and what every row says of that. */

import type { BleuCounts } from "../base/bleu.ts";
import { LEAST_ANSWER_TOKENS } from "../disassemble/disassemble.ts";
import type { Model, ModelReply, Monitor } from "../model/model.ts";
import { type CodeTask, enoughTokens } from "../tasks/endless.ts";
import type { EmulateRow, Row, Status } from "./row.ts";
import type { Case, Contender } from "./suite.ts";

export interface Request {
  readonly task: CodeTask;
  readonly prompt: string;
  readonly stops: readonly string[];
  readonly count: number;
  readonly limitMs: number;
  readonly monitor: Monitor | undefined;
}

export interface Asked {
  readonly promptTokens: number;
  /** The model's own. */
  readonly seconds: number;
  readonly outcome:
    | { readonly status: "ok"; readonly replies: readonly [ModelReply, ...ModelReply[]] }
    | { readonly status: Exclude<Status, "ok" | "invalid">; readonly problem: string };
}

/** One request. Never throws for what a model does. */
export async function askModel(model: Model, { task, ...request }: Request): Promise<Asked> {
  const promptTokens = model.countTokens(request.prompt);
  const room = model.contextTokens - promptTokens;
  if (room < LEAST_ANSWER_TOKENS) {
    const problem = `the prompt has ${promptTokens} tokens, the model's context ${model.contextTokens}; want ${LEAST_ANSWER_TOKENS} more for an answer`;
    return { promptTokens, seconds: 0, outcome: { status: "too long", problem } };
  }
  const start = performance.now();
  const maxTokens = Math.min(room, enoughTokens(task, promptTokens));
  const proposed = await model.propose({ ...request, maxTokens });
  const seconds = (performance.now() - start) / 1000;
  if (proposed.status !== "ok") {
    const { status, message } = proposed;
    return { promptTokens, seconds, outcome: { status, problem: message } };
  }
  const [first, ...others] = proposed.value;
  if (first === undefined) {
    const problem = "the model gave no answer";
    return { promptTokens, seconds, outcome: { status: "unparsed", problem } };
  }
  return { promptTokens, seconds, outcome: { status: "ok", replies: [first, ...others] } };
}

type Said = "contender" | "case" | "package" | "language" | "bytes" | "promptTokens" | "seconds";

export const rowHead = (
  { name }: Contender,
  { id, package: from, language, bytes }: Case,
  { promptTokens, seconds }: Pick<Row, "promptTokens" | "seconds">,
): Pick<Row, Said> => ({
  contender: name,
  case: id,
  package: from,
  language,
  bytes,
  promptTokens,
  seconds,
});

export type BleuParts = EmulateRow["bleu"];

export const bleuParts = ({ correct, total, ...lengths }: BleuCounts): BleuParts => ({
  correct: [...correct],
  total: [...total],
  ...lengths,
});

const MAX_PROBLEM_CHARACTERS = 400;

/** One line, bounded, whatever a model or LLVM said. */
export const asProblem = (text: string): string =>
  text.replaceAll(/\s+/g, " ").trim().slice(0, MAX_PROBLEM_CHARACTERS);

/** The model of a contender that these suites take. */
export function modelOf(contender: Contender): Model {
  if (contender.kind === "model" || contender.kind === "alone") return contender.model;
  throw new Error(
    `${contender.name} is asked for code and is no model; want one that the suite takes`,
  );
}
