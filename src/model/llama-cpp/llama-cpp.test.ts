import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { value } from "../../../test/support/outcome.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { tinyModel, writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { makeTokenizer } from "../../tokenizer/encode.ts";
import type { Model, ModelReply, ModelRequest } from "../model.ts";
import { openLlamaCpp } from "./open.ts";

const folder = tempFolder();
const path = join(folder, "tiny.gguf");
const { vocabulary } = await writeTinyModel(path, { extra: { "llmc.dialect": "compact" } });

const PROMPT = "<|begin|><|tune|><|ir|>define i32 @f() {\n  ret i32 0\n}\n<|passes|>";
const request = (rest: Partial<ModelRequest> = {}): ModelRequest => ({
  prompt: PROMPT,
  count: 1,
  maxTokens: 12,
  stops: [],
  limitMs: 30_000,
  ...rest,
});

const lost = { status: "refused", message: "not there" } as const;
const opened = value(await openLlamaCpp(path, { threads: 1 }));
const ask = async (
  rest: Partial<ModelRequest>,
  model: Model = opened,
): Promise<readonly ModelReply[]> => value(await model.propose(request(rest)));

test("openLlamaCpp says what the file is", () => {
  expect(opened).toMatchObject({ name: path, dialect: "compact", contextTokens: 512 });
  const ids = makeTokenizer(vocabulary).encode(PROMPT, { specials: "tokens" });
  expect(opened.countTokens(PROMPT)).toBe(ids.length);
});

test("propose gives as many distinct answers as are wanted, the same each time and in a fresh process", async () => {
  const first = await ask({ count: 8 });
  expect(new Set(first.map(({ text }) => text)).size).toBe(8);
  await ask({ prompt: "<|begin|>something else", count: 2 });
  expect(await ask({ count: 8 })).toEqual(first);
  const fresh = value(await openLlamaCpp(path, { threads: 1 }));
  expect(await ask({ count: 8 }, fresh)).toEqual(first);
  await fresh.close();
});

test("propose with a higher count goes on where a lower one ended", async () => {
  const many = await ask({ count: 6 });
  for (const count of [1, 2, 4]) {
    const few = await ask({ count });
    expect(few.map(({ text }) => text)).toEqual(many.slice(0, count).map(({ text }) => text));
  }
});

test("propose of a prompt that goes on from the one before gives what a fresh process gives", async () => {
  const longer = (lines: number): string => PROMPT + "  %1 = add i32 %0, 1\n".repeat(lines);
  for (const lines of [2, 7, 8, 9]) await ask({ prompt: longer(lines), count: 3 });
  const last = { prompt: longer(10), count: 3 };
  const fresh = value(await openLlamaCpp(path, { threads: 1 }));
  expect(await ask(last)).toEqual(await ask(last, fresh));
  await fresh.close();
});

test("propose takes no more tokens than it may, and says that the answer did not end", async () => {
  for (const reply of await ask({ count: 4, maxTokens: 3 })) {
    expect(reply.tokens).toBeLessThanOrEqual(3);
    expect(reply.ended || reply.tokens === 3).toBe(true);
    expect(reply.logProbability).toBeLessThan(0);
  }
});

test("propose without probability gives the same answer; several tell it all the same", async () => {
  for (const grammar of [undefined, 'root ::= ("sroa" | "gvn") "<|sizes|>" [0-2]']) {
    const rest = { maxTokens: 40, ...(grammar !== undefined && { grammar }) };
    const [{ logProbability, ...told } = { logProbability: 1 }] = await ask(rest);
    expect(logProbability).toBeLessThan(0);
    expect(await ask({ ...rest, probability: false })).toEqual([told]);
  }
  const several = await ask({ count: 3 });
  expect(await ask({ count: 3, probability: false })).toEqual(several);
});

test("propose ends an answer before a stop", async () => {
  const [whole] = await ask({ maxTokens: 40 });
  const text = whole?.text ?? "";
  const stop = text.slice(5, 8);
  const [cut] = await ask({ maxTokens: 40, stops: ["never there", stop] });
  expect(cut?.text).toBe(text.slice(0, text.indexOf(stop)));
  expect(cut?.ended).toBe(true);
});

test("propose follows a grammar, and gives every text of one that has few", async () => {
  const grammar = 'root ::= ("sroa" | "gvn") "<|sizes|>" [0-2]';
  const replies = await ask({ count: 50, grammar, maxTokens: 40 });
  const texts = replies.map(({ text }) => text).toSorted();
  const all = ["gvn", "sroa"].flatMap((name) => [0, 1, 2].map((at) => `${name}<|sizes|>${at}`));
  expect(texts).toEqual(all);
  expect(replies.every(({ ended }) => ended)).toBe(true);
  expect(await ask({ count: 50, grammar, maxTokens: 40 })).toEqual(replies);
});

test("propose goes back where a monitor in this process says so, and the same each time", async () => {
  // Tokens of a model that was not trained spell anything: nothing but lower-case letters may stand in a line.
  const looks: string[] = [];
  const look = async (text: string): Promise<number | undefined> => {
    looks.push(text);
    const at = text.search(/[A-Z]/);
    return at < 0 ? undefined : at;
  };
  const rest = { count: 3, maxTokens: 60, monitor: { name: "no capitals", look } };
  const replies = await ask(rest);
  expect(looks.length).toBeGreaterThan(0);
  expect(await ask(rest)).toEqual(replies);
  const limitMs = 1;
  expect((await opened.propose(request({ ...rest, count: 50, limitMs }))).status).toBe("timeout");
  expect(await ask({})).toHaveLength(1);
});

test("propose refuses a grammar that is none, and goes on", async () => {
  expect((await opened.propose(request({ grammar: "root ::= (" }))).status).toBe("refused");
  expect(await ask({})).toHaveLength(1);
});

test("propose refuses a prompt that does not fit the context", async () => {
  const outcome = await opened.propose(request({ prompt: "0".repeat(512) }));
  expect(outcome).toMatchObject({
    status: "refused",
    message: expect.stringMatching(/512 tokens.*context 512/),
  });
  const [long] = await ask({ prompt: "0".repeat(500), maxTokens: 100 });
  expect(long?.tokens).toBeLessThanOrEqual(12);
});

test("weigh tells of every option what its score is behind the prompt, of one token or of several", async () => {
  const options = ["#aa", "#ab", "globaldce", "function(sroa)", "#aa<|sizes|>"];
  const weights = value(
    (await opened.weigh?.({ prompt: PROMPT, options, limitMs: 30_000 })) ?? lost,
  );
  for (const [at, text] of options.entries()) {
    const scored = (await opened.score?.({ before: PROMPT, text, limitMs: 30_000 })) ?? lost;
    expect(weights[at]).toBeCloseTo(-value(scored).nats, 3);
  }
  expect((await ask({ count: 3 })).length).toBe(3); // what it evaluated does not stand in the way
});

test("weigh refuses an option that is empty, and goes on", async () => {
  const weigh = (option: string) =>
    opened.weigh?.({ prompt: PROMPT, options: ["#aa", option], limitMs: 30_000 });
  expect(await weigh("")).toMatchObject({
    status: "refused",
    message: expect.stringContaining('"" is empty'),
  });
  expect(await weigh("#ab")).toMatchObject({ status: "ok" });
});

test("propose out of time says so, and the next one works", async () => {
  const slow = await opened.propose(request({ count: 20, maxTokens: 400, limitMs: 1 }));
  expect(slow.status).toBe("timeout");
  expect(await ask({})).toHaveLength(1);
});

test("propose answers requests that come at once one after the other", async () => {
  const prompts = ["<|begin|>a", "<|begin|>b", "<|begin|>a"];
  const replies = await Promise.all(prompts.map((prompt) => ask({ prompt })));
  expect(replies[2]).toEqual(replies[0]);
  expect(replies[1]).toEqual(await ask({ prompt: "<|begin|>b" }));
});

test("openLlamaCpp refuses what llama.cpp cannot run", async () => {
  const { bytes } = await tinyModel();
  const other = join(folder, "other.gguf");
  writeFileSync(other, bytes.toString("latin1").replace("blk.1.attn_q", "blk.1.attn_x"), "latin1");
  const outcome = await openLlamaCpp(other);
  expect(outcome).toMatchObject({ status: "refused", message: expect.stringContaining(other) });
});

test("openLlamaCpp refuses a model made for another coreset before it starts anything", async () => {
  const mine = join(folder, "mine.gguf");
  await writeTinyModel(mine, { extra: { "llmc.dialect": "compact", "llmc.coreset.hash": "aa" } });
  const outcome = await openLlamaCpp(mine, { installed: { coresetHash: "bb" } });
  expect(outcome).toMatchObject({
    status: "refused",
    message: expect.stringContaining("aa, here is bb"),
  });
});

test("close ends the model for good, and what it is doing", async () => {
  const asked = [opened.propose(request({ count: 50, maxTokens: 400 })), opened.propose(request())];
  await opened.close();
  for (const outcome of await Promise.all(asked)) expect(outcome.status).toBe("refused");
  expect((await opened.propose(request())).status).toBe("refused");
});
