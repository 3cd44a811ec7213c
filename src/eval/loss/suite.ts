/**
 * Next-token loss: how well a model foresees text of programs. A text stands behind the marks that it has in training; for the
 * published weights, behind their begin token alone. The marks are not scored, and every character is: perplexity is for
 * a token of the model's own vocabulary, and bits per character compare models of different ones.
 */

import type { Model, ScoreRequest } from "../../model/model.ts";
import { guardMarks } from "../../tasks/escape.ts";
import { MARKS } from "../../tasks/marks.ts";
import { asProblem, modelOf, rowHead } from "../asked.ts";
import type { LossRow } from "../row.ts";
import type { Contender, Kit, Suite } from "../suite.ts";
import type { LossCase } from "./cases.ts";

export const lossSuite: Suite<LossCase> = {
  name: "loss",
  takes: ({ kind }) => kind === "model",
  answer,
};

async function answer(contender: Contender, asked: LossCase, { limitMs }: Kit): Promise<LossRow> {
  const model = modelOf(contender);
  const request = requestFor(model, asked, limitMs);
  const start = performance.now();
  const scored = await scoreOf(model, request);
  return {
    suite: "loss",
    ...rowHead(contender, asked, {
      promptTokens: model.countTokens(request.before + request.text),
      seconds: (performance.now() - start) / 1000,
    }),
    kind: asked.kind,
    characters: asked.text.length,
    ...scored,
  };
}

function requestFor(
  { dialect }: Model,
  { kind, architecture, text }: LossCase,
  limitMs: number,
): ScoreRequest {
  if (dialect === "published") return { before: "", text, limitMs };
  const { begin, ir, assembly } = MARKS;
  const before = begin + (kind === "ir" ? ir : MARKS[architecture] + assembly);
  return { before, text: guardMarks(text, kind), limitMs };
}

type Scored = Pick<LossRow, "status" | "problem" | "nats" | "tokens">;

async function scoreOf(model: Model, request: ScoreRequest): Promise<Scored> {
  const scored = await model.score?.(request);
  if (scored === undefined) {
    const problem = `${model.name} tells no probabilities of a text; want a file.gguf, or vLLM`;
    return { status: "refused", problem: asProblem(problem), nats: null, tokens: null };
  }
  if (scored.status === "ok") return { status: "ok", problem: "", ...scored.value };
  return { status: scored.status, problem: asProblem(scored.message), nats: null, tokens: null };
}
