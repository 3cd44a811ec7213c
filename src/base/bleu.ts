/**
 * BLEU-4 as sacrebleu defines it, on tokens that the caller has made (sacrebleu's tokenisation "none"), one reference
 * each, with its "exp" smoothing: the k-th order without a match counts as 1 / 2^k of a match. Scores are in [0, 1]
 * (sacrebleu prints them times 100).
 */

const MAX_ORDER = 4;

/** What BLEU is made of; those of many pairs add up. */
export interface BleuCounts {
  /** Matches and candidates of order 1 to MAX_ORDER; a match counts at most as often as the reference has it. */
  readonly correct: readonly number[];
  readonly total: readonly number[];
  readonly answerLength: number;
  readonly referenceLength: number;
}

export interface BleuPair {
  readonly answer: readonly string[];
  readonly reference: readonly string[];
}

export function bleuCounts({ answer, reference }: BleuPair): BleuCounts {
  const orders = Array.from({ length: MAX_ORDER }, (_, index) => index + 1);
  return {
    correct: orders.map((order) => matches(ngrams(answer, order), ngrams(reference, order))),
    total: orders.map((order) => Math.max(0, answer.length - order + 1)),
    answerLength: answer.length,
    referenceLength: reference.length,
  };
}

/** All pairs as one text, as papers report it: a pair weighs as much as it is long. 0 for no pairs. */
export function corpusBleu(pairs: Iterable<BleuPair>): number {
  let sum = bleuCounts({ answer: [], reference: [] });
  for (const pair of pairs) sum = addCounts(sum, bleuCounts(pair));
  return bleuOf(sum);
}

/** One pair. Orders longer than the answer are left out ("effective order"), so that short answers can score. */
export function sentenceBleu(pair: BleuPair): number {
  return bleuOf(bleuCounts(pair), { effectiveOrder: true });
}

export function addCounts(a: BleuCounts, b: BleuCounts): BleuCounts {
  return {
    correct: a.correct.map((count, index) => count + (b.correct[index] ?? 0)),
    total: a.total.map((count, index) => count + (b.total[index] ?? 0)),
    answerLength: a.answerLength + b.answerLength,
    referenceLength: a.referenceLength + b.referenceLength,
  };
}

export interface BleuOptions {
  readonly effectiveOrder?: boolean;
}

export function bleuOf(counts: BleuCounts, { effectiveOrder = false }: BleuOptions = {}): number {
  const { correct, total, answerLength, referenceLength } = counts;
  if (correct.every((count) => count === 0)) return 0;
  const orders = total.filter((count) => count > 0).length;
  if (orders < MAX_ORDER && !effectiveOrder) return 0;
  let smoothing = 1;
  let logs = 0;
  for (let index = 0; index < orders; index++) {
    const found = correct[index] ?? 0;
    if (found === 0) smoothing *= 2;
    logs += Math.log((found === 0 ? 1 / smoothing : found) / (total[index] ?? 1));
  }
  const brevity =
    answerLength >= referenceLength ? 1 : Math.exp(1 - referenceLength / answerLength);
  return brevity * Math.exp(logs / orders);
}

/** Tokens hold no NUL: it joins them. */
function ngrams(tokens: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= tokens.length; start++) {
    const key = tokens.slice(start, start + order).join("\0");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function matches(found: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [key, count] of found) sum += Math.min(count, wanted.get(key) ?? 0);
  return sum;
}
