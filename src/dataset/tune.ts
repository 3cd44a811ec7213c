/**
 * Stage 4, flag tuning: what a module is like in, then lists of the coreset and what each saved, as if they were tried one
 * after the other (transcript.ts). Learned are the lists that save more than all before them, and in some rows the sizes of the object
 * without any pass and with the last list. -Oz is never the answer, for it is always measured: a module that nothing saves on teaches nothing.
 */

import type { Rng } from "../base/rng.ts";
import { printDigest } from "../tasks/digest.ts";
import { namedFeatures } from "../tasks/features/features.ts";
import { listOf, outcomeOf, tune } from "../tasks/tune.ts";
import type { Made } from "./row.ts";
import { type Source, failed, printed, rngFor } from "./source.ts";
import { type Turn, drawTranscript, savedBy } from "./transcript.ts";
import type { Trials } from "./trials.ts";
import { sizesOf, symbolsOf } from "./unit.ts";

/** Rows of a module on which much can be saved; one on which less can be has fewer. */
const VARIANTS = 16;
/** What is much: a share of the object under -Oz. */
const MUCH_SAVED = 0.02;
/** Of the rows: sizes have three times the tokens of a list, and would be most of what is learned. */
const SIZES_SHARE = 0.2;
/**
 * Of the levels of a digest half are left out in each row, others each time, and some are told one too high or too low: labelled modules
 * are few, and a model comes to know them by their levels otherwise (LOG.md).
 */
const UNTOLD_SHARE = 0.5;
const BLURRED_SHARE = 0.3;

export async function* tuneRows(source: Source): AsyncGenerator<Made> {
  const { unit, trials, pool, architecture, isWhole, coreset } = source;
  if (trials === undefined) return;
  if (!isWhole) return yield { left: "another split has some of its functions" };
  const savings = savedBy(trials);
  const most = Math.max(0, ...savings.map((saved) => saved ?? 0));
  if (most === 0) return yield { left: "no list of the coreset saves" };
  const before = await sizesOf(pool, unit, "");
  if (before.status !== "ok") return yield failed(before);
  const rng = rngFor(source, "tune");
  const features = namedFeatures(unit.text);
  const symbols = symbolsOf(unit.text);
  for (let variant = 0; variant < VARIANTS * Math.min(1, most / MUCH_SAVED); variant++) {
    const turns = drawTranscript(savings, rng);
    const last = turns.at(-1)?.number ?? 0;
    yield {
      part: "module",
      architecture,
      teaches: "passes",
      passes: printed(coreset[last] ?? []),
      prompt: tune.compact.prompt({ ir: printDigest(features, (level) => vary(level, rng)) }),
      ...answerOf(turns, {
        before: before.value.bytes,
        after: sizeUnder(trials, last),
        isLearned: rng.next() < SIZES_SHARE,
      }),
      symbols,
    };
  }
}

function vary(level: number, rng: Rng): number {
  if (rng.next() < UNTOLD_SHARE) return 0;
  return rng.next() < BLURRED_SHARE ? level + rng.pick([-1, 1]) : level;
}

const sizeUnder = ({ bytes, ozBytes }: Trials, number: number): number => bytes[number] ?? ozBytes;

/** The transcript written out: as in a prompt with tried lists (tasks/tune.ts), to the last, which is an answer. */
function answerOf(
  turns: readonly Turn[],
  { isLearned: hasSizes, ...sizes }: { before: number; after: number; isLearned: boolean },
): { answer: string; told: number[] } {
  let answer = "";
  const told: number[] = [];
  const add = (text: string, isLearned: boolean): void => {
    if (!isLearned && told.at(-1) === answer.length) told.pop();
    else if (!isLearned) told.push(answer.length);
    answer += text;
    if (!isLearned) told.push(answer.length);
  };
  for (const [index, { number, saved, isLearned }] of turns.entries()) {
    const proposal = { kind: "coreset", number } as const;
    const list = listOf(proposal);
    add(list, isLearned);
    if (index < turns.length - 1) add(outcomeOf({ saved }), false);
    else add(tune.compact.target({ proposal, sizes }).slice(list.length), hasSizes);
  }
  return { answer, told };
}
