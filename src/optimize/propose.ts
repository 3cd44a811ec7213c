/**
 * What a model proposes for a module: of its answers the pass lists that can be run. A model of ours is told a digest of the module
 * (tasks/digest.ts), and is asked for one list at a time, with what the lists before it have saved: where it can tell how likely it
 * finds each of the coreset's, these are weighed (weigh-lists.ts). One of the published dialect is asked once, for all lists; it gets the IR in normal form, cut by function where it does not fit, one prompt a part. Whatever goes
 * wrong with the model is a note: the search goes on.
 */

import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { describeFailure } from "../llvm/outcome.ts";
import type { Model, ModelReply } from "../model/model.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import { digestOf } from "../tasks/digest.ts";
import { fitModule } from "../tasks/fit.ts";
import { type Proposal, type ProposalContext, proposedList } from "../tasks/proposal.ts";
import { LIST_STOPS, type TriedProposal, type TuneInput, tune } from "../tasks/tune.ts";
import type { Proposals } from "../tuner/strategy.ts";
import { MAX_TRIED, MIN_LIMIT_MS, savedShare, weighedLists } from "./weigh-lists.ts";

export interface ProposeOptions extends ProposalContext {
  readonly model: Model;
  /** GBNF of a tune answer, for back ends that hold to one. */
  readonly grammar?: string | undefined;
  /** Distinct lists wanted for the module, at least 1. */
  readonly count: number;
  /** The sizes that an answer predicts are to be in it; without it the model stops behind the list. */
  readonly sizes?: boolean;
  /** What scores are told against: the objective's value of -Oz. */
  readonly baseline: number;
  /** Whether a module that does not fit is asked about in parts, in the published dialect; it is without it. */
  readonly inParts?: boolean;
  /** For all prompts of the module together. */
  readonly limitMs: number;
  /** Told what the model could not do, for the user to know. */
  readonly onNote: (note: string) => void;
}

/** A pass list of 60 passes with its sizes; longer ones lose what is beyond. */
const MAX_ANSWER_TOKENS = 512;
/** Marks around the IR, and the strings of the published dialect. */
const PROMPT_TOKENS = 64;
/** A huge module would make hundreds of prompts: its first parts stand for it. */
const MAX_PARTS = 8;
/** What one of them takes at most: "#", two digits, two marks, and up to four characters of what it saved. */
const TRIED_TOKENS = 9;

/**
 * Of a search's budget, the lists that a model proposes before it, in place of as many of the coreset's: on validation packages better than a
 * fiftieth of it from the fifth list on (LOG.md).
 */
const PROPOSED_SHARE = 0.2;
export const proposedCount = (budget: number): number => Math.ceil(budget * PROPOSED_SHARE);

export async function* proposeLists(
  pool: Pool,
  module: LoadedModule,
  options: ProposeOptions,
): Proposals {
  const { model, onNote } = options;
  const normal = await pool.normalize(module);
  if (normal.status !== "ok") return onNote(`no IR for the model: ${describeFailure(normal)}`);
  const around = MAX_ANSWER_TOKENS + PROMPT_TOKENS;
  const maxTokens = model.contextTokens - around;
  if (maxTokens <= 0)
    return onNote(
      `${model.name}: its context of ${model.contextTokens} tokens has no room for a prompt; want ${around} and more`,
    );
  const parts = partsOf(normal.value.text, options, maxTokens);
  const [only] = parts;
  if (only === undefined) return onNote(`${model.name}: nothing of the module fits its context`);
  const clock = deadline(options.limitMs);
  if (model.dialect === "published") yield await askAll(parts, options, clock);
  else if (model.weigh === undefined || options.sizes === true)
    yield* oneByOne(only, options, clock);
  else yield* weighedLists(only, options, clock);
}

/** Gives the milliseconds that are left. */
function deadline(limitMs: number): () => number {
  const end = performance.now() + limitMs;
  return () => end - performance.now();
}

/** Ends where the model says nothing that can be run and was not tried yet. */
async function* oneByOne(ir: string, options: ProposeOptions, left: () => number): Proposals {
  const { model, baseline, count, onNote } = options;
  const tried: TriedProposal[] = [];
  const seen = new Set<string>();
  while (seen.size < count) {
    if (left() < MIN_LIMIT_MS)
      return onNote(`${model.name}: out of time after ${seen.size} of ${count} pass lists`);
    const input = { ir, tried: tried.slice(-MAX_TRIED) };
    const askFor = (answers: number): Promise<readonly Found[] | undefined> =>
      ask(input, { ...options, count: answers, limitMs: left() });
    const isNew = ({ list }: Found): boolean => !seen.has(printPassList(list));
    const first = await askFor(1);
    const isRepeated = first !== undefined && first.length > 0 && !first.some(isNew);
    // Of one answer more than was tried, one is new.
    const found = (isRepeated ? await askFor(seen.size + 1) : first)?.find(isNew);
    if (found === undefined) return;
    seen.add(printPassList(found.list));
    const [result] = yield [found.list];
    tried.push({ proposal: found.proposal, saved: savedShare(result, baseline) });
  }
}

function partsOf(
  normalForm: string,
  { model, inParts = true }: ProposeOptions,
  room: number,
): readonly string[] {
  const countTokens = (text: string): number => model.countTokens(text);
  if (model.dialect === "compact") {
    const digest = digestOf(normalForm);
    return countTokens(digest) <= room - MAX_TRIED * TRIED_TOKENS ? [digest] : [];
  }
  const fit = fitModule(normalForm, { maxTokens: room, countTokens });
  if (fit.kind === "module") return [fit.text];
  if (!inParts) return [];
  const groups = fit.groups.filter(({ state }) => state !== "too long");
  return groups.slice(0, MAX_PARTS).map(({ text }) => text);
}

/** One part after the other: the back end has the machine's cores to itself. */
async function askAll(
  parts: readonly string[],
  options: ProposeOptions,
  left: () => number,
): Promise<PassList[]> {
  const count = Math.ceil(options.count / parts.length);
  const answers: PassList[][] = [];
  for (const ir of parts) {
    if (left() < MIN_LIMIT_MS) {
      options.onNote(
        `${options.model.name}: out of time after ${answers.length} of ${parts.length} parts`,
      );
      break;
    }
    const found = await ask({ ir }, { ...options, count, limitMs: left() });
    answers.push((found ?? []).map(({ list }) => list));
  }
  return inTurn(answers).slice(0, options.count);
}

interface Found {
  readonly list: PassList;
  readonly proposal: Proposal;
}

/** Undefined where the model failed. */
async function ask(input: TuneInput, options: ProposeOptions): Promise<Found[] | undefined> {
  const { model, count, limitMs, grammar, sizes = false, onNote } = options;
  const dialect = tune[model.dialect];
  const outcome = await model.propose({
    prompt: dialect.prompt(input),
    count,
    maxTokens: MAX_ANSWER_TOKENS,
    stops: sizes ? dialect.stops : LIST_STOPS[model.dialect],
    probability: false,
    ...(grammar !== undefined && model.dialect === "compact" && { grammar }),
    limitMs,
  });
  if (outcome.status !== "ok") {
    onNote(`${model.name}: ${outcome.message}`);
    return undefined;
  }
  const found = outcome.value.flatMap((reply) => readList(reply, options) ?? []);
  const unread = outcome.value.length - found.length;
  if (unread > 0)
    onNote(
      `${model.name}: ${unread} of ${outcome.value.length} answers hold no pass list that can be run`,
    );
  return found;
}

function readList(reply: ModelReply, options: ProposeOptions): Found | undefined {
  const parsed = tune[options.model.dialect].parse(reply, options);
  const { proposal } = parsed.ok ? parsed.answer : parsed.partial;
  const list = proposal && proposedList(proposal, options);
  return list && { list, proposal };
}

/** The first of each, then the second of each, and so on; each list once. */
function inTurn(answers: readonly (readonly PassList[])[]): PassList[] {
  const longest = Math.max(0, ...answers.map(({ length }) => length));
  const all = Array.from({ length: longest }, (_, rank) =>
    answers.flatMap((lists) => lists.slice(rank, rank + 1)),
  ).flat();
  return [...new Map(all.map((list) => [printPassList(list), list])).values()];
}
