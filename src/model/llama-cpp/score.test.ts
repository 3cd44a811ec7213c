import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { value } from "../../../test/support/outcome.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { makeTokenizer } from "../../tokenizer/encode.ts";
import { parseTokenizer } from "../../tokenizer/file.ts";
import { convertModel } from "../gguf/convert.ts";
import type { Model } from "../model.ts";
import { openEngine } from "./bindings.ts";
import { openLlamaCpp } from "./open.ts";
import { scoreTokens } from "./score.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, "trainer/.venv/bin/python");
const reason = existsSync(PYTHON) ? "" : " (skipped: no trainer/.venv; trainer/setup.sh makes it)";

const folder = tempFolder();
const path = join(folder, "tiny.gguf");
await writeTinyModel(path, { extra: { "llmc.dialect": "compact" } });

const TEXT = `define i32 @f(i32 %0) {
  %2 = add i32 %0, 17
  %3 = mul i32 %2, %2
  ret i32 %3
}
`;
const BEFORE = "<|begin|><|ir|>";
const LIMIT_MS = 30_000;
/** PyTorch alone takes many seconds to load on a busy machine. */
const PYTHON_LIMIT_MS = 180_000;

const scoreOf = async (model: Model, text: string, before = BEFORE) =>
  value(await model.score?.({ before, text, limitMs: LIMIT_MS }));

/** Of each id after those before it; `logits`: (ids, vocabulary) in float32. */
function crossEntropies(ids: readonly number[], logits: Float32Array): number[] {
  const width = logits.length / ids.length;
  return ids.slice(1).map((id, at) => {
    const row = logits.subarray(at * width, (at + 1) * width);
    const best = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, logit) => total + Math.exp(logit - best), 0);
    return best + Math.log(sum) - (row[id] ?? Number.NaN);
  });
}

const ENGINE = { contextTokens: undefined, maxContextTokens: 512, threads: 1 };

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe.skipIf(reason !== "")(`score${reason}`, () => {
  test(
    "gives PyTorch's cross entropy",
    async () => {
      const tokenizer = join(ROOT, "src/tokenizer/golden");
      const vocabulary = parseTokenizer(readFileSync(join(tokenizer, "tokenizer.json"), "utf8"));
      const { encode } = makeTokenizer(vocabulary);
      const text = TEXT.repeat(3);
      const ids = [...encode(BEFORE + text, { specials: "tokens" })];
      execFileSync(PYTHON, ["-m", "trainer.tests.random_model", folder, "--tokenizer", tokenizer], {
        cwd: ROOT,
        input: JSON.stringify(ids),
        stdio: ["pipe", "pipe", "inherit"],
      });
      const bytes = readFileSync(join(folder, "tied/logits.f32"));
      const losses = crossEntropies(
        ids,
        new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
      );
      const out = join(folder, "tied.gguf");
      const converted = await convertModel(join(folder, "tied/model"), out, { type: "f16" });
      expect(converted).toMatchObject({ status: "ok" });
      // The engine itself: the trainer pads a small vocabulary, and openLlamaCpp takes whole ones alone.
      const engine = await openEngine({ ...ENGINE, path: out });
      expect(engine.tokenize(BEFORE + text, true)).toEqual(ids);
      const check = (): void => {};
      const behind = await scoreTokens(engine, {
        before: ids.slice(0, 2),
        text: ids.slice(2),
        check,
      });
      const alone = await scoreTokens(engine, { before: [], text: ids, check });
      expect(behind.tokens).toBe(ids.length - 2);
      expect(behind.nats / sumOf(losses.slice(1))).toBeCloseTo(1, 4);
      expect(alone.tokens).toBe(ids.length - 1);
      expect(alone.nats / sumOf(losses)).toBeCloseTo(1, 4);
    },
    PYTHON_LIMIT_MS,
  );
});

test("follow gives all tokens that may be next a probability of 1 together", async () => {
  const engine = await openEngine({ ...ENGINE, path });
  const prompt = engine.tokenize(BEFORE, true);
  const values: number[] = [];
  for (let token = 0; token < engine.vocabularySize; token++) {
    engine.rewind(0);
    values.push(
      ...(await engine.follow(prompt, 0, { next: [...prompt.slice(1), token], skip: 1 })),
    );
  }
  expect(values).toHaveLength(engine.vocabularySize);
  expect(sumOf(values.map(Math.exp))).toBeCloseTo(1, 4);
});

test("score is minus the probability that propose gives the same answer", async () => {
  const model = value(await openLlamaCpp(path, { threads: 1 }));
  const prompt = `${BEFORE}define`;
  const request = { prompt, count: 3, maxTokens: 6, stops: [], limitMs: LIMIT_MS };
  const replies = value(await model.propose(request));
  const cut = replies.filter(({ ended, text }) => !ended && !text.includes("<|"));
  let held = 0;
  for (const { text, tokens, logProbability = Number.NaN } of cut) {
    const scored = await scoreOf(model, text, prompt);
    if (scored.tokens !== tokens) continue; // the answer's text is other tokens when read
    held++;
    expect(scored.nats).toBeCloseTo(-logProbability, 3);
  }
  expect(held).toBeGreaterThan(0);
  expect(value(await model.propose(request))).toEqual(replies);
  await model.close();
});

test("score of a text of several contexts counts every token once, the same each time", async () => {
  const model = value(await openLlamaCpp(path, { threads: 1, contextTokens: 64 }));
  const text = TEXT.repeat(6);
  const first = await scoreOf(model, text);
  expect(first.tokens).toBe(model.countTokens(text));
  expect(first.tokens).toBeGreaterThan(3 * 64);
  expect(await scoreOf(model, text)).toEqual(first);
  await model.close();
});

test("score refuses what leaves no place for windows, and tells that its time is over", async () => {
  const model = value(await openLlamaCpp(path, { threads: 1, contextTokens: 64 }));
  const crowded = await model.score?.({ before: TEXT, text: TEXT.repeat(3), limitMs: LIMIT_MS });
  expect(crowded).toMatchObject({
    status: "refused",
    message: expect.stringContaining("half of the context"),
  });
  const late = await model.score?.({ before: "", text: TEXT.repeat(2000), limitMs: 50 });
  expect(late?.status).toBe("timeout");
  expect(await scoreOf(model, "", BEFORE)).toEqual({ nats: 0, tokens: 0 });
  await model.close();
});

/** Tokens are their own places in `before` and text, so that what an engine is asked can be read off. */
test("scoreTokens asks for every token once, with half a context or all of the text before it", () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4, max: 40 }),
      fc.nat(20),
      fc.nat(200),
      async (contextTokens, beforeLength, length) => {
        fc.pre(beforeLength <= contextTokens / 2);
        const asked: number[] = [];
        let held: number[] = [];
        const engine = {
          contextTokens,
          rewind: (position: number) => void (held = held.slice(0, position)),
          async follow(
            tokens: readonly number[],
            position: number,
            { next, skip }: { next: readonly number[]; skip: number },
          ) {
            expect(position).toBe(held.length);
            held.push(...tokens);
            expect(held.length).toBeLessThanOrEqual(contextTokens);
            expect(next).toHaveLength(tokens.length);
            return tokens.slice(skip).map((token, at) => {
              const target = next[skip + at] ?? Number.NaN;
              const seen = position + skip + at + 1;
              expect(target).toBe(token + 1 === beforeLength && seen > beforeLength ? -1 : target);
              expect(seen).toBeGreaterThanOrEqual(Math.min(target, Math.floor(contextTokens / 2)));
              asked.push(target);
              return -target;
            });
          },
        };
        const all = Array.from({ length: beforeLength + length }, (_, at) => at);
        const { nats, tokens } = await scoreTokens(engine, {
          before: all.slice(0, beforeLength),
          text: all.slice(beforeLength),
          check: () => {},
        });
        const wanted = all.slice(Math.max(1, beforeLength));
        expect(asked).toEqual(wanted);
        expect(tokens).toBe(wanted.length);
        expect(nats).toBe(sumOf(wanted));
      },
    ),
  ));
