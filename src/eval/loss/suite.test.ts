import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { evalKit, sayingModel, says } from "../../../test/support/eval.ts";
import { bitcodeOfC, testPool } from "../../../test/support/llvm.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { contentHash } from "../../base/hash.ts";
import { openUnit } from "../../dataset/unit.ts";
import { openLlamaCpp } from "../../model/llama-cpp/open.ts";
import type { Model, ScoreRequest } from "../../model/model.ts";
import type { Program } from "../program.ts";
import type { Cases } from "../program-source.ts";
import { type LossRow, rowSchema } from "../row.ts";
import { RIVALS } from "../suite.ts";
import { type LossCase, lossCases } from "./cases.ts";
import { lossSuite } from "./suite.ts";

const pool = testPool();
const kit = evalKit(pool);

function programOf(id: string, source: string): Program {
  const bitcode = bitcodeOfC(source);
  const hash = contentHash(bitcode);
  return { id, package: "made-up", language: "c", bytes: bitcode.length, hash, bitcode };
}

const PLAIN = `int add(int a, int b) { return a + b; }
const char *mark(void) { return "<|end|>"; }
int sum(const int *x, int n) { int s = 0; for (int i = 0; i < n; i++) s = add(s, x[i]); return s; }
`;
const BOUND = `int f(int a) { __asm__("nop"); return a; }\n`;
const programs = [
  programOf("plain", PLAIN),
  programOf("bound", BOUND),
  { ...programOf("broken", "int x;"), id: "broken", bitcode: Buffer.from("BC") },
];

let made: Cases<LossCase>;
beforeAll(async () => {
  made = await lossCases(kit, programs);
});

function caseNamed(id: string): LossCase {
  const found = made.cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

async function rowOf(model: Model, asked: LossCase): Promise<LossRow> {
  const row = await lossSuite.answer({ kind: "model", name: "mine", model }, asked, kit);
  const read = rowSchema.parse(row);
  if (read.suite !== "loss") throw new Error(`a row of ${read.suite}`);
  return read;
}

test("lossCases gives IR in normal form and assembly of both targets, and counts what cannot be", async () => {
  const ids = made.cases.map(({ id }) => id).toSorted();
  expect(ids).toEqual(["bound ir", "bound x86_64", "plain aarch64", "plain ir", "plain x86_64"]);
  expect(made.unusable).toMatchObject([{ id: "broken" }]);
  expect(made.leftOut).toEqual({ "no aarch64: inline assembly": 1 });
  const opened = await openUnit(pool, programs[0]?.bitcode ?? "");
  if (opened.status !== "ok") throw new Error(opened.message);
  using unit = opened.value;
  expect(caseNamed("plain ir")).toMatchObject({ text: unit.text, bytes: unit.text.length });
  expect(caseNamed("plain x86_64").text).toMatch(/%rbp|%rsp/);
  expect(caseNamed("plain aarch64").text).toMatch(/\bx29\b|\bsp\b/);
  expect(caseNamed("plain x86_64").text).not.toContain(".cfi_startproc");
});

test("lossCases is the same each time, whatever the order, and takes as many programs as are wanted", async () => {
  expect(await lossCases(kit, programs.toReversed())).toEqual(made);
  const one = await lossCases(kit, programs, { limit: 1 });
  expect(new Set(one.cases.map(({ id }) => id.split(" ")[0])).size).toBe(1);
});

test("lossCases cuts a long text at the end of a line", async () => {
  const { cases } = await lossCases(kit, programs, { maxCharacters: 300 });
  for (const { id, text } of cases) {
    const whole = caseNamed(id).text;
    expect(text.length).toBeLessThanOrEqual(300);
    expect(whole.startsWith(text) && text.endsWith("\n")).toBe(true);
    const next = whole.indexOf("\n", text.length);
    expect(text === whole || next + 1 > 300).toBe(true);
  }
});

test("lossSuite scores a text with a real model, the same each time", async () => {
  const path = join(tempFolder(), "tiny.gguf");
  await writeTinyModel(path, { extra: { "llmc.dialect": "compact" } });
  const opened = await openLlamaCpp(path, { threads: 1 });
  if (opened.status !== "ok") throw new Error(opened.message);
  const model = opened.value;
  for (const asked of ["plain ir", "plain aarch64"].map(caseNamed)) {
    const row = await rowOf(model, asked);
    expect(row).toMatchObject({ status: "ok", problem: "", characters: asked.text.length });
    // A model of random weights is about as good as chance: nats of a token near the logarithm of the vocabulary.
    const perToken = (row.nats ?? 0) / (row.tokens ?? 1);
    expect(perToken).toBeGreaterThan(0.5 * Math.log(320));
    expect(perToken).toBeLessThan(2 * Math.log(320));
    const { seconds: _, ...again } = await rowOf(model, asked);
    expect(row).toMatchObject(again);
  }
  await model.close();
});

const scoring = (dialect: Model["dialect"], asked: ScoreRequest[]): Model => ({
  ...sayingModel(() => says()),
  dialect,
  async score(request) {
    asked.push(request);
    return { status: "ok", value: { nats: 1, tokens: 2 } };
  },
});

test("lossSuite puts a text behind the marks of training, and no mark into it", async () => {
  const asked: ScoreRequest[] = [];
  const model = scoring("compact", asked);
  for (const id of ["plain ir", "plain x86_64", "plain aarch64"]) await rowOf(model, caseNamed(id));
  expect(asked.map(({ before }) => before)).toEqual([
    "<|begin|><|ir|>",
    "<|begin|><|x86_64|><|asm|>",
    "<|begin|><|aarch64|><|asm|>",
  ]);
  expect(caseNamed("plain ir").text).toContain("<|end|>");
  for (const { text } of asked) expect(text).not.toContain("<|");
});

test("lossSuite gives the published weights the text alone", async () => {
  const asked: ScoreRequest[] = [];
  await rowOf(scoring("published", asked), caseNamed("plain ir"));
  expect(asked).toMatchObject([{ before: "", text: caseNamed("plain ir").text }]);
});

test("lossSuite takes no rival, and says what a model cannot or failed to do", async () => {
  for (const rival of RIVALS)
    expect(lossSuite.takes({ kind: "rival", name: rival, rival })).toBe(false);
  const asked = caseNamed("plain ir");
  const mute = sayingModel(() => says());
  expect(await rowOf(mute, asked)).toMatchObject({ status: "refused", nats: null, tokens: null });
  for (const status of ["refused", "crashed", "timeout", "unreachable"] as const) {
    const model: Model = { ...mute, score: async () => ({ status, message: `it ${status}` }) };
    const row = await rowOf(model, asked);
    expect(row).toMatchObject({ status, problem: `it ${status}`, nats: null, tokens: null });
  }
});
