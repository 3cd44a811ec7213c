import fc from "fast-check";
import { expect, test } from "vitest";
import { makePieceCounter, type PieceCounts } from "./count.ts";
import { makeTokenizer } from "./encode.ts";
import { SPECIAL_TOKENS } from "./special.ts";
import { trainVocabulary } from "./train.ts";
import { byteId, type Merge, pairKey, tokensOf } from "./vocabulary.ts";

const LEAST = SPECIAL_TOKENS.length + 256;

function countsOf(...texts: string[]): PieceCounts {
  const counter = makePieceCounter();
  for (const text of texts) {
    counter.add(Buffer.from(text));
    counter.endText();
  }
  return counter.finish();
}

const pieces = ({ table, counts }: PieceCounts): Record<string, number> =>
  Object.fromEntries(
    Array.from(counts, (count, index) => [Buffer.from(table.bytesOf(index)).toString(), count]),
  );

const made = async (text: string, tokens: number, maxTokenBytes = 64): Promise<string[]> => {
  const vocabulary = await trainVocabulary(countsOf(text), { size: LEAST + tokens, maxTokenBytes });
  return tokensOf(vocabulary)
    .bytes.slice(LEAST)
    .map((bytes) => Buffer.from(bytes).toString());
};

test("the piece counter counts what digits and non-ASCII bytes leave over, when chunks cut it anywhere", () => {
  const bytes = Buffer.from("%12 = load i32, ptr %3\nstore é%3 = load i8");
  const whole = pieces(countsOf(bytes.toString()));
  expect(whole).toEqual({ " = load i": 2, ", ptr %": 1, "\nstore ": 1 });
  for (let cut = 0; cut <= bytes.length; cut++) {
    const counter = makePieceCounter();
    counter.add(bytes.subarray(0, cut));
    counter.add(bytes.subarray(cut));
    expect(pieces(counter.finish())).toEqual(whole);
  }
});

test("the piece counter drops the rarest pieces when there is no more room", () => {
  const counter = makePieceCounter(100);
  for (let i = 0; i < 100; i++) {
    const rare = `rare${String.fromCharCode(97 + (i % 26), 97 + ((i / 26) | 0))}`;
    counter.add(Buffer.from(`often1${rare}1`));
  }
  const counts = counter.finish();
  expect(pieces(counts)["often"]).toBe(100);
  expect(counts.table.totalBytes()).toBeLessThanOrEqual(110);
  expect(counts.droppedUpTo).toBeGreaterThan(0);
});

test("trainVocabulary takes the most frequent pair first, and the lower ids of equal ones", async () => {
  expect(await made("ab1ab1ab1cd1cd1ef1ef1gh", 4)).toEqual(["ab", "cd", "ef"]);
  expect(await made("abc1abc1abc1bc", 2)).toEqual(["bc", "abc"]);
  expect(await made("aaaa1aaaa", 2)).toEqual(["aa", "aaaa"]);
});

test("trainVocabulary makes no token of digits, of non-ASCII bytes, over the longest, or like a special one", async () => {
  expect(await made("12 12 12 éé éé 1212", 9)).toEqual([]);
  expect(await made("abcdefgh1abcdefgh", 9, 4)).toEqual(["ab", "cd", "ef", "gh", "abcd", "efgh"]);
  expect(await made("<|end|>1<|end|>1<|end|>", 9)).not.toContain("<|end|>");
});

test("trainVocabulary makes what counting all pairs anew after each merge makes", async () => {
  const word = fc
    .array(fc.constantFrom("a", "b", "c"), { maxLength: 12 })
    .map((all) => all.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (words) => {
      const counts = countsOf(words.join("1"));
      const { merges } = await trainVocabulary(counts, { size: LEAST + 6 });
      expect(merges).toEqual(trainedByCounting(counts, 6));
    }),
  );
});

test("trainVocabulary throws when the size cannot be", async () => {
  await expect(made("ab1ab", -1)).rejects.toThrow(
    `a vocabulary of ${LEAST - 1} tokens; want ${LEAST}`,
  );
});

test("trainVocabulary ends when its signal fires", async () => {
  const controller = new AbortController();
  const training = trainVocabulary(countsOf("ab1ab"), {
    size: LEAST + 1,
    signal: controller.signal,
  });
  controller.abort(new Error("enough"));
  await expect(training).rejects.toThrow("enough");
});

test("a trained vocabulary needs fewer tokens than its text has bytes when text repeats", async () => {
  const text = "store i32 %1, ptr %2\n".repeat(50);
  const tokenizer = makeTokenizer(await trainVocabulary(countsOf(text), { size: LEAST + 100 }));
  // "store i", "3", "2", " %", "1", ", ptr %", "2", and the line end with the next line's start
  expect(tokenizer.encode(text).length).toBeLessThanOrEqual(7 * 50 + 2);
});

/** Byte-pair encoding by its definition: all pairs counted before each merge. */
function trainedByCounting({ table, counts }: PieceCounts, tokens: number): Merge[] {
  const rows = Array.from(counts, (count, index) => ({
    count,
    ids: Array.from(table.bytesOf(index), (byte) => byteId(byte, SPECIAL_TOKENS)),
  }));
  const merges = new Map<number, Merge>();
  for (;;) {
    const all = [...merges.values()];
    const { bytes, made: ids } = tokensOf({ specials: SPECIAL_TOKENS, merges: all });
    if (bytes.length >= LEAST + tokens) return all;
    const totals = new Map<number, number>();
    for (const { ids: row, count } of rows)
      for (const [at, right] of row.slice(1).entries()) {
        const key = pairKey(row[at]!, right);
        totals.set(key, (totals.get(key) ?? 0) + count);
      }
    const [best] = [...totals]
      .filter(([, n]) => n > 1)
      .toSorted(([a, n], [b, m]) => m - n || a - b);
    if (best === undefined) return all;
    const [left, right] = [Math.floor(best[0] / 0x10000), best[0] % 0x10000];
    merges.set(best[0], [left, right]);
    const after = [...merges.values()];
    const id = tokensOf({ specials: SPECIAL_TOKENS, merges: after }).made[
      after.findIndex(([a, b]) => a === left && b === right)
    ]!;
    expect(ids.length).toBeLessThanOrEqual(after.length);
    for (const row of rows)
      for (let at = 0; at + 1 < row.ids.length; at++)
        if (row.ids[at] === left && row.ids[at + 1] === right) row.ids.splice(at, 2, id);
  }
}
