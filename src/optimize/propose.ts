/**
 * What a model proposes for a module, and of its answers the pass lists that can be run. A model of ours is asked once, about a digest
 * of the module and some of its IR (tasks/tune-input.ts). One of the published dialect gets the IR in normal form, cut by
 * function where it does not fit, one prompt a part. Whatever goes wrong with the model is a note: the search goes on.
 */

import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { describeFailure } from "../llvm/outcome.ts";
import type { Model, ModelReply } from "../model/model.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import { fitModule } from "../tasks/fit.ts";
import { type ProposalContext, proposedList } from "../tasks/proposal.ts";
import { tune } from "../tasks/tune.ts";
import { TUNE_INPUT_TOKENS, tuneInput } from "../tasks/tune-input.ts";

export interface ProposeOptions extends ProposalContext {
  readonly model: Model;
  /** GBNF of a tune answer, for back ends that hold to one. */
  readonly grammar?: string | undefined;
  /** Distinct lists wanted for the module, at least 1. */
  readonly count: number;
  /** For all prompts of the module together. */
  readonly limitMs: number;
}

export interface Proposals {
  /** Distinct, most promising first. */
  readonly lists: readonly PassList[];
  /** What the model could not do, for the user to know. */
  readonly notes: readonly string[];
}

/** A pass list of 60 passes with its sizes; longer ones lose what is beyond. */
const MAX_ANSWER_TOKENS = 512;
/** Marks around the IR, and the strings of the published dialect. */
const PROMPT_TOKENS = 64;
/** A huge module would make hundreds of prompts: its first parts stand for it. */
const MAX_PARTS = 8;
/** Below this an answer is not worth waiting for. */
const MIN_LIMIT_MS = 1_000;

export async function proposeLists(
  pool: Pool,
  module: LoadedModule,
  options: ProposeOptions,
): Promise<Proposals> {
  const { model } = options;
  const normal = await pool.normalize(module);
  if (normal.status !== "ok") return nothing(`no IR for the model: ${describeFailure(normal)}`);
  const maxTokens = model.contextTokens - MAX_ANSWER_TOKENS - PROMPT_TOKENS;
  if (maxTokens <= 0)
    return nothing(
      `${model.name}: its context of ${model.contextTokens} tokens has no room for a prompt; want ${MAX_ANSWER_TOKENS + PROMPT_TOKENS} and more`,
    );
  const parts = partsOf(normal.value.text, model, maxTokens);
  if (parts.length === 0)
    return nothing(`${model.name}: no function of the module fits its context`);
  return askAll(parts, options);
}

const nothing = (note: string): Proposals => ({ lists: [], notes: [note] });

function partsOf(normalForm: string, model: Model, room: number): readonly string[] {
  const countTokens = (text: string): number => model.countTokens(text);
  if (model.dialect === "compact") {
    const maxTokens = Math.min(TUNE_INPUT_TOKENS, room);
    const input = tuneInput(normalForm, { countTokens, maxTokens });
    return countTokens(input) <= room ? [input] : [];
  }
  const fit = fitModule(normalForm, { maxTokens: room, countTokens });
  if (fit.kind === "module") return [fit.text];
  const groups = fit.groups.filter(({ state }) => state !== "too long");
  return groups.slice(0, MAX_PARTS).map(({ text }) => text);
}

/** One part after the other: the back end has the machine's cores to itself. */
async function askAll(parts: readonly string[], options: ProposeOptions): Promise<Proposals> {
  const deadline = performance.now() + options.limitMs;
  const count = Math.ceil(options.count / parts.length);
  const notes: string[] = [];
  const answers: PassList[][] = [];
  for (const ir of parts) {
    const limitMs = deadline - performance.now();
    if (limitMs < MIN_LIMIT_MS) {
      notes.push(
        `${options.model.name}: out of time after ${answers.length} of ${parts.length} parts`,
      );
      break;
    }
    const asked = await ask(ir, { ...options, count, limitMs });
    answers.push([...asked.lists]);
    notes.push(...asked.notes);
  }
  return { lists: inTurn(answers).slice(0, options.count), notes: [...new Set(notes)] };
}

async function ask(ir: string, options: ProposeOptions): Promise<Proposals> {
  const { model, count, limitMs, grammar } = options;
  const dialect = tune[model.dialect];
  const outcome = await model.propose({
    prompt: dialect.prompt({ ir }),
    count,
    maxTokens: MAX_ANSWER_TOKENS,
    stops: dialect.stops,
    ...(grammar !== undefined && model.dialect === "compact" && { grammar }),
    limitMs,
  });
  if (outcome.status !== "ok") return nothing(`${model.name}: ${outcome.message}`);
  const read = outcome.value.map((reply) => readList(reply, options));
  const lists = read.filter((list) => list !== undefined);
  const unread = read.length - lists.length;
  const notes =
    unread > 0
      ? [`${model.name}: ${unread} of ${read.length} answers hold no pass list that can be run`]
      : [];
  return { lists, notes };
}

function readList(reply: ModelReply, options: ProposeOptions): PassList | undefined {
  const parsed = tune[options.model.dialect].parse(reply, options);
  const { proposal } = parsed.ok ? parsed.answer : parsed.partial;
  return proposal && proposedList(proposal, options);
}

/** The first of each, then the second of each, and so on; each list once. */
function inTurn(answers: readonly (readonly PassList[])[]): PassList[] {
  const longest = Math.max(0, ...answers.map(({ length }) => length));
  const all = Array.from({ length: longest }, (_, rank) =>
    answers.flatMap((lists) => lists.slice(rank, rank + 1)),
  ).flat();
  return [...new Map(all.map((list) => [printPassList(list), list])).values()];
}
