import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Model, ModelOutcome, ModelReply, ModelRequest } from "../model/model.ts";
import { remembering } from "./answer-cache.ts";

let path = "";
beforeEach(() => void (path = join(mkdtempSync(join(tmpdir(), "llmc-answers-")), "answers.jsonl")));
afterEach(() => rmSync(join(path, ".."), { recursive: true }));

const REQUEST: ModelRequest = { prompt: "p", count: 1, maxTokens: 9, stops: [], limitMs: 100 };

function model(asked: string[], outcome?: ModelOutcome<readonly ModelReply[]>): Model {
  return {
    name: "m",
    dialect: "compact",
    contextTokens: 100,
    countTokens: (text) => text.length,
    async propose({ prompt }) {
      asked.push(prompt);
      return (
        outcome ?? {
          status: "ok",
          value: [{ text: `answer ${asked.length}`, ended: true, tokens: 2 }],
        }
      );
    },
    async close() {},
  };
}

test("remembering asks a model once for what it was asked before, in later runs too", async () => {
  const asked: string[] = [];
  const first = await remembering(model(asked), "weights", path).propose(REQUEST);
  const later = remembering(model(asked), "weights", path);
  expect(await later.propose(REQUEST)).toEqual(first);
  expect(await later.propose({ ...REQUEST, limitMs: 7 })).toEqual(first);
  expect(asked).toEqual(["p"]);
});

test("remembering asks again when the weights or anything of the request differ", async () => {
  const asked: string[] = [];
  await remembering(model(asked), "weights", path).propose(REQUEST);
  await remembering(model(asked), "other weights", path).propose(REQUEST);
  await remembering(model(asked), "weights", path).propose({ ...REQUEST, count: 2 });
  expect(asked).toHaveLength(3);
});

test("remembering keeps no failure", async () => {
  const asked: string[] = [];
  const dead = model(asked, { status: "unreachable", message: "gone" });
  expect((await remembering(dead, "weights", path).propose(REQUEST)).status).toBe("unreachable");
  expect((await remembering(model(asked), "weights", path).propose(REQUEST)).status).toBe("ok");
});
