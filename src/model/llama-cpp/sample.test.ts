import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../../base/rng.ts";
import type { ModelRequest } from "../model.ts";
import type { Candidates, Engine } from "./bindings.ts";
import { makeQueue } from "./branches.ts";
import type { Look } from "./lines.ts";
import { samplePriority } from "./sample.ts";

/** Tokens are letters; the first one ends an answer, the last a line and goes on into the next. */
const LETTERS = [".", "a", "b", "\nc"];
const END = 0;
const MAX_TOKENS = 4;

interface Toy {
  readonly engine: Engine;
  /** After an answer's first tokens, by token. */
  readonly logProbabilitiesAfter: (tokens: readonly number[]) => readonly number[];
  /** Tokens evaluated so far. */
  evaluated: number;
}

/** A model whose probabilities are drawn from the seed and the text so far. It checks that it is used as llama.cpp wants. */
function makeToy(seed: number): Toy {
  const held: number[] = [];
  const logProbabilitiesAfter = (tokens: readonly number[]): readonly number[] => {
    const rng = makeRng(`${seed} ${tokens.join(",")}`);
    const weights = LETTERS.map(() => 0.05 + rng.next());
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => Math.log(weight / sum));
  };
  const candidates = (width: number): Candidates => {
    const logs = logProbabilitiesAfter(held.slice(1)); // behind the prompt's one token
    const tokens = LETTERS.map((_, token) => token)
      .toSorted((a, b) => (logs[b] ?? 0) - (logs[a] ?? 0))
      .slice(0, width);
    return { tokens, logProbabilities: tokens.map((token) => logs[token] ?? 0) };
  };
  const toy: Toy = {
    evaluated: 0,
    logProbabilitiesAfter,
    engine: {
      contextTokens: 100,
      vocabularySize: LETTERS.length,
      threads: 1,
      tokenize: () => [0],
      detokenize: (tokens) => tokens.map((token) => LETTERS[token]).join(""),
      isEnd: (token) => token === END,
      rewind: (position) => void held.splice(position),
      async evaluate(tokens, position, width) {
        expect(position).toBe(held.length);
        toy.evaluated += tokens.length;
        held.push(...tokens);
        return candidates(width === "best" ? 1 : width);
      },
      widen: async (width) => candidates(width),
      follow: () => Promise.reject(new Error("sampling scores no text")),
      grammar: () => {
        throw new Error("the toy has no grammar");
      },
    },
  };
  return toy;
}

const request = (count: number): ModelRequest => ({
  prompt: "",
  count,
  maxTokens: MAX_TOKENS,
  stops: [],
  limitMs: 1000,
});

const sampled = (toy: Toy, count: number) =>
  samplePriority(toy.engine, request(count), { prompt: [0], check: () => {} });

/** The same search written down another way: of all that was not tried at any place seen so far, the most probable is next. */
function expectedTexts({ logProbabilitiesAfter }: Toy, count: number): string[] {
  const open = new Map<string, { tokens: number[]; log: number }>();
  const texts: string[] = [];
  let next: { tokens: number[]; log: number } | undefined = { tokens: [], log: 0 };
  while (next !== undefined && texts.length < count) {
    let { tokens, log } = next;
    while (tokens.at(-1) !== END && tokens.length < MAX_TOKENS) {
      const children = logProbabilitiesAfter(tokens).map((own, token) => ({
        tokens: [...tokens, token],
        log: log + own,
      }));
      for (const child of children) open.set(child.tokens.join(), child);
      const best = children.reduce((a, b) => (b.log > a.log ? b : a));
      open.delete(best.tokens.join());
      ({ tokens, log } = best);
    }
    texts.push(tokens.map((token) => (token === END ? "" : LETTERS[token])).join(""));
    next = [...open.values()].toSorted((a, b) => b.log - a.log)[0];
    if (next) open.delete(next.tokens.join());
  }
  return texts;
}

test("samplePriority takes the most probable branch of all each time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 20 }), async (seed, count) => {
      const toy = makeToy(seed);
      const replies = await sampled(toy, count);
      expect(replies.map(({ text }) => text)).toEqual(expectedTexts(toy, count));
    }),
  );
});

test("samplePriority gives every answer there is where more are wanted", async () => {
  const replies = await sampled(makeToy(1), 500);
  // Of 3 letters: 1 + 3 + 9 + 27 that end by themselves, and 81 that reach the limit.
  expect(replies).toHaveLength(121);
  expect(replies.filter(({ ended }) => ended)).toHaveLength(40);
  const total = replies.reduce((sum, { logProbability = 0 }) => sum + Math.exp(logProbability), 0);
  expect(total).toBeCloseTo(1, 10);
});

test("samplePriority evaluates the prompt and shared beginnings once", async () => {
  const toy = makeToy(2);
  const [first] = await sampled(toy, 1);
  const alone = toy.evaluated;
  expect(alone).toBeLessThanOrEqual(1 + (first?.tokens ?? 0));
  const many = makeToy(2);
  const replies = await sampled(many, 10);
  const tokens = replies.reduce((sum, reply) => sum + reply.tokens, 0);
  expect(many.evaluated).toBeLessThan(tokens + replies.length);
});

/** Refuses lines with two like letters side by side, where the second stands; counts what it is asked. */
function makeMonitor(): { look: Look; looks: string[] } {
  const looks: string[] = [];
  return {
    looks,
    async look(text, isEnd) {
      if (!isEnd) looks.push(text);
      const at = text.search(/aa|bb/);
      return at < 0 ? undefined : at + 1;
    },
  };
}

const monitored = (toy: Toy, count: number, look: Look) =>
  samplePriority(toy.engine, request(count), { prompt: [0], check: () => {}, look });

test("samplePriority with a monitor that takes everything gives what it gives without one, but for a model that comes to no end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 20 }), async (seed, count) => {
      const look = async (): Promise<undefined> => undefined;
      const replies = await monitored(makeToy(seed), count, look);
      const isEndless = replies.length === 2 && replies.every(({ ended }) => !ended);
      const expected = expectedTexts(makeToy(seed), isEndless ? 2 : count);
      expect(replies.map(({ text }) => text)).toEqual(expected);
    }),
  );
});

test("samplePriority gives only answers whose lines the monitor takes, asked with whole lines", async () => {
  let goneBack = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 6 }), async (seed, count) => {
      const { look, looks } = makeMonitor();
      const replies = await monitored(makeToy(seed), count, look);
      for (const { text, ended } of replies) if (ended) expect(text).not.toMatch(/aa|bb/);
      for (const text of looks) expect(text).toMatch(/\n$/);
      if (looks.some((text) => /aa|bb/.test(text))) goneBack++;
      expect(new Set(replies.map(({ text }) => text)).size).toBe(replies.length);
    }),
  );
  expect(goneBack).toBeGreaterThan(0);
});

test("samplePriority gives the beginning of an answer, not ended, when no line is taken", async () => {
  const look = async (text: string): Promise<number> => text.length - 1;
  for (let seed = 0; seed < 20; seed++) {
    const replies = await monitored(makeToy(seed), 2, look);
    for (const { text, ended } of replies) expect(ended ? text : "").not.toContain("\n");
  }
});

test("samplePriority with a monitor gives up after twenty-four times the tokens of an answer", async () => {
  const maxTokens = 20;
  const look: Look = async (text, isEnd) =>
    isEnd || text.length > 7 ? Math.max(0, text.length - 1) : undefined;
  const evaluated: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    const toy = makeToy(seed);
    const asked = { ...request(1), maxTokens };
    await samplePriority(toy.engine, asked, { prompt: [0], check: () => {}, look });
    evaluated.push(toy.evaluated);
  }
  const most = Math.max(...evaluated) / maxTokens;
  expect(most).toBeGreaterThan(16);
  expect(most).toBeLessThan(25);
});

test("samplePriority stops where it is told to", async () => {
  const check = (): void => {
    throw new Error("stop");
  };
  const { engine } = makeToy(3);
  await expect(samplePriority(engine, request(2), { prompt: [0], check })).rejects.toThrow("stop");
});

test("makeQueue gives the most probable first, of equals the first put in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 0 })), (logs) => {
      const queue = makeQueue<number>();
      logs.forEach((log, index) => queue.put(index, log));
      const taken = logs.map(() => queue.take() ?? -1);
      const sorted = logs
        .map((log, index) => ({ log, index }))
        .toSorted((a, b) => b.log - a.log || a.index - b.index);
      expect(taken).toEqual(sorted.map(({ index }) => index));
      expect(queue.take()).toBeUndefined();
    }),
  );
});
