/**
 * Priority sampling (Grubisic et al., arXiv 2402.18734): the most likely distinct answers, without any chance in it.
 *
 * The first answer takes the most likely token at every position. At every position the next-best token is left behind as
 * a *branch*; the next answer starts at the most probable of all branches, goes on greedily, and leaves branches of its
 * own. A branch's probability is that of all the answer's tokens up to it and its own. More answers continue the same
 * search: the first 3 of 10 are the 3 of 3. With a grammar that holds only while the next-best token is among the first
 * GRAMMAR_WIDTH: one further back leaves no branch, unless the search would end without it.
 *
 * Probabilities are the model's own; a grammar takes tokens out before they are ranked and does not change what is left.
 * Two token sequences can spell the same text: the later one is left out, and the search goes on.
 */

import type { ModelReply, ModelRequest } from "../model.ts";
import type { Candidates, Engine, GrammarState, Width } from "./bindings.ts";
import { type Queue, makeQueue } from "./branches.ts";

/** Answers tried for each that is wanted: some spell what is there already. */
const TRIES = 4;
/** Candidates asked for where a grammar may take some out. */
const GRAMMAR_WIDTH = 32;
/** How many times more where these are not enough. */
const WIDER = 8;

/** A place in an answer, and the candidates for it. */
interface Branch {
  /** Of the answer that the branch was left by; only the first `length` are before it. */
  readonly tokens: readonly number[];
  readonly length: number;
  readonly prefixLogProbability: number;
  readonly candidates: Candidates;
  /** Its place among the candidates. */
  readonly place: number;
}

interface Search {
  readonly engine: Engine;
  readonly request: ModelRequest;
  readonly prompt: readonly number[];
  readonly maxTokens: number;
  readonly grammar: Pick<GrammarState, "clone"> | undefined;
  readonly queue: Queue<Branch>;
  /** Candidates asked for at each position. */
  readonly width: number;
  /** Whether probabilities are wanted: of several answers always, for they are found by them. */
  readonly isScored: boolean;
  /** What the engine holds behind the prompt. */
  held: readonly number[];
  /** Asked before every token; throws to stop. */
  readonly check: () => void;
}

/** The prompt's tokens are there, all but the last: that one is evaluated alone, so that a kept prompt gives the same sums as a fresh one. */
export async function samplePriority(
  engine: Engine,
  request: ModelRequest,
  { prompt, check }: { prompt: readonly number[]; check: () => void },
): Promise<ModelReply[]> {
  const grammar = request.grammar === undefined ? undefined : engine.grammar(request.grammar);
  const maxTokens = Math.min(request.maxTokens, engine.contextTokens - prompt.length);
  const replies = new Map<string, ModelReply>();
  const all = engine.vocabularySize;
  const isScored = request.count > 1 || request.probability !== false;
  let width = Math.min(all, firstWidth(request));
  for (;;) {
    const queue = makeQueue<Branch>();
    const isDry = await searchOnce(
      { engine, request, prompt, maxTokens, grammar, queue, width, isScored, held: [], check },
      replies,
    );
    if (!isDry || grammar === undefined || width === all) break;
    width = Math.min(all, Math.max(GRAMMAR_WIDTH, WIDER * width));
  }
  return [...replies.values()];
}

function firstWidth({ count, grammar }: ModelRequest): number {
  if (count === 1) return 1;
  return Math.max(TRIES * count, grammar === undefined ? 0 : GRAMMAR_WIDTH);
}

/** Adds answers that are not there yet, until there are enough or the tries are used up; true where branches ran out first. */
async function searchOnce(search: Search, replies: Map<string, ModelReply>): Promise<boolean> {
  const { count } = search.request;
  let branch: Branch | undefined = START;
  for (let tries = TRIES * count; branch !== undefined && tries > 0; tries--) {
    const reply = await complete(search, branch);
    if (reply !== undefined && !replies.has(reply.text)) replies.set(reply.text, reply);
    if (replies.size >= count) return false;
    branch = search.queue.take();
  }
  return branch === undefined;
}

/** Before the first token: nothing is known of it yet. */
const START: Branch = {
  tokens: [],
  length: 0,
  prefixLogProbability: 0,
  candidates: { tokens: [], logProbabilities: [] },
  place: -1,
};

/** Follows a branch greedily to its end; undefined where the grammar leaves no token. */
async function complete(search: Search, branch: Branch): Promise<ModelReply | undefined> {
  const { engine, request, maxTokens } = search;
  const state = search.grammar?.clone();
  const tokens = branch.tokens.slice(0, branch.length);
  for (const token of tokens) state?.accept(token);
  let logProbability = branch.prefixLogProbability;
  let { candidates, place } = branch;
  if (place >= 0) leaveBranch(search, { ...branch, place: place + 1 }, state);
  for (;;) {
    if (place >= 0) {
      const token = candidates.tokens[place] ?? 0;
      logProbability += candidates.logProbabilities[place] ?? 0;
      if (engine.isEnd(token)) return replyOf(search, tokens, { ended: true, logProbability });
      tokens.push(token);
      state?.accept(token);
    }
    const stopped = stopIn(engine, request.stops, tokens);
    if (stopped !== undefined)
      return replyOf(search, tokens, { ended: true, logProbability, text: stopped });
    if (tokens.length >= maxTokens)
      return replyOf(search, tokens, { ended: false, logProbability });
    search.check();
    candidates = await candidatesAfter(search, tokens, state);
    place = nextAllowed(candidates, 0, state);
    if (place < 0) return undefined;
    const here = {
      tokens,
      length: tokens.length,
      prefixLogProbability: logProbability,
      candidates,
    };
    if (request.count > 1) leaveBranch(search, { ...here, place: place + 1 }, state);
  }
}

const nextAllowed = (
  { tokens }: Candidates,
  from: number,
  state: GrammarState | undefined,
): number => tokens.findIndex((token, at) => at >= from && (state?.allows(token) ?? true));

/** Puts the first allowed candidate from the branch's place on into the queue. */
function leaveBranch({ queue }: Search, branch: Branch, state: GrammarState | undefined): void {
  const place = nextAllowed(branch.candidates, branch.place, state);
  const own = branch.candidates.logProbabilities[place];
  if (own !== undefined) queue.put({ ...branch, place }, branch.prefixLogProbability + own);
}

/** What may follow the prompt and `tokens`; at least one that the grammar allows, where it allows any. */
async function candidatesAfter(
  search: Search,
  tokens: readonly number[],
  state: GrammarState | undefined,
): Promise<Candidates> {
  const { engine, prompt } = search;
  const all = engine.vocabularySize;
  let { width } = search;
  // The first token's probability tells whether the model's output is one of numbers.
  const isBest = width === 1 && !search.isScored && tokens.length > 0;
  let candidates = await evaluateBehind(search, tokens, { width: isBest ? "best" : width, prompt });
  if (state === undefined) return candidates;
  while (width < all && nextAllowed(candidates, 0, state) < 0) {
    width = Math.min(all, Math.max(GRAMMAR_WIDTH, WIDER * width));
    candidates = await engine.widen(width);
  }
  return candidates;
}

/** Evaluates what the engine does not hold yet, at least the last token. */
async function evaluateBehind(
  search: Search,
  tokens: readonly number[],
  { width, prompt }: { width: Width; prompt: readonly number[] },
): Promise<Candidates> {
  const { engine, held } = search;
  const differs = tokens.findIndex((token, at) => token !== held[at]);
  const shared = differs < 0 ? tokens.length : differs;
  // One token is evaluated in any case: candidates are for what was evaluated last.
  const kept = Math.min(shared, tokens.length - 1);
  const missing = kept < 0 ? prompt.slice(-1) : tokens.slice(kept);
  const position = prompt.length + kept;
  if (position < prompt.length + held.length || kept < 0) engine.rewind(position);
  search.held = tokens.slice();
  return engine.evaluate(missing, position, width);
}

function replyOf(
  { engine, isScored }: Search,
  tokens: readonly number[],
  { ended, logProbability, text }: { ended: boolean; logProbability: number; text?: string },
): ModelReply {
  return {
    text: text ?? engine.detokenize(tokens),
    tokens: tokens.length,
    ended,
    ...(isScored && { logProbability }),
  };
}

/** The text before the first stop, where there is one: looked for in the last tokens, for those before have been looked at. */
function stopIn(
  engine: Engine,
  stops: readonly string[],
  tokens: readonly number[],
): string | undefined {
  if (stops.length === 0 || tokens.length === 0) return undefined;
  // No token is shorter than a byte but at the edges of a special one.
  const window = Math.max(...stops.map((stop) => Buffer.byteLength(stop))) + STOP_SLACK_TOKENS;
  const tail = engine.detokenize(tokens.slice(-window));
  if (!stops.some((stop) => tail.includes(stop))) return undefined;
  const text = engine.detokenize(tokens);
  const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return places.length === 0 ? undefined : text.slice(0, Math.min(...places));
}

const STOP_SLACK_TOKENS = 4;
