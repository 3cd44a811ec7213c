/** What a contender offers for a program: pass lists in the order in which they are to be tried. */

import { presets } from "../../passes/presets.ts";
import type { Model } from "../../model/model.ts";
import { policyStrategy } from "../rivals/policy/policy.ts";
import { proposedCount } from "../../optimize/propose.ts";
import { printPassList } from "../../passes/print.ts";
import type { PassList } from "../../passes/tree.ts";
import { featuresOf } from "../../tasks/features/features.ts";
import { STRATEGIES } from "../../tuner/strategies/index.ts";
import type { Program } from "../program.ts";
import type { Status } from "../row.ts";
import type { Contender, Kit, Rival } from "../suite.ts";
import { type Reading, askTune, tuneQuestion } from "./ask.ts";
import type { Bench } from "./bench.ts";
import { searchedLists } from "./searched.ts";

export interface Offer {
  /** Undefined at the place of an answer that holds none. */
  readonly lists: readonly (PassList | undefined)[];
  readonly status: Status;
  readonly problem: string;
  /** The contender's own, measuring aside. */
  readonly seconds: number;
  readonly promptTokens: number | null;
  /** How many of a model's answers hold no list. */
  readonly unreadable: number;
}

/** From a module in normal form to the numbers of the coreset's lists, best first. */
export type ListRanker = (normalForm: string) => readonly number[];
export type Ranked = "nearest neighbour" | "value prediction";

export interface OfferOptions {
  /** Lists of each contender but the long search. */
  readonly compilations: number;
  /** Of the long search. */
  readonly searchCompilations: number;
  readonly rankers: Readonly<Partial<Record<Ranked, ListRanker>>>;
}

interface Work {
  readonly kit: Kit;
  readonly bench: Bench;
  readonly program: Program;
  readonly options: OfferOptions;
}

export function offerOf(contender: Contender, work: Work): Promise<Offer> {
  if (contender.kind === "rival") return RIVAL_OFFERS[contender.rival](work);
  return contender.kind === "model"
    ? offerOfModel(contender.model, work)
    : offerOfOptimize(contender.model, work);
}

async function offerOfModel(
  model: Model,
  { kit, bench, options: { compilations: count } }: Work,
): Promise<Offer> {
  const { parts, tried, ...answers } = await askTune(kit, bench, {
    model,
    count,
    inParts: true,
    sizes: false,
  });
  const readings = parts.flat();
  const unreadable = readings.filter(({ list }) => list === undefined).length;
  const hasList = unreadable < readings.length;
  if (answers.status !== "ok" || !hasList) {
    const status = answers.status === "ok" ? "unparsed" : answers.status;
    const problem = answers.problem === "" ? "the model gave no answer" : answers.problem;
    return { ...answers, lists: [], status, problem, unreadable };
  }
  const lists = model.dialect === "compact" ? oneByOne(parts, tried) : inTurn(parts);
  return { ...answers, lists: lists.slice(0, count), unreadable };
}

/** A model that was asked for one list after the other, until it said none: what it said then keeps its place. */
function oneByOne(
  asks: readonly (readonly Reading[])[],
  tried: readonly PassList[],
): (PassList | undefined)[] {
  const last = asks.at(-1) ?? [];
  return last.some(({ list }) => list !== undefined) ? [...tried] : [...tried, undefined];
}

/**
 * The first answer about each part, then the second about each, and so on, each list once, as optimize/propose.ts takes them;
 * but an answer without a list keeps its place: a first answer that cannot be run is a first answer.
 */
function inTurn(parts: readonly (readonly Reading[])[]): (PassList | undefined)[] {
  const longest = Math.max(0, ...parts.map(({ length }) => length));
  const ranks = Array.from({ length: longest }, (_, rank) => rank);
  const all = ranks.flatMap((rank) => parts.flatMap((readings) => readings.slice(rank, rank + 1)));
  const seen = new Set<string>();
  return all
    .map(({ list }) => list)
    .filter((list) => {
      const text = list && printPassList(list);
      const isNew = text === undefined || !seen.has(text);
      if (text !== undefined) seen.add(text);
      return isNew;
    });
}

/** `seconds`: the model's and the strategy's. */
async function offerOfOptimize(
  model: Model,
  { kit, bench, program, options: { searchCompilations: compilations } }: Work,
): Promise<Offer> {
  const count = proposedCount(compilations);
  const asking = tuneQuestion(kit, bench, { model, count, inParts: true, sizes: false });
  const { lists, seconds } = await searchedLists(kit, bench, {
    strategy: STRATEGIES.guided.run,
    compilations,
    name: program.hash,
    proposals: asking.proposals,
  });
  const answers = asking.answers();
  const readings = answers.parts.flat();
  return {
    lists,
    status: "ok",
    problem: answers.problem,
    promptTokens: answers.promptTokens,
    seconds: seconds + answers.seconds,
    unreadable: readings.filter(({ list }) => list === undefined).length,
  };
}

type RivalOffer = (work: Work) => Promise<Offer>;

const RIVAL_OFFERS: Readonly<Record<Rival, RivalOffer>> = {
  "-Oz": fixed(() => [presets.Oz]),
  "-Os": fixed(() => [presets.Os]),
  "-O2": fixed(() => [presets.O2]),
  "-O3": fixed(() => [presets.O3]),
  "single list": fixed(({ kit }) => kit.coreset.lists.slice(0, 1)),
  "coreset": fixed(({ kit, options }) => kit.coreset.lists.slice(0, options.compilations)),
  "nearest neighbour": ranked("nearest neighbour"),
  "value prediction": ranked("value prediction"),
  "perceptron": byPolicy,
  "expected improvement": searched("expected", ({ compilations }) => compilations),
  "random search": searched("random", ({ compilations }) => compilations),
  "hill climbing": searched("climb", ({ compilations }) => compilations),
  "search": searched("guided", ({ searchCompilations }) => searchCompilations),
};

function fixed(listsOf: (work: Work) => readonly PassList[]): RivalOffer {
  return async (work) => rivalOffer(listsOf(work), 0);
}

function searched(
  strategy: keyof typeof STRATEGIES,
  budget: (options: OfferOptions) => number,
): RivalOffer {
  return async ({ kit, bench, program, options }) => {
    const { lists, seconds } = await searchedLists(kit, bench, {
      strategy: STRATEGIES[strategy].run,
      compilations: budget(options),
      name: program.hash,
    });
    return rivalOffer(lists, seconds);
  };
}

function ranked(name: Ranked): RivalOffer {
  return async ({ kit, bench, options: { rankers, compilations } }) => {
    const ranker = rankers[name];
    if (ranker === undefined) return failed("refused", `${name}: it was not trained`);
    const normal = await kit.pool.normalize(bench.module);
    if (normal.status !== "ok") return failed("invalid", normal.message);
    const started = performance.now();
    const numbers = ranker(normal.value.text).slice(0, compilations);
    const lists = numbers.flatMap((number) => kit.coreset.lists.slice(number, number + 1));
    return rivalOffer(lists, (performance.now() - started) / 1000);
  };
}

/** A list at a time: what each has saved is measured before the next is chosen. */
async function byPolicy({ kit, bench, program, options }: Work): Promise<Offer> {
  const normal = await kit.pool.normalize(bench.module);
  if (normal.status !== "ok") return failed("invalid", normal.message);
  const started = performance.now();
  const strategy = policyStrategy(featuresOf(normal.value.text));
  const secondsBefore = (performance.now() - started) / 1000;
  const { lists, seconds } = await searchedLists(kit, bench, {
    strategy,
    compilations: options.compilations,
    name: program.hash,
  });
  return rivalOffer(lists, secondsBefore + seconds);
}

function rivalOffer(lists: readonly PassList[], seconds: number): Offer {
  return { lists, seconds, status: "ok", problem: "", promptTokens: null, unreadable: 0 };
}

const failed = (status: Status, problem: string): Offer => ({
  ...rivalOffer([], 0),
  status,
  problem,
});
