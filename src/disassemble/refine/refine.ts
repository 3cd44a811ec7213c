/**
 * Answers that compile, and not to what was wanted, are taken on from: a search for IR whose code is nearer, best first. At a line that
 * instructions come from which differ (origins.ts), the line is changed in small ways (edits.ts, where little is missing), and the model
 * is asked to go on from there in another way (rewrite.ts); the compiler says how far the code of each is from the wanted
 * (distance.ts). What the model may write in all is bounded in tokens, so the same question has the same answer.
 */

import { inLanes } from "../../base/lanes.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { Model } from "../../model/model.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { bareIr, bodyFirst } from "../../tasks/bare-ir.ts";
import { readAnswer } from "../answer.ts";
import { type Way, generate, waysOf } from "../ways.ts";
import { assemblyDistance, comparedLines } from "./distance.ts";
import { editsOf, retypedFrom, storesBefore } from "./edits.ts";
import { differingLines, withLocations } from "./origins.ts";
import { type Said, rewrite } from "./rewrite.ts";

export interface RefineQuestion {
  readonly name: string;
  readonly architecture: Architecture;
  /** The function's assembly, cut out (assembly-cut.ts). */
  readonly wanted: string;
  /** What the model was asked. */
  readonly prompt: string;
  /** The assembly is the pool's own: no other way of code generation is tried. */
  readonly isOurs?: boolean | undefined;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Tools {
  readonly pool: Pool;
  readonly model: Model;
}

export interface Refined {
  /** As an answer has it. */
  readonly ir: string;
  /** Of its code from the wanted; see assemblyDistance. */
  readonly distance: number;
  /** Of the best answer that it began with. */
  readonly before: number;
}

/** Tokens that the model may write more for one function: some hundred ways on. */
export const REFINE_TOKENS = 8000;

/** Other ways on that are asked for at one line. */
const AT_ONCE = 3;
/** Attempts that are taken on from. */
const MAX_OPEN = 8;
/** Those that are further behind the best are not. */
const MAX_BEHIND = 2;
/** From here on lines are changed without the model first. */
const NEAR = 4;
/** Edits that are compiled at most; some milliseconds each. */
const MAX_EDITS = 2000;
/** From here on stores are put in. */
const ALMOST = 2;
/** Further than this share of the wanted lines nothing is made of an answer. */
const HOPELESS = 0.75;

interface Attempt {
  lines: readonly string[];
  readonly distance: number;
  readonly code: readonly string[];
  /** What to try next, first things first; undefined until it is asked for. */
  moves: Move[] | undefined;
}

interface Move {
  /** The place of a line. */
  readonly at: number;
  readonly by: "edits" | "model";
  /** All attempts have their first turn before one has its second. */
  readonly turn: number;
}

interface Search extends Tools {
  readonly question: RefineQuestion;
  readonly target: readonly string[];
  readonly way: Way;
  readonly ends: number;
  /** By distance. */
  open: Attempt[];
  /** Texts that were measured, and normal forms that were taken on from. */
  readonly seen: Set<string>;
  readonly opened: Set<string>;
  readonly said: Said;
  /** Tokens that the model may still write. */
  left: number;
  /** Edits that may still be compiled. */
  edits: number;
}

/** Undefined where no answer has code, all are too far, or nothing nearer is found. `answers`: IR, as the model wrote it. */
export async function refine(
  tools: Tools,
  question: RefineQuestion,
  { answers, tokens }: { answers: readonly string[]; tokens: number },
): Promise<Refined | undefined> {
  const target = comparedLines(question.wanted);
  const ends = performance.now() + question.timeLimitMs;
  const searchBy = async (way: Way): Promise<Search> => {
    const bounds = { ends, left: tokens, edits: MAX_EDITS };
    const found = { open: [], seen: new Set<string>(), opened: new Set<string>(), said: new Map() };
    const search: Search = { ...tools, question, target, way, ...bounds, ...found };
    await consider(search, answers);
    return search;
  };
  const first = await searchBy("for size");
  const nearest = first.open[0];
  if (nearest === undefined) return undefined;
  const way = await likeliestWay(first, nearest);
  const search = way === first.way ? first : await searchBy(way);
  const before = search.open[0]?.distance ?? 0;
  if (before > HOPELESS * target.length) return undefined;
  while (!isOver(search)) if (!(await step(search))) break;
  const best = search.open[0];
  if (best === undefined || best.distance >= before) return undefined;
  return { ir: best.lines.join("\n"), distance: best.distance, before };
}

const isOver = ({ open, left, ends, question: { signal } }: Search): boolean =>
  open[0]?.distance === 0 || left <= 0 || performance.now() > ends || signal?.aborted === true;

/** The way of code generation under which an answer comes nearest. */
async function likeliestWay(search: Search, { lines, distance }: Attempt): Promise<Way> {
  const ir = lines.join("\n");
  let best: { way: Way; distance: number } = { way: "for size", distance };
  for (const way of search.question.isOurs === true ? [] : waysOf(ir).slice(1)) {
    const code = await codeOf({ ...search, way }, ir);
    const apart = code && assemblyDistance(search.target, code);
    if (apart !== undefined && apart < best.distance) best = { way, distance: apart };
  }
  return best.way;
}

/** One move of one attempt; false where nothing is left to try. */
async function step(search: Search): Promise<boolean> {
  const attempt = await nextAttempt(search);
  const move = attempt?.moves?.shift();
  if (attempt === undefined || move === undefined) return false;
  const { at, by } = move;
  const { lines } = attempt;
  if (by === "edits") {
    const edited = search.edits > 0 ? editedAt(search, attempt, at) : [];
    search.edits -= edited.length;
    await consider(search, edited);
    return true;
  }
  const { question, ends, said } = search;
  const rest = { ...question, assembly: question.wanted, limitMs: ends - performance.now() };
  const rewritten = await rewrite(search, rest, { lines, at, count: AT_ONCE, said });
  search.left -= Math.max(1, rewritten.tokens);
  const single = rewritten.lines.flatMap((line) => [
    withLines(attempt, at, [line]),
    withLines(attempt, at, [line, lines[at] ?? ""]),
  ]);
  await consider(search, [...rewritten.answers, ...single]);
  return true;
}

/** Without the model. */
function editedAt(search: Search, attempt: Attempt, at: number): string[] {
  const { lines, distance } = attempt;
  const line = { lines, at, numbers: numbersMissing(search, attempt) };
  const stores = distance <= ALMOST ? storesBefore(line) : [];
  return [
    ...editsOf(line).map((edit) => withLines(attempt, at, edit === "" ? [] : [edit])),
    ...retypedFrom(line).map((changed) => changed.join("\n")),
    ...stores.map((store) => withLines(attempt, at, [store, lines[at] ?? ""])),
  ];
}

const withLines = ({ lines }: Attempt, at: number, by: readonly string[]): string =>
  [...lines.slice(0, at), ...by, ...lines.slice(at + 1)].join("\n");

/** The best of those that have a move of the earliest turn. */
async function nextAttempt(search: Search): Promise<Attempt | undefined> {
  let next: { attempt: Attempt; turn: number } | undefined;
  for (const attempt of search.open) {
    await prepare(search, attempt);
    const turn = attempt.moves?.[0]?.turn ?? Number.POSITIVE_INFINITY;
    if (turn < (next?.turn ?? Number.POSITIVE_INFINITY)) next = { attempt, turn };
  }
  return next?.attempt;
}

/** Once: brings it into normal form and finds its moves; none where another attempt has the same form. */
async function prepare(search: Search, attempt: Attempt): Promise<void> {
  if (attempt.moves !== undefined) return;
  attempt.moves = [];
  const ir = await normalForm(search, attempt.lines.join("\n"));
  if (ir === undefined || search.opened.has(ir)) return;
  search.opened.add(ir);
  attempt.lines = ir.split("\n");
  attempt.moves = movesOf(attempt, await placesOf(search, ir));
}

/** Where the code differs, then everywhere else; then again, for the lines that the model finds less likely. */
function movesOf({ lines, distance }: Attempt, differing: readonly number[]): Move[] {
  const head = lines.findIndex((line) => line.startsWith("define "));
  const end = lines.indexOf("}", head);
  const isLabel = (at: number): boolean => /^\d+:/.test(lines[at] ?? "");
  const body = [...lines.keys()].slice(Math.max(0, head), end).filter((at) => !isLabel(at));
  const others = body.filter((at) => !differing.includes(at));
  const isNear = distance <= NEAR;
  const turns: readonly { places: readonly number[]; by: Move["by"] }[] = [
    { places: differing, by: isNear ? "edits" : "model" },
    { places: differing, by: isNear ? "model" : "edits" },
    { places: others, by: "model" },
    { places: others, by: "edits" },
    { places: differing, by: "model" },
    { places: others, by: "model" },
  ];
  return turns.flatMap(({ places, by }, turn) => places.map((at) => ({ at, by, turn })));
}

/** As the model has learned to write it: its own slips would lead it astray. */
async function normalForm(search: Search, answer: string): Promise<string | undefined> {
  const { pool, question } = search;
  const held = await readAnswer(pool, question.architecture, answer);
  if (held.status !== "ok") return undefined;
  const normal = await pool.normalize(held.value.module);
  pool.unload(held.value.module);
  return normal.status === "ok" ? bodyFirst(bareIr(normal.value.text)) : undefined;
}

/** Lines that the differing instructions come from. */
async function placesOf(search: Search, ir: string): Promise<number[]> {
  const { pool, question, way } = search;
  const held = await readAnswer(pool, question.architecture, withLocations(ir));
  if (held.status !== "ok") return [];
  pool.unload(held.value.module);
  return differingLines(pool.toolchain, held.value.ir, { ...question, way });
}

/** Measures what was not measured yet, and keeps the best. */
async function consider(search: Search, texts: readonly string[]): Promise<void> {
  const fresh = [...new Set(texts)].filter((text) => !search.seen.has(text));
  for (const text of fresh) search.seen.add(text);
  const found = new Map<string, Attempt>();
  const measure = async (text: string): Promise<void> => {
    const code = await codeOf(search, text);
    if (code === undefined) return;
    const distance = assemblyDistance(search.target, code);
    found.set(text, { lines: text.split("\n"), distance, code, moves: undefined });
  };
  await inLanes(fresh, measure, { lanes: search.pool.workers, signal: search.question.signal });
  const all = [...search.open, ...fresh.flatMap((text) => found.get(text) ?? [])];
  const sorted = all.toSorted((one, other) => one.distance - other.distance);
  const worst = (sorted[0]?.distance ?? 0) + MAX_BEHIND;
  search.open = sorted.filter(({ distance }) => distance <= worst).slice(0, MAX_OPEN);
}

/** Lines of the function's code, as they are compared; undefined where there is none. */
async function codeOf(search: Search, answer: string): Promise<string[] | undefined> {
  const { pool, question, way } = search;
  const held = await readAnswer(pool, question.architecture, answer);
  if (held.status !== "ok") return undefined;
  const made = await generate(pool, held.value, way);
  pool.unload(held.value.module);
  if (made.status !== "ok") return undefined;
  const cut = assemblyFunctions(made.value.assembly, question.architecture).cut(question.name);
  return cut === undefined ? undefined : comparedLines(cut);
}

/** Numbers of wanted lines that an attempt's code does not have. */
function numbersMissing({ target }: Search, { code }: Attempt): number[] {
  const there = new Set(code);
  const missing = target.filter((line) => !there.has(line)).join("\n");
  const numbers = missing.matchAll(/[$#](-?\d+)\b|(-?\d+)(?=\()/g);
  return [...new Set([...numbers].map(([, immediate, offset]) => Number(immediate ?? offset)))];
}
