import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { Model, ModelRequest } from "./model.ts";
import { type OpenAiOptions, openOpenAi } from "./openai.ts";

type Handler = (
  body: Record<string, unknown>,
  reply: ServerResponse,
  asked: IncomingMessage,
) => void;

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A real server on a free port. */
async function served(handler: Handler): Promise<string> {
  const server = createServer((asked, reply) => {
    void text(asked).then((body) => handler(JSON.parse(body), reply, asked));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const completion = (said: string, rest: object = {}): string =>
  JSON.stringify({
    choices: [{ text: said, finish_reason: "stop", ...rest }],
    usage: { completion_tokens: 2 },
  });

function opened(address: string, options: Partial<OpenAiOptions> = {}): Model {
  const outcome = openOpenAi(address, { dialect: "compact", contextTokens: 1000, ...options });
  if (outcome.status !== "ok") throw new Error(outcome.message);
  return outcome.value;
}

const request = (rest: Partial<ModelRequest> = {}): ModelRequest => ({
  prompt: "<|begin|>x",
  count: 1,
  maxTokens: 7,
  stops: [],
  limitMs: 10_000,
  ...rest,
});

test("openOpenAi sends the prompt as it is and reads the answer", async () => {
  let seen: Record<string, unknown> = {};
  let path: string | undefined;
  let key: string | undefined;
  const address = await served((body, reply, asked) => {
    [seen, path, key] = [body, asked.url, asked.headers.authorization];
    reply.end(completion("#1", { logprobs: { token_logprobs: [-0.5, -0.25] } }));
  });
  const model = opened(address, { model: "mine", key: "secret" });
  const outcome = await model.propose(request({ stops: ["<|end|>"] }));
  expect(outcome).toEqual({
    status: "ok",
    value: [{ text: "#1", ended: true, tokens: 2, logProbability: -0.75 }],
  });
  expect([path, key]).toEqual(["/v1/completions", "Bearer secret"]);
  expect(seen).toMatchObject({
    model: "mine",
    prompt: "<|begin|>x",
    max_tokens: 7,
    temperature: 0,
    stop: ["<|end|>"],
  });
});

test("openOpenAi asks until enough answers differ, in the same way each time", async () => {
  const asked: unknown[][] = [];
  const address = await served(({ temperature, seed }, reply) => {
    asked.push([temperature, seed]);
    const round = asked.length % 5 === 0 ? 5 : asked.length % 5;
    reply.end(completion(["", "a", "a", "b", "b", "c"][round] ?? ""));
  });
  const model = opened(address);
  const first = await model.propose(request({ count: 3 }));
  expect(first.status === "ok" && first.value.map((reply) => reply.text)).toEqual(["a", "b", "c"]);
  expect(await model.propose(request({ count: 3 }))).toEqual(first);
  expect(asked).toHaveLength(10);
  expect(asked.slice(5)).toEqual(asked.slice(0, 5));
  expect(new Set(asked.slice(1, 5).map(([, seed]) => seed)).size).toBe(4);
});

test("openOpenAi gives fewer answers where the server always says the same", async () => {
  const address = await served((_, reply) => reply.end(completion("same")));
  const outcome = await opened(address).propose(request({ count: 4 }));
  expect(outcome.status === "ok" && outcome.value).toHaveLength(1);
});

test("openOpenAi cuts an answer at a stop that the server left in", async () => {
  const address = await served((_, reply) =>
    reply.end(completion("#1<|end|>more", { finish_reason: "length" })),
  );
  const outcome = await opened(address).propose(request({ stops: ["<|end|>"] }));
  expect(outcome).toMatchObject({ value: [{ text: "#1", ended: true }] });
});

test("openOpenAi tells an answer that was cut at the limit of tokens", async () => {
  const address = await served((_, reply) =>
    reply.end(completion("x", { finish_reason: "length" })),
  );
  expect(await opened(address).propose(request())).toMatchObject({ value: [{ ended: false }] });
});

test("openOpenAi reads llama-server's probabilities, and does without", async () => {
  let logprobs: unknown = { content: [{ logprob: -1 }, { logprob: -2 }] };
  const address = await served((_, reply) => reply.end(completion("x", { logprobs })));
  const model = opened(address);
  expect(await model.propose(request())).toMatchObject({ value: [{ logProbability: -3 }] });
  for (logprobs of [null, "nonsense", { token_logprobs: [null] }]) {
    const outcome = await model.propose(request());
    expect(outcome.status === "ok" && outcome.value[0]).toEqual({
      text: "x",
      ended: true,
      tokens: 2,
    });
  }
});

test("openOpenAi sends a grammar only in the way the server takes one, else refuses", async () => {
  let seen: Record<string, unknown> = {};
  const address = await served((body, reply) => ((seen = body), reply.end(completion("a"))));
  const grammar = 'root ::= "a"';
  const refused = await opened(address).propose(request({ grammar }));
  expect(refused).toMatchObject({ status: "refused", message: expect.stringContaining("grammar") });
  expect(seen).toEqual({});
  const model = opened(address, { grammarField: "guided_grammar" });
  expect((await model.propose(request({ grammar }))).status).toBe("ok");
  expect(seen["guided_grammar"]).toBe(grammar);
});

test.each([
  [500, "down", "unreachable"],
  [429, "busy", "unreachable"],
  [404, "no such model", "refused"],
  [400, "too long", "refused"],
])("openOpenAi tells status %i", async (code, said, status) => {
  const address = await served((_, reply) => reply.writeHead(code).end(said));
  const outcome = await opened(address).propose(request());
  expect(outcome).toMatchObject({ status, message: expect.stringMatching(`${code}: ${said}`) });
});

test.each([
  "<html>hello</html>",
  "",
  "{",
  "[]",
  '{"choices": []}',
  '{"choices": [{"text": 1}]}',
  "null",
])("openOpenAi refuses the nonsense %j", async (body) => {
  const address = await served((_, reply) => reply.end(body));
  const outcome = await opened(address).propose(request());
  expect(outcome).toMatchObject({ status: "refused", message: expect.stringContaining(address) });
});

test("openOpenAi says that nothing listens", async () => {
  const address = await served(() => {});
  for (const close of closers.splice(0)) close();
  const outcome = await opened(address).propose(request());
  expect(outcome).toMatchObject({
    status: "unreachable",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("openOpenAi gives up on a connection that breaks off", async () => {
  const address = await served((_, reply) => {
    reply.writeHead(200, { "content-length": "1000" }).write("{");
    setTimeout(() => reply.destroy(), 20);
  });
  expect((await opened(address).propose(request())).status).toBe("unreachable");
});

test("openOpenAi gives up on silence when the time is over", async () => {
  const address = await served(() => {});
  expect((await opened(address).propose(request({ limitMs: 100 }))).status).toBe("timeout");
});

test("openOpenAi gives up on a trickle when the time is over", async () => {
  const address = await served((_, reply) => {
    const timer = setInterval(() => reply.write(" "), 10);
    reply.on("close", () => clearInterval(timer));
  });
  expect((await opened(address).propose(request({ limitMs: 200 }))).status).toBe("timeout");
});

test("openOpenAi gives the answers it has when the time is over", async () => {
  let count = 0;
  const address = await served((_, reply) => {
    if (count++ === 0) reply.end(completion("first"));
  });
  const outcome = await opened(address).propose(request({ count: 3, limitMs: 3000 }));
  expect(outcome).toMatchObject({ status: "ok", value: [{ text: "first" }] });
});

test("openOpenAi reads no more than a bounded part of an endless answer", async () => {
  const chunk = Buffer.alloc(1 << 20, 32);
  const address = await served((_, reply) => {
    const pour = (): void => void (reply.destroyed || reply.write(chunk, pour));
    pour();
  });
  const outcome = await opened(address).propose(request({ limitMs: 30_000 }));
  expect(outcome).toMatchObject({
    status: "refused",
    message: expect.stringContaining("longer than"),
  });
});

test("openOpenAi follows no redirection", async () => {
  const address = await served((_, reply) =>
    reply.writeHead(307, { location: "http://127.0.0.1:9/" }).end(),
  );
  expect((await opened(address).propose(request())).status).toBe("unreachable");
});

/** As vLLM echoes: a token a letter, the begin token's letters in no text, each as likely as `nats` says. */
const echo = (prompt: string, nats: number): string =>
  completion(prompt, {
    finish_reason: "length",
    logprobs: { token_logprobs: [null, ...Array.from(prompt, () => -nats)] },
  });

test("score asks for the prompt again and takes off what stands before the text", async () => {
  const asked: Record<string, unknown>[] = [];
  const address = await served((body, reply) => {
    asked.push(body);
    reply.end(echo(String(body["prompt"]), 0.5));
  });
  const model = opened(address, { model: "mine" });
  const scored = await model.score?.({ before: "<x>", text: "abcd", limitMs: 10_000 });
  expect(scored).toEqual({ status: "ok", value: { nats: 2, tokens: 4 } });
  expect(asked.map(({ prompt }) => prompt)).toEqual(["<x>abcd", "<x>"]);
  expect(asked[0]).toMatchObject({ model: "mine", echo: true, max_tokens: 0, logprobs: 1 });
  const alone = await model.score?.({ before: "", text: "abc", limitMs: 10_000 });
  expect(alone).toEqual({ status: "ok", value: { nats: 1.5, tokens: 3 } });
});

test.each([
  ["a server that goes on after the prompt", completion("abcd"), "not the prompt again"],
  ["a server without probabilities", completion("abc"), "lacks probabilities"],
  [
    "a server that leaves one out",
    completion("abc", { logprobs: { token_logprobs: [null, -1, null] } }),
    "lacks probabilities",
  ],
  ["nonsense", "[]", "no completion"],
])("score refuses %s", async (_, body, why) => {
  const address = await served((_body, reply) => reply.end(body));
  const outcome = await opened(address).score?.({ before: "", text: "abc", limitMs: 10_000 });
  expect(outcome).toMatchObject({ status: "refused", message: expect.stringContaining(why) });
  expect(outcome).toMatchObject({ message: expect.stringContaining("max_tokens 0") });
});

test("score tells a server that takes no echo, one that is busy, and one that is silent", async () => {
  let code = 400;
  const address = await served((_, reply) =>
    code === 0 ? undefined : reply.writeHead(code).end("Only no echo is supported"),
  );
  const score = async () =>
    opened(address).score?.({ before: "", text: "abc", limitMs: code === 0 ? 100 : 10_000 });
  expect(await score()).toMatchObject({
    status: "refused",
    message: expect.stringContaining("no echo"),
  });
  code = 503;
  expect((await score())?.status).toBe("unreachable");
  code = 0;
  expect((await score())?.status).toBe("timeout");
});

test("close stops what is asked and refuses what comes", async () => {
  const address = await served(() => {});
  const model = opened(address);
  const asked = model.propose(request());
  await model.close();
  expect((await asked).status).toBe("refused");
  expect((await model.propose(request())).status).toBe("refused");
  const scored = await model.score?.({ before: "", text: "a", limitMs: 1000 });
  expect(scored?.status).toBe("refused");
});

test.each([
  ["", "/v1/completions"],
  ["/", "/v1/completions"],
  ["/v1", "/v1/completions"],
  ["/v1/completions", "/v1/completions"],
  ["/deep/api/", "/deep/api/completions"],
])("openOpenAi takes an address that ends in %j", async (end, path) => {
  let seen: string | undefined;
  const address = await served((_, reply, { url }) => ((seen = url), reply.end(completion("x"))));
  await opened(address + end).propose(request());
  expect(seen).toBe(path);
});

test("openOpenAi refuses what is no address", () => {
  const options = { dialect: "compact", contextTokens: 1000 } as const;
  expect(openOpenAi("ftp://host/", options).status).toBe("refused");
  expect(openOpenAi("http://", options).status).toBe("refused");
});
