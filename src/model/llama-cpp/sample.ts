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
 * With a monitor an answer's lines are looked at one after the other, and the search goes back within a line that cannot stand (lines.ts);
 * only the branches of lines that stand are left for further answers.
 * Two token sequences can spell the same text: the later one is left out, and the search goes on.
 */

import type { ModelReply, ModelRequest } from "../model.ts";
import type { Candidates, Engine, GrammarState, Width } from "./bindings.ts";
import { type Queue, makeQueue } from "./branches.ts";
import { type Look, type Odds, makeLines } from "./lines.ts";

/** Answers tried for each that is wanted: some spell what is there already. */
const TRIES = 4;
/** At least, where a monitor looks on: most beginnings that it sends back come to nothing. */
const MONITORED_TRIES = 24;
/** Answers of a monitored model that did not end, before one that does. */
const MAX_ENDLESS = 2;
/** Tokens that a monitored search for one answer may write, as many times the most that the answer may have. */
const MAX_SPENT = 24;
/** Candidates asked for where a grammar may take some out. */
const GRAMMAR_WIDTH = 32;
/** Candidates for a token of a line that may have to be written in another way. */
const MONITOR_WIDTH = 16;
/** How many times more where these are not enough. */
const WIDER = 8;

/** A place in an answer, and the candidates for it. */
interface Branch {
  /** Of the answer that the branch was left by; only the first `length` are before it. */
  readonly tokens: readonly number[];
  readonly length: number;
  /** Of these. */
  readonly prefix: Odds;
  readonly candidates: Candidates;
  /** Its place among the candidates. */
  readonly place: number;
}

interface Search {
  readonly engine: Engine;
  readonly request: Omit<ModelRequest, "monitor">;
  readonly prompt: readonly number[];
  readonly maxTokens: number;
  readonly grammar: Pick<GrammarState, "clone"> | undefined;
  readonly look: Look | undefined;
  readonly queue: Queue<Branch>;
  /** Candidates asked for at each position. */
  readonly width: number;
  /** Whether probabilities are wanted: of several answers always, for they are found by them. */
  readonly isScored: boolean;
  /** What the engine holds behind the prompt. */
  held: readonly number[];
  /** Tokens written so far, in all beginnings. */
  spent: number;
  /** The first beginning for which no line was found that can stand; an answer of last resort, to be told what is wrong with it. */
  lost?: ModelReply;
  /** Asked before every token; throws to stop. */
  readonly check: () => void;
}

/** The prompt's tokens are there, all but the last: that one is evaluated alone, so that a kept prompt gives the same sums as a fresh one. */
export async function samplePriority(
  engine: Engine,
  request: Omit<ModelRequest, "monitor">,
  {
    prompt,
    check,
    look,
  }: { prompt: readonly number[]; check: () => void; look?: Look | undefined },
): Promise<ModelReply[]> {
  const grammar = request.grammar === undefined ? undefined : engine.grammar(request.grammar);
  const maxTokens = Math.min(request.maxTokens, engine.contextTokens - prompt.length);
  const replies = new Map<string, ModelReply>();
  const all = engine.vocabularySize;
  const isScored = request.count > 1 || look !== undefined || request.probability !== false;
  let width = Math.min(all, Math.max(firstWidth(request), look === undefined ? 1 : MONITOR_WIDTH));
  const same = { engine, request, prompt, maxTokens, grammar, look, isScored, check };
  for (;;) {
    const search: Search = { ...same, queue: makeQueue<Branch>(), width, held: [], spent: 0 };
    const isDry = await searchOnce(search, replies);
    if (replies.size === 0 && search.lost !== undefined) return [search.lost];
    if (!isDry || grammar === undefined || width === all) return [...replies.values()];
    width = Math.min(all, Math.max(GRAMMAR_WIDTH, WIDER * width));
  }
}

function firstWidth({ count, grammar }: Search["request"]): number {
  if (count === 1) return 1;
  return Math.max(TRIES * count, grammar === undefined ? 0 : GRAMMAR_WIDTH);
}

/**
 * Adds answers that are not there yet, until there are enough or the tries are used up; true where branches ran out first. A monitored
 * model whose first answers run to the limit of tokens is not asked on: it goes on and on a little further back, too.
 */
async function searchOnce(search: Search, replies: Map<string, ModelReply>): Promise<boolean> {
  const { count } = search.request;
  let branch: Branch | undefined = START;
  let hasEnded = search.look === undefined;
  const least = search.look === undefined ? 0 : MONITORED_TRIES;
  for (let tries = Math.max(least, TRIES * count); branch !== undefined && tries > 0; tries--) {
    const reply = await complete(search, branch);
    if (reply !== undefined && !replies.has(reply.text)) replies.set(reply.text, reply);
    hasEnded ||= reply?.ended === true;
    const isEndless = replies.size >= MAX_ENDLESS && !hasEnded;
    if (replies.size >= count || isEndless || isSpent(search)) return false;
    branch = search.queue.take();
  }
  return branch === undefined;
}

/** Beginnings that come to nothing may be long, and each is written many times over. */
const isSpent = ({ look, spent, maxTokens, request }: Search): boolean =>
  look !== undefined && spent > MAX_SPENT * maxTokens * request.count;

/** Before the first token: nothing is known of it yet. */
const START: Branch = {
  tokens: [],
  length: 0,
  prefix: { joint: 0, regret: 0 },
  candidates: { tokens: [], logProbabilities: [] },
  place: -1,
};

/** An answer being written, and the candidates for its next token; `place` as a branch has it. */
interface Path {
  readonly tokens: number[];
  readonly state: GrammarState | undefined;
  odds: Odds;
  candidates: Candidates;
  place: number;
}

/** Where branches are left: in the queue, or with the line that they are in. */
type Leave = (branch: Branch, odds: Odds) => void;

/** Goes on from a branch; the candidate after its own is left behind. */
function pathFrom({ grammar }: Search, branch: Branch, leave: Leave): Path {
  const state = grammar?.clone();
  const tokens = branch.tokens.slice(0, branch.length);
  for (const token of tokens) state?.accept(token);
  const { candidates, place, prefix: odds } = branch;
  if (place >= 0) leaveNext({ ...branch, place: place + 1 }, state, leave);
  return { tokens, state, odds, candidates, place };
}

/** Follows a branch greedily to its end; undefined where the grammar leaves no token, or the monitor no line. */
async function complete(search: Search, branch: Branch): Promise<ModelReply | undefined> {
  const { look, queue, request } = search;
  const before = branch.tokens.slice(0, branch.length);
  const lines = look && makeLines<Branch>(search.engine, look, { before, done: queue });
  const leave: Leave = lines?.put ?? ((left, { joint }) => queue.put(left, joint));
  const isLeft = request.count > 1 || lines !== undefined;
  let path = pathFrom(search, branch, leave);
  for (;;) {
    const end = path.place < 0 ? undefined : takeToken(search, path);
    const { tokens } = path;
    const back = await (end ? lines?.end(tokens, end) : lines?.after(tokens));
    if (end !== undefined && back === undefined) return end;
    if (back === "lost" || isSpent(search)) {
      search.lost ??= { ...replyOf(search, path, { ended: false }), isLost: true };
      return undefined;
    }
    if (back !== undefined) {
      path = pathFrom(search, back, leave);
      continue;
    }
    const { state } = path;
    search.check();
    path.candidates = await candidatesAfter(search, tokens, state);
    path.place = nextAllowed(path.candidates, 0, state);
    if (path.place < 0) return undefined;
    if (isLeft) leaveNext({ ...branchAt(path), place: path.place + 1 }, state, leave);
  }
}

/** Puts the chosen candidate behind the answer, and says how the answer ends where it does. */
function takeToken(search: Search, path: Path): ModelReply | undefined {
  const { engine, request, maxTokens } = search;
  const { tokens, candidates, place } = path;
  const token = candidates.tokens[place] ?? 0;
  path.odds = oddsAt(path.odds, candidates, place);
  if (engine.isEnd(token)) return replyOf(search, path, { ended: true });
  tokens.push(token);
  search.spent++;
  path.state?.accept(token);
  const stopped = stopIn(engine, request.stops, tokens);
  if (stopped !== undefined) return replyOf(search, path, { ended: true, text: stopped });
  return tokens.length >= maxTokens ? replyOf(search, path, { ended: false }) : undefined;
}

/** Of an answer with the candidate behind it. */
function oddsAt({ joint, regret }: Odds, { logProbabilities }: Candidates, place: number): Odds {
  const own = logProbabilities[place] ?? 0;
  return { joint: joint + own, regret: regret + own - (logProbabilities[0] ?? 0) };
}

const branchAt = ({ tokens, odds, candidates, place }: Path): Branch => ({
  tokens,
  length: tokens.length,
  prefix: odds,
  candidates,
  place,
});

const nextAllowed = (
  { tokens }: Candidates,
  from: number,
  state: GrammarState | undefined,
): number => tokens.findIndex((token, at) => at >= from && (state?.allows(token) ?? true));

/** Leaves the first allowed candidate from the branch's place on. */
function leaveNext(branch: Branch, state: GrammarState | undefined, leave: Leave): void {
  const { candidates, prefix } = branch;
  const place = nextAllowed(candidates, branch.place, state);
  if (place in candidates.logProbabilities)
    leave({ ...branch, place }, oddsAt(prefix, candidates, place));
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
  { tokens, odds }: Path,
  { ended, text }: { ended: boolean; text?: string },
): ModelReply {
  return {
    text: text ?? engine.detokenize(tokens),
    tokens: tokens.length,
    ended,
    ...(isScored && { logProbability: odds.joint }),
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
