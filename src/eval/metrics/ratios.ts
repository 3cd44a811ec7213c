/** Statistics of sums over rows: means, shares, percentages, perplexity and BLEU. For `estimateOfSums`. */

import { bleuOf } from "../../base/bleu.ts";
import type { BleuCounts } from "../../base/bleu.ts";
import type { SumStatistic } from "./bootstrap.ts";

/** Items whose number is undefined do not count. */
export const meanOf = <T>(value: (item: T) => number | undefined): SumStatistic<T> => ({
  parts: (item) => {
    const found = value(item);
    return found === undefined ? undefined : [found, 1];
  },
  of: ([total = 0, count = 0]) => total / count,
});

/** Percent of the items for which it is true; those for which it is undefined do not count. */
export const percentOf = <T>(isSo: (item: T) => boolean | undefined): SumStatistic<T> =>
  meanOf((item) => {
    const answer = isSo(item);
    return answer === undefined ? undefined : 100 * Number(answer);
  });

/** Percent that the first numbers together are of the second ones. */
export const shareOf = <T>(
  part: (item: T) => number,
  whole: (item: T) => number,
): SumStatistic<T> => ({
  parts: (item) => [part(item), whole(item)],
  of: ([parts = 0, wholes = 0]) => (100 * parts) / wholes,
});

export interface Scored {
  readonly nats: number;
  readonly tokens: number;
  readonly characters: number;
}

/** e to the mean loss of a token, in nats. Depends on the tokenizer: compare models of one tokenizer only. */
export const perplexity = <T>(scored: (item: T) => Scored | undefined): SumStatistic<T> => ({
  parts: (item) => {
    const found = scored(item);
    return found && [found.nats, found.tokens];
  },
  of: ([nats = 0, tokens = 0]) => Math.exp(nats / tokens),
});

/** Loss in bits for a character of text: the same question to every tokenizer. */
export const bitsPerCharacter = <T>(scored: (item: T) => Scored | undefined): SumStatistic<T> => ({
  parts: (item) => {
    const found = scored(item);
    return found && [found.nats, found.characters];
  },
  of: ([nats = 0, characters = 0]) => nats / Math.LN2 / characters,
});

/** All pairs as one text (base/bleu.ts). */
export const bleu = <T>(counts: (item: T) => BleuCounts | undefined): SumStatistic<T> => ({
  parts: (item) => {
    const found = counts(item);
    return found && [...found.correct, ...found.total, found.answerLength, found.referenceLength];
  },
  of: (sums) => {
    const orders = (sums.length - 2) / 2;
    const [answerLength = 0, referenceLength = 0] = sums.slice(2 * orders);
    return bleuOf({
      correct: sums.slice(0, orders),
      total: sums.slice(orders, 2 * orders),
      answerLength,
      referenceLength,
    });
  },
});
