import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { contentHash } from "../base/hash.ts";
import type { Model, ModelRequest } from "./model.ts";
import { openReplay, recorded } from "./replay.ts";

const HEADER = '{"dialect": "compact", "contextTokens": 100}\n';
const request = (prompt: string, count = 1): ModelRequest => ({
  prompt,
  count,
  maxTokens: 10,
  stops: [],
  limitMs: 1000,
});

function opened(text: string): Model {
  const outcome = openReplay(join(tempFolder({ "r.jsonl": text }), "r.jsonl"));
  if (outcome.status !== "ok") throw new Error(outcome.message);
  return outcome.value;
}

const REPLIES = [
  { text: "#1", ended: true, logProbability: -0.5, tokens: 3 },
  { text: "#2", ended: false, tokens: 3 },
];

test("openReplay gives the replies of a prompt, by its text or its hash, as many as are wanted", async () => {
  const model = opened(
    HEADER +
      `${JSON.stringify({ prompt: "a", replies: REPLIES })}\n` +
      `${JSON.stringify({ promptHash: contentHash("b"), replies: REPLIES })}\n`,
  );
  expect(model).toMatchObject({ dialect: "compact", contextTokens: 100 });
  expect(await model.propose(request("a", 2))).toEqual({ status: "ok", value: REPLIES });
  expect(await model.propose(request("b"))).toEqual({ status: "ok", value: REPLIES.slice(0, 1) });
});

test("openReplay refuses a prompt that it does not have, with its hash", async () => {
  const outcome = await opened(HEADER).propose(request("unknown"));
  expect(outcome).toMatchObject({
    status: "refused",
    message: expect.stringContaining(contentHash("unknown")),
  });
});

test.each([
  ["", /line 1 is no JSON/],
  ['{"dialect": "other", "contextTokens": 100}\n', /dialect/],
  [`${HEADER}not json\n`, /line 2 is no JSON/],
  [`${HEADER}\n{"prompt": "a", "promptHash": "b", "replies": []}\n`, /line 3.*one of prompt/],
  [`${HEADER}{"prompt": "a", "replies": [{"text": 1}]}\n`, /line 2/],
  [`${HEADER}{"scoredHash": "a", "nats": 1}\n`, /line 2.*tokens/],
])("openReplay refuses %j", (text, message) => {
  const path = join(tempFolder({ "r.jsonl": text }), "r.jsonl");
  const outcome = openReplay(path);
  expect(outcome.status).toBe("refused");
  expect(outcome.status === "ok" ? "" : outcome.message).toMatch(message);
});

test("openReplay refuses a file that is not there", () => {
  expect(openReplay("/no/such/file").status).toBe("refused");
});

test("recorded writes a file that openReplay reads", async () => {
  const path = join(tempFolder(), "new.jsonl");
  const source = opened(`${HEADER}${JSON.stringify({ prompt: "a", replies: REPLIES })}\n`);
  const model = recorded(source, path);
  const said = await model.propose(request("a", 2));
  await model.propose(request("unknown"));
  const again = openReplay(path);
  if (again.status !== "ok") throw new Error(again.message);
  expect(await again.value.propose(request("a", 2))).toEqual(said);
  expect(again.value.contextTokens).toBe(100);
  expect(() => recorded(source, path)).toThrow(/there already/);
});

/** Says that each character takes one nat. */
const scoring = (): Model => ({
  ...opened(HEADER),
  score: async ({ text }) => ({ status: "ok", value: { nats: text.length, tokens: 1 } }),
});

test("recorded writes scores that openReplay gives for the same text behind the same", async () => {
  const path = join(tempFolder(), "new.jsonl");
  const asked = { before: "a", text: "bcd", limitMs: 1000 };
  await recorded(scoring(), path).score?.(asked);
  const again = openReplay(path);
  if (again.status !== "ok") throw new Error(again.message);
  const { value } = again;
  expect(await value.score?.(asked)).toEqual({ status: "ok", value: { nats: 3, tokens: 1 } });
  const other = await value.score?.({ ...asked, before: "ab", text: "cd" });
  expect(other).toMatchObject({ status: "refused", message: expect.stringContaining("no score") });
});

test("recorded writes weights that openReplay gives for the same options of the same prompt", async () => {
  const path = join(tempFolder(), "new.jsonl");
  const asked = { prompt: "a", options: ["#aa", "#ab"], limitMs: 1000 };
  const weighing: Model = {
    ...opened(HEADER),
    weigh: async ({ options }) => ({ status: "ok", value: options.map((_, at) => -at) }),
  };
  await recorded(weighing, path).weigh?.(asked);
  const again = openReplay(path);
  if (again.status !== "ok") throw new Error(again.message);
  expect(await again.value.weigh?.(asked)).toEqual({ status: "ok", value: [0, -1] });
  const other = await again.value.weigh?.({ ...asked, options: ["#ab"] });
  expect(other).toMatchObject({
    status: "refused",
    message: expect.stringContaining("no weights"),
  });
});
