/** Each metric against what is worked out by hand. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bleuCounts, corpusBleu } from "../../base/bleu.ts";
import type { BleuPair } from "../../base/bleu.ts";
import type { SumStatistic } from "./bootstrap.ts";
import { pearson, ranks, spearman } from "./correlation.ts";
import { passAtK } from "./pass-at-k.ts";
import { bitsPerCharacter, bleu, meanOf, percentOf, perplexity, shareOf } from "./ratios.ts";
import { geometricSaving, meanSaving, totalSaving } from "./saving.ts";

/** Its value on all items. */
function valueOf<T>({ parts, of }: SumStatistic<T>, items: readonly T[]): number {
  const vectors = items.flatMap((item) => {
    const found = parts(item);
    return found === undefined ? [] : [found];
  });
  const length = vectors[0]?.length ?? 0;
  return of(
    Array.from({ length }, (_, at) => vectors.reduce((sum, vector) => sum + (vector[at] ?? 0), 0)),
  );
}

describe("savings", () => {
  const sizes = [
    { before: 100, after: 50 },
    { before: 900, after: 900 },
    { before: 1000, after: 2000 },
  ];
  const same = (size: (typeof sizes)[number]) => size;

  test("totalSaving weighs by bytes: 2,000 become 2,950", () => {
    expect(valueOf(totalSaving(same), sizes)).toBeCloseTo(-47.5, 12);
  });

  test("meanSaving weighs cases alike: 50, 0 and -100 %", () => {
    expect(valueOf(meanSaving(same), sizes)).toBeCloseTo(-50 / 3, 12);
  });

  test("geometricSaving is 0 when one case halves and another doubles", () => {
    expect(valueOf(geometricSaving(same), sizes)).toBeCloseTo(0, 12);
    expect(valueOf(geometricSaving(same), sizes.slice(0, 2))).toBeCloseTo(
      100 * (1 - Math.SQRT1_2),
      10,
    );
  });

  test("all are 0 when there was nothing to save, and no number is infinite", () => {
    const empty = [{ before: 0, after: 0 }];
    const gone = [{ before: 64, after: 0 }];
    for (const saving of [totalSaving, meanSaving, geometricSaving]) {
      expect(valueOf(saving(same), empty)).toBeCloseTo(0, 12);
      expect(valueOf(saving(same), gone)).toBeGreaterThan(98);
    }
  });
});

describe("ratios", () => {
  test("percentOf counts only items that have an answer", () => {
    expect(
      valueOf(
        percentOf((answer: boolean | undefined) => answer),
        [true, undefined, false, true],
      ),
    ).toBeCloseTo(200 / 3, 12);
  });

  test("meanOf is the mean of the numbers that there are", () => {
    expect(
      valueOf(
        meanOf((value: number | undefined) => value),
        [1, undefined, 4],
      ),
    ).toBe(2.5);
  });

  test("shareOf divides sums: 3 of 12 are 25 %", () => {
    const share = shareOf<readonly [number, number]>(
      ([part]) => part,
      ([, whole]) => whole,
    );
    expect(
      valueOf(share, [
        [1, 2],
        [2, 10],
      ]),
    ).toBe(25);
  });

  const texts = [
    { nats: 3 * Math.LN2, tokens: 1, characters: 5 },
    { nats: 3 * Math.LN2, tokens: 2, characters: 7 },
  ];

  test("perplexity of 6 bits over 3 tokens is 4", () => {
    expect(
      valueOf(
        perplexity((text: (typeof texts)[number]) => text),
        texts,
      ),
    ).toBeCloseTo(4, 12);
  });

  test("bitsPerCharacter of 6 bits over 12 characters is 0.5", () => {
    expect(
      valueOf(
        bitsPerCharacter((text: (typeof texts)[number]) => text),
        texts,
      ),
    ).toBeCloseTo(0.5, 12);
  });
});

test("bleu of counts is corpusBleu of the texts, whatever they are", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  const pairs = fc.array(fc.record({ answer: words, reference: words }), { minLength: 1 });
  fc.assert(
    fc.property(pairs, (drawn) => {
      const found = valueOf(
        bleu((pair: BleuPair) => bleuCounts(pair)),
        drawn,
      );
      expect(found).toBeCloseTo(corpusBleu(drawn), 12);
    }),
    { numRuns: 50 },
  );
});

const pairsOf = (xs: readonly number[], ys: readonly number[]) =>
  xs.map((x, index) => ({ x, y: ys[index] ?? 0 }));

describe("pearson", () => {
  test("worked by hand: deviations -2 -1 0 1 2 and -1 -2 1 0 2 give 8 / 10", () => {
    // Sum of products: 2 + 2 + 0 + 0 + 4 = 8; squares 10 and 10.
    expect(pearson(pairsOf([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]))).toBeCloseTo(0.8, 12);
  });

  test("is 1 and -1 on straight lines", () => {
    expect(pearson(pairsOf([1, 2, 4], [3, 5, 9]))).toBeCloseTo(1, 12);
    expect(pearson(pairsOf([1, 2, 4], [-3, -5, -9]))).toBeCloseTo(-1, 12);
  });

  test("is NaN when one number never changes, and for a single case", () => {
    expect(pearson(pairsOf([1, 2, 3], [7, 7, 7]))).toBeNaN();
    expect(pearson(pairsOf([1], [2]))).toBeNaN();
  });
});

describe("spearman", () => {
  test("is 1 when both rise, straight or not", () => {
    expect(spearman(pairsOf([1, 2, 3, 4], [1, 10, 100, 1000]))).toBeCloseTo(1, 12);
  });

  test("worked by hand with ties: ranks 1 2.5 2.5 4 and 1 3 2 4", () => {
    // Deviations -1.5 0 0 1.5 and -1.5 0.5 -0.5 1.5: 4.5 / sqrt(4.5 * 5).
    const found = spearman(pairsOf([10, 20, 20, 30], [1, 3, 2, 4]));
    expect(found).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });

  test("ranks gives equal values the mean of their places", () => {
    expect(ranks([5, 1, 5, 5, 9])).toEqual([3, 1, 3, 3, 5]);
    expect(ranks([])).toEqual([]);
  });
});

describe("passAtK", () => {
  test("worked by hand: 3 of 5 pass, both of 2 fail in 1 of 10 draws", () => {
    expect(passAtK({ n: 5, c: 3, k: 1 })).toBeCloseTo(0.6, 12);
    expect(passAtK({ n: 5, c: 3, k: 2 })).toBeCloseTo(0.9, 12);
    expect(passAtK({ n: 5, c: 3, k: 3 })).toBe(1);
  });

  test("is 0 when none passes, 1 when all do, NaN when there are too few samples", () => {
    expect(passAtK({ n: 200, c: 0, k: 100 })).toBe(0);
    expect(passAtK({ n: 200, c: 200, k: 1 })).toBe(1);
    expect(passAtK({ n: 5, c: 5, k: 10 })).toBeNaN();
  });

  test("is the share of draws in which a pass is, counted one by one", () => {
    const drawn = fc.record({
      n: fc.integer({ min: 1, max: 8 }),
      c: fc.nat(8),
      k: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(drawn, ({ n, c, k }) => {
        fc.pre(c <= n && k <= n);
        const draws = Array.from({ length: 2 ** n }, (_, set) => set).filter(
          (set) => bits(set) === k,
        );
        const passes = draws.filter((set) => (set & (2 ** c - 1)) !== 0);
        expect(passAtK({ n, c, k })).toBeCloseTo(passes.length / draws.length, 12);
      }),
    );
  });
});

const bits = (set: number): number => set.toString(2).replaceAll("0", "").length;
