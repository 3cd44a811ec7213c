/**
 * Lists of the coreset, tried one after the other on a module of which it is known what each saves. Some turns are learned: there
 * the list is drawn by what it saves beyond the best of those before it, so a model that learns these turns ranks lists by the
 * improvement that may be expected of them given what it was told (expected improvement, Močkus 1975), and the likeliest list is the one to
 * try next. The other turns are told: lists that somebody might try, with what came of them, so that the model knows what to do when a list did not help.
 */

import type { Rng } from "../base/rng.ts";
import type { Trials } from "./trials.ts";

export interface Turn {
  /** Of the list in the coreset. */
  readonly number: number;
  /** Share of the object under -Oz; undefined where the list failed. */
  readonly saved: number | undefined;
  readonly isLearned: boolean;
}

const MAX_TURNS = 16;
/** Of the turns, where there is enough to gain. */
const LEARNED_SHARE = 0.6;
/**
 * Draws go by this power of the gain. With 1 they would be of the expected improvement itself, but dozens of lists gain nearly alike, and
 * what tells them apart is learned from fewer draws when the best is drawn more often: perceptrons on the same data did best with 4 and 8
 * (LOG.md).
 */
const POWER = 8;
/** A share of the object: turns where less can be gained are learned less often. */
const NOTABLE_GAIN = 0.01;
/** How told lists are chosen: in so many of them as if one had known what they save, else as coresets begin. */
const INFORMED_SHARE = 0.5;

/** By the list's number. */
type Savings = readonly (number | undefined)[];

export const savedBy = ({ bytes, ozBytes }: Trials): Savings =>
  bytes.map((size) => (size === undefined ? undefined : 1 - size / ozBytes));

/** At least one turn; the last is learned. Throws a RangeError where no list saves. */
export function drawTranscript(savings: Savings, rng: Rng): Turn[] {
  const turns: Turn[] = [];
  const left = new Set(savings.keys());
  const wanted = 1 + rng.int(MAX_TURNS);
  let best = 0;
  const take = (number: number, isLearned: boolean): void => {
    const saved = savings[number];
    turns.push({ number, saved, isLearned });
    left.delete(number);
    best = Math.max(best, saved ?? 0);
  };
  while (turns.length < wanted && left.size > 0) {
    const gains = [...left].map((number) => Math.max(0, (savings[number] ?? 0) - best));
    const chance = LEARNED_SHARE * Math.min(1, Math.max(...gains) / NOTABLE_GAIN);
    const isLearned = rng.next() < chance;
    const weights = isLearned
      ? gains.map((gain) => gain ** POWER)
      : toldWeights([...left], savings, rng);
    take(drawOf([...left], weights, rng), isLearned);
  }
  const last = turns.findLastIndex(({ isLearned }) => isLearned);
  if (last >= 0) return turns.slice(0, last + 1);
  const weights = savings.map((saved) => Math.max(0, saved ?? 0) ** POWER);
  if (Math.max(0, ...weights) === 0)
    throw new RangeError("drawTranscript: no list saves; want at least one");
  const number = drawOf([...weights.keys()], weights, rng);
  return [{ number, saved: savings[number], isLearned: true }];
}

function toldWeights(numbers: readonly number[], savings: Savings, rng: Rng): number[] {
  const isInformed = rng.next() < INFORMED_SHARE;
  const byRank = numbers.map((number) => 1 / (2 + number));
  if (!isInformed) return byRank;
  const bySaving = numbers.map((number) => Math.max(0, savings[number] ?? 0));
  return bySaving.some((weight) => weight > 0) ? bySaving : byRank;
}

/** `weights`: one an item, not all 0. */
function drawOf(items: readonly number[], weights: readonly number[], rng: Rng): number {
  let left = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  const drawn = items[at < 0 ? weights.findLastIndex((weight) => weight > 0) : at];
  if (drawn === undefined) throw new RangeError("drawOf: no item has a weight above 0");
  return drawn;
}
