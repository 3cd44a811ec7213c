/** What a model does wrong, in flag tuning and code-size prediction: counted, bounded, and the run goes on. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { evalKit, says, sayingModel } from "../../../test/support/eval.ts";
import {
  type ProgramName,
  load,
  programBitcode,
  testPool,
  value,
} from "../../../test/support/llvm.ts";
import type { Model } from "../../model/model.ts";
import { openOpenAi } from "../../model/openai.ts";
import { coresetName } from "../../tasks/proposal.ts";
import { tune } from "../../tasks/tune.ts";
import type { Program } from "../program.ts";
import type { Row, TuneRow } from "../row.ts";
import { sizeSuite } from "../size/suite.ts";
import type { Contender } from "../suite.ts";
import { tuneSuite } from "./suite.ts";

const kit = evalKit(testPool(1));
const suites = { tune: tuneSuite({ compilations: 2 }), size: sizeSuite() };

const programOf = (name: ProgramName): Program => {
  const bitcode = programBitcode(name);
  const about = { id: name, package: "bundled", language: "c", hash: "0123456789abcdef" };
  return { ...about, bytes: bitcode.byteLength, bitcode };
};
const table = programOf("table.c");
const contender = (model: Model): Contender => ({ kind: "model", name: "model", model });
const bothRows = (model: Model, program = table): Promise<Row[]> =>
  Promise.all(
    [suites.tune, suites.size].map((suite) => suite.answer(contender(model), program, kit)),
  );
const EMPTY = { sizes: [], published: [], instructions: [] };
const UNKNOWN = { predictedBefore: null, predictedAfter: null };

test.each(["refused", "crashed", "timeout", "unreachable"] as const)(
  "a model that is %s gives rows that say so",
  async (status) => {
    const rows = await bothRows(sayingModel(() => ({ status, message: "it is down" })));
    const same = { status, problem: "saying: it is down" };
    expect(rows[0]).toMatchObject({ ...same, ...EMPTY, unreadable: 0 });
    expect(rows[1]).toMatchObject({ ...same, ...UNKNOWN });
    for (const row of rows) expect(row.promptTokens).toBeGreaterThan(100);
  },
);

test("an answer that is no answer is unparsed", async () => {
  for (const texts of [[], ["Sure! Here is a poem."], ["<|sizes|><|sizes|>"]]) {
    const rows = await bothRows(sayingModel(() => says(...texts)));
    expect(rows[0]).toMatchObject({ status: "unparsed", ...EMPTY, unreadable: texts.length });
    expect(rows[1]).toMatchObject({ status: "unparsed", ...UNKNOWN });
    for (const { problem } of rows) expect(problem).not.toBe("");
  }
});

test.each(["globaldce,", "function(", "\n", "<|sizes|>"])(
  "an answer of ten megabytes of %j is read as far as an answer goes, in both dialects",
  async (piece) => {
    const text = piece.repeat(Math.ceil(1e7 / piece.length));
    for (const dialect of ["compact", "published"] as const) {
      const rows = await bothRows({ ...sayingModel(() => says(text)), dialect });
      expect(rows.map(({ status }) => status)).toEqual(["unparsed", "unparsed"]);
      for (const { problem } of rows) expect(problem.length).toBeLessThan(1_000);
    }
  },
);

test("of ten megabytes that begin with a whole list, the list is taken", async () => {
  const [row] = await bothRows(sayingModel(() => says("#ab<|sizes|>9 8".repeat(1e6))));
  expect(row).toMatchObject({ status: "ok", sizes: [expect.any(Number)] });
});

test("a context too small for any case gives too long, and the model is not asked", async () => {
  for (const contextTokens of [10, 620]) {
    const model = sayingModel(() => {
      throw new Error("asked");
    }, contextTokens);
    const rows = await bothRows(model);
    expect(rows[0]).toMatchObject({ status: "too long", ...EMPTY });
    expect(rows[1]).toMatchObject({ status: "too long", ...UNKNOWN });
    for (const { problem, promptTokens } of rows) {
      expect(problem).not.toBe("");
      expect(promptTokens).toBeGreaterThan(contextTokens);
    }
  }
});

test("a program that does not fit a model of the published dialect is asked about in parts, but its size is not predicted of them", async () => {
  const prompts: string[] = [];
  const saying = sayingModel(({ prompt }) => {
    prompts.push(prompt);
    return says(coresetName(prompts.length - 1));
  }, 1_100);
  const model = { ...saying, dialect: "published" as const };
  const rows = await bothRows(model);
  const whole = value(await kit.pool.normalize(await load(kit.pool, table.bitcode))).text;
  expect(prompts.length).toBeGreaterThan(1);
  expect(prompts).not.toContain(tune.published.prompt({ ir: whole }));
  const tokens = prompts.reduce((sum, prompt) => sum + model.countTokens(prompt), 0);
  expect(rows[0]).toMatchObject({ status: "ok", unreadable: 0, promptTokens: tokens });
  expect((rows[0] as TuneRow).sizes).toHaveLength(2);
  expect(rows[1]).toMatchObject({ status: "too long", ...UNKNOWN });
});

test("a server that dies half-way is unreachable from there on, and answers when it is back", async () => {
  let isUp = true;
  const server = createServer((request, response) => {
    request.resume();
    if (!isUp) return request.socket.destroy();
    const choices = [{ text: "opt -p 'globaldce'", finish_reason: "stop" }];
    return response.end(JSON.stringify({ choices, usage: { completion_tokens: 5 } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  const opened = openOpenAi(`http://127.0.0.1:${port}`, {
    dialect: "published",
    contextTokens: 16_384,
  });
  if (opened.status !== "ok") throw new Error(opened.message);
  const statuses: string[] = [];
  for (const alive of [true, false, false, true]) {
    isUp = alive;
    const row = await suites.tune.answer(contender(opened.value), programOf("tokens.c"), kit);
    statuses.push(row.status);
  }
  expect(statuses).toEqual(["ok", "unreachable", "unreachable", "ok"]);
});
