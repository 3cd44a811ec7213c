import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BleuPair, corpusBleu, sentenceBleu } from "./bleu.ts";

const pair = (answer: string, reference: string): BleuPair => ({
  answer: answer.split(" ").filter((word) => word !== ""),
  reference: reference.split(" "),
});

/** Answer, reference, sentence and corpus score / 100 of sacrebleu 2.6.0 with tokenize="none". */
const SACREBLEU: [answer: string, reference: string, sentence: number, corpus: number][] = [
  ["the cat sat on the mat", "the cat sat on the mat", 1, 1],
  ["the the the the the the the", "the cat is on the mat", 0.078098498423, 0.078098498423],
  ["the dog bit the man .", "the dog bit the man .", 1, 1],
  [
    "it was not unexpected .",
    "it was not surprising , it was expected .",
    0.191992427965,
    0.191992427965,
  ],
  ["the man bit him first .", "the man had bitten the dog .", 0.152072182227, 0.152072182227],
  ["a b", "a b", 1, 0],
  ["a b c", "a b d e", 0.394322376512, 0],
  ["ret i32 %0", "ret i32 %1", 0.550321208149, 0],
  ["x", "y", 0, 0],
  ["", "a b", 0, 0],
  [
    "%3 = add nsw i32 %0 , %1 ret i32 %3",
    "%3 = add nsw i32 %1 , %0 ret i32 %3",
    0.508132748155,
    0.508132748155,
  ],
  [
    "movl %edi , %eax addl %esi , %eax retq movl %edi , %eax",
    "leal ( %rdi , %rsi ) , %eax retq",
    0.123562212726,
    0.123562212726,
  ],
];

test.each(SACREBLEU)("BLEU of %j against %j is sacrebleu's", (answer, reference, one, corpus) => {
  expect(sentenceBleu(pair(answer, reference))).toBeCloseTo(one, 10);
  expect(corpusBleu([pair(answer, reference)])).toBeCloseTo(corpus, 10);
});

describe("corpusBleu", () => {
  test("of many pairs is sacrebleu's, not a mean of the pairs", () => {
    const pairs = SACREBLEU.map(([answer, reference]) => pair(answer, reference));
    expect(corpusBleu(pairs)).toBeCloseTo(0.3786275124943917, 12);
  });

  test("of the three sentences in sacrebleu's README, tokenised as there, is sacrebleu's", () => {
    const pairs = [
      pair("The dog bit the man .", "The dog bit the man ."),
      pair("It wasn't surprising .", "It was not unexpected ."),
      pair("The man had just bitten him .", "The man bit him first ."),
    ];
    expect(corpusBleu(pairs)).toBeCloseTo(0.4506750632106114, 12);
  });

  test("worked by hand: 4 of 5, 2 of 4, 1 of 3 and no match of 2, as long as the reference", () => {
    const expected = (4 / 5) * (2 / 4) * (1 / 3) * (1 / 2 / 2);
    expect(corpusBleu([pair("a b c x e", "a b c d e")])).toBeCloseTo(expected ** (1 / 4), 12);
  });

  test("worked by hand: a perfect but short answer pays the brevity penalty alone", () => {
    expect(corpusBleu([pair("a b c d", "a b c d e")])).toBeCloseTo(Math.exp(1 - 5 / 4), 12);
  });

  test("of nothing is 0", () => expect(corpusBleu([])).toBe(0));
});

test("sentenceBleu is 1 for equals, and in [0, 1] for any two texts", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(words, words, (answer, reference) => {
      expect(sentenceBleu({ answer, reference: answer })).toBe(1);
      const score = sentenceBleu({ answer, reference });
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }),
  );
});
