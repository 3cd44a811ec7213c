import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "./row.ts";
import { openRows } from "./rows-journal.ts";
import { type EvalRun, type Planned, planned, runEval } from "./run.ts";
import type { Case, Contender, Kit } from "./suite.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "llmc-eval-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const CASES: Case[] = ["a", "b", "c"].map((id) => ({ id, package: "p", language: "c", bytes: 3 }));

const lossOf = (contender: Contender, asked: Case, nats: number): Row => ({
  suite: "loss",
  contender: contender.name,
  case: asked.id,
  package: asked.package,
  language: asked.language,
  bytes: asked.bytes,
  promptTokens: null,
  status: "ok",
  problem: "",
  seconds: 0,
  kind: "ir",
  nats,
  tokens: 3,
  characters: 9,
});

/** Counts how often it is asked. */
function countingSuite(asked: string[], answer: (one: Case) => Partial<Row> = () => ({})): Planned {
  const suite = {
    name: "loss" as const,
    takes: ({ kind }: Contender) => kind === "rival",
    answer: async (contender: Contender, one: Case) => {
      asked.push(`${contender.name} ${one.id}`);
      return { ...lossOf(contender, one, asked.length), ...answer(one) } as Row;
    },
  };
  return planned(suite, CASES, {});
}

const kit = (signal?: AbortSignal): Kit =>
  // The suite of these tests uses none of it but the seed and the signal.
  ({ seed: 1, signal }) as unknown as Kit;

const runOf = (suite: Planned, signal?: AbortSignal): EvalRun => ({
  suites: [suite],
  entrants: [
    { kind: "rival", name: "-Oz", rival: "-Oz", identity: "" },
    { kind: "rival", name: "-O2", rival: "-O2", identity: "x" },
  ],
  kit: kit(signal),
  llvmVersion: "22.1.8",
  journal: openRows(join(folder, "rows.jsonl")),
  lanes: 1,
  onProgress: () => {},
});

test("runEval asks every contender about every case once, over runs", async () => {
  const asked: string[] = [];
  const first = await runEval(runOf(countingSuite(asked)));
  expect(asked).toEqual(["-Oz a", "-Oz b", "-Oz c", "-O2 a", "-O2 b", "-O2 c"]);
  const second = await runEval(runOf(countingSuite(asked)));
  expect(asked).toHaveLength(6);
  expect(second).toEqual(first);
});

test("runEval goes on where it was interrupted, and keeps nothing of what the interrupt cut short", async () => {
  const asked: string[] = [];
  const controller = new AbortController();
  const stopsAtB = countingSuite(asked, ({ id }) => {
    if (id === "b") controller.abort();
    return {};
  });
  const cut = await runEval(runOf(stopsAtB, controller.signal));
  expect(cut.map((row) => row.case)).toEqual(["a"]);
  const whole = await runEval(runOf(countingSuite(asked)));
  expect(asked.slice(2)).toEqual(["-Oz b", "-Oz c", "-O2 a", "-O2 b", "-O2 c"]);
  expect(whole.map((row) => `${row.contender} ${row.case}`)).toEqual(
    ["-Oz", "-O2"].flatMap((name) => ["a", "b", "c"].map((id) => `${name} ${id}`)),
  );
});

test("runEval asks again what could not be reached, and nothing else", async () => {
  const asked: string[] = [];
  const dead = countingSuite(asked, ({ id }) => (id === "b" ? { status: "unreachable" } : {}));
  expect(
    (await runEval(runOf(dead))).filter(({ status }) => status === "unreachable"),
  ).toHaveLength(2);
  asked.length = 0;
  const rows = await runEval(runOf(countingSuite(asked)));
  expect(asked).toEqual(["-Oz b", "-O2 b"]);
  expect(rows.every(({ status }) => status === "ok")).toBe(true);
});

test("runEval asks again when the contender or the settings have changed", async () => {
  const asked: string[] = [];
  await runEval(runOf(countingSuite(asked)));
  const other = { ...countingSuite(asked), settings: "other" };
  await runEval(runOf(other));
  expect(asked).toHaveLength(12);
});

test("openRows passes over a line that a kill has torn", async () => {
  const asked: string[] = [];
  await runEval(runOf(countingSuite(asked)));
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").slice(0, -20));
  await runEval(runOf(countingSuite(asked)));
  expect(asked.slice(6)).toEqual(["-O2 c"]);
});
