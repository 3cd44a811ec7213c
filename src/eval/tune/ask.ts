/**
 * A model asked about a program, by the code that `llmc optimize` asks with (optimize/propose.ts), which is listened to: an
 * evaluation needs every answer, those that hold no list too, and how the asking failed.
 */

import { placeOfLargest } from "../../base/stats.ts";
import { describeFailure } from "../../llvm/outcome.ts";
import type { Model, ModelOutcome, ModelReply, WeighRequest } from "../../model/model.ts";
import { proposeLists } from "../../optimize/propose.ts";
import type { PassList } from "../../passes/tree.ts";
import { tuneGbnf } from "../../tasks/grammar-proposal.ts";
import { printPassList } from "../../passes/print.ts";
import { type ProposalContext, proposedList } from "../../tasks/proposal.ts";
import { type TuneSizes, tune } from "../../tasks/tune.ts";
import { score } from "../../tuner/objective.ts";
import type { Proposals, Scored } from "../../tuner/strategy.ts";
import type { Status } from "../row.ts";
import type { Kit } from "../suite.ts";
import { type Bench, STATUS_OF_FAILURE } from "./bench.ts";

export interface Question {
  readonly model: Model;
  /** Answers wanted for the program. */
  readonly count: number;
  /** Whether a program that does not fit is asked about in parts; else it is "too long". The compact dialect has one prompt always. */
  readonly inParts: boolean;
  /** Whether the sizes that the answers predict are wanted. */
  readonly sizes: boolean;
}

/** What was read of one answer, as far as it could be. */
export interface Reading {
  readonly list?: PassList | undefined;
  readonly sizes?: TuneSizes | undefined;
}

export interface Answers {
  /** Of each prompt, in the model's order. */
  readonly parts: readonly (readonly Reading[])[];
  /** "ok" where there is any answer, whatever is in it. */
  readonly status: Status;
  readonly problem: string;
  /** Of all prompts together; of the whole one where nothing could be asked. */
  readonly promptTokens: number | null;
  readonly seconds: number;
}

/** More is no answer to read: a pass list of 100,000 characters is refused already (passes/check.ts). */
const MAX_ANSWER_CHARACTERS = 200_000;

/** `tried`: the lists that were proposed, in the order in which they were measured and told of. */
export async function askTune(
  kit: Kit,
  bench: Bench,
  question: Question,
): Promise<Answers & { readonly tried: readonly PassList[] }> {
  const normal = await kit.pool.normalize(bench.module);
  if (normal.status !== "ok")
    return { ...nothing(STATUS_OF_FAILURE[normal.status], describeFailure(normal)), tried: [] };
  const { proposals, answers } = tuneQuestion(kit, bench, question);
  const tried = await measureAll(proposals, bench);
  const found = { ...answers(), tried };
  if (found.parts.length > 0) return found;
  const { model } = question;
  const whole = tune[model.dialect].prompt({ ir: normal.value.text });
  return { ...nothing("too long", found.problem), promptTokens: model.countTokens(whole), tried };
}

/** The lists as they are asked for, and, once they are, what was answered. */
export function tuneQuestion(
  kit: Kit,
  bench: Bench,
  { model, count, inParts, sizes }: Question,
): { readonly proposals: Proposals; readonly answers: () => Answers } {
  const context = { registry: kit.registry, coreset: kit.coreset.lists };
  const asked: Asked[] = [];
  const notes = new Set<string>();
  const proposals = proposeLists(kit.pool, bench.module, {
    ...context,
    model: listening(model, asked),
    count,
    inParts,
    sizes,
    limitMs: kit.limitMs,
    grammar: tuneGbnf(context, { sizes: true }),
    baseline: score(bench.oz, "size"),
    onNote: (note) => void notes.add(note),
  });
  const answers = (): Answers => ({
    parts: asked.map(({ outcome }) => readAll(outcome, model, context)),
    status: statusOf(asked),
    problem: [...notes].join("; "),
    promptTokens: asked.reduce((sum, { prompt }) => sum + model.countTokens(prompt), 0),
    seconds: asked.reduce((sum, one) => sum + one.seconds, 0),
  });
  return { proposals, answers };
}

/** As a search would: the model is told what its lists gave. */
async function measureAll(proposals: Proposals, bench: Bench): Promise<PassList[]> {
  const tried: PassList[] = [];
  let batch = await proposals.next([]);
  while (batch.done !== true) {
    tried.push(...batch.value);
    const results = batch.value.map(async (list): Promise<Scored> => {
      const outcome = await bench.measure(printPassList(list));
      return { list, value: outcome.status === "ok" ? score(outcome.value, "size") : undefined };
    });
    batch = await proposals.next(await Promise.all(results));
  }
  return tried;
}

const nothing = (status: Status, problem: string): Answers => ({
  parts: [],
  status,
  problem,
  promptTokens: null,
  seconds: 0,
});

interface Asked {
  readonly prompt: string;
  readonly outcome: ModelOutcome<readonly ModelReply[]>;
  readonly seconds: number;
}

/** The model, which puts down what is asked and said, and never says more than was asked for or can be read. */
function listening(model: Model, asked: Asked[]): Model {
  const timed = async <T>(
    prompt: string,
    ask: () => Promise<ModelOutcome<T>>,
    repliesOf: (value: T) => readonly ModelReply[],
  ): Promise<ModelOutcome<T>> => {
    const started = performance.now();
    const outcome = await ask();
    const seconds = (performance.now() - started) / 1000;
    const said =
      outcome.status === "ok" ? { ...outcome, value: repliesOf(outcome.value) } : outcome;
    asked.push({ prompt, outcome: said, seconds });
    return outcome;
  };
  const weigh = model.weigh?.bind(model);
  return {
    ...model,
    propose(request) {
      const ask = async () => bounded(await model.propose(request), request.count);
      return timed(request.prompt, ask, (replies) => replies);
    },
    // Of lists that are weighed against each other every one can be run: the likeliest stands for the answer.
    ...(weigh && {
      weigh: (request: WeighRequest) =>
        timed(
          request.prompt,
          () => weigh(request),
          (weights) => [likeliest(request, weights)],
        ),
    }),
  };
}

function bounded(
  outcome: ModelOutcome<readonly ModelReply[]>,
  count: number,
): ModelOutcome<readonly ModelReply[]> {
  if (outcome.status !== "ok") return outcome;
  return { ...outcome, value: outcome.value.slice(0, count).map(readable) };
}

function likeliest({ options }: WeighRequest, weights: readonly number[]): ModelReply {
  const text = options[placeOfLargest(weights, options.keys())] ?? "";
  return { text, ended: true, tokens: 1 };
}

const readable = (reply: ModelReply): ModelReply =>
  reply.text.length <= MAX_ANSWER_CHARACTERS
    ? reply
    : { ...reply, text: reply.text.slice(0, MAX_ANSWER_CHARACTERS), ended: false };

/** A server that is gone at any part is asked again about all of them; other failures count where nothing else came. */
function statusOf(asked: readonly Asked[]): Status {
  const statuses = asked.map(({ outcome }) => outcome.status);
  if (statuses.includes("unreachable")) return "unreachable";
  return statuses.includes("ok") ? "ok" : (statuses[0] ?? "refused");
}

function readAll(
  outcome: ModelOutcome<readonly ModelReply[]>,
  { dialect }: Model,
  context: ProposalContext,
): Reading[] {
  if (outcome.status !== "ok") return [];
  return outcome.value.map((reply) => {
    const parsed = tune[dialect].parse(reply, context);
    const { proposal, sizes } = parsed.ok ? parsed.answer : parsed.partial;
    return { list: proposal && proposedList(proposal, context), sizes };
  });
}
