import { beforeAll, describe, expect, test } from "vitest";
import { evalKit, sayingModel, says } from "../../../test/support/eval.ts";
import {
  MISHAPS,
  contenderOf,
  dyingAfter,
  rowsOf as rowsOfSuite,
  samplePrograms,
} from "../../../test/support/eval-code.ts";
import { load, testPool, value } from "../../../test/support/llvm.ts";
import { bleuOf } from "../../base/bleu.ts";
import { normalText } from "../../dataset/unit.ts";
import type { Model, ModelRequest } from "../../model/model.ts";
import { printPassList } from "../../passes/print.ts";
import { emulate } from "../../tasks/emulate.ts";
import { enoughTokens } from "../../tasks/endless.ts";
import type { Program } from "../program.ts";
import type { EmulateRow, Row } from "../row.ts";
import { type EmulateCase, emulateCases } from "./cases.ts";
import { emulateSuite } from "./suite.ts";

const pool = testPool();
const kit = evalKit(pool);
let programs: Program[];
let cases: readonly EmulateCase[];

beforeAll(async () => {
  programs = await samplePrograms(12);
  cases = (await emulateCases(kit, programs)).cases;
});

const ask = (model: Model, asked: EmulateCase): Promise<Row> =>
  emulateSuite.answer(contenderOf(model), asked, kit);

const rowsOf = async (model: Model): Promise<EmulateRow[]> =>
  (await rowsOfSuite(emulateSuite, cases, { model, kit })).filter((row) => row.suite === "emulate");

const targetOf = ({ question: { want }, code, after }: EmulateCase): string =>
  emulate.compact.target({ want, code, sizes: after });

/** Gives the target of the case that it is asked about. */
function oracle(): Model {
  const prompts = cases.map(
    (one) => [emulate.compact.prompt(one.question), targetOf(one)] as const,
  );
  const targets = new Map(prompts);
  return sayingModel((request) => says(targets.get(request.prompt) ?? ""));
}

describe("emulateCases", () => {
  test("emulateCases asks for what opt gives, the same whatever order programs come in", async () => {
    const turned = await emulateCases(kit, programs.toReversed());
    expect(turned.cases).toEqual(cases);
    expect(turned.unusable).toEqual([]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(new Set(cases.map(({ question }) => question.want))).toEqual(
      new Set(["ir", "assembly"]),
    );
    const asked = cases.find(({ question }) => question.want === "ir");
    if (asked === undefined) throw new Error("no case wants IR");
    const module = await load(pool, asked.question.ir);
    const list = printPassList(asked.question.passes);
    const optimised = value(await pool.emit(module, list, "ir"));
    expect(value(await normalText(pool, Buffer.from(optimised).toString("utf8")))).toBe(asked.code);
  });

  test("emulateCases keeps to its limits", async () => {
    const { cases: few } = await emulateCases(kit, programs, { limit: 3, perProgram: 2 });
    expect(few).toHaveLength(3);
    expect(few).toEqual([...cases.slice(0, 2), cases.find(({ id }) => id === few[2]?.id)]);
    const small = await emulateCases(kit, programs, { context: 300 });
    const reasons = Object.keys(small.leftOut);
    expect(reasons).toContain("function longer than the context");
    expect(small.cases.every(({ question }) => question.ir.length <= 300 * 3)).toBe(true);
  });

  test("emulateCases counts a program as unusable when LLVM cannot read it", async () => {
    const broken = { ...programs[0]!, id: "broken.c", bitcode: Buffer.from("no bitcode") };
    const found = await emulateCases(kit, [broken]);
    const unusable = [{ id: "broken.c", problem: "LLVM invalid" }];
    expect(found).toEqual({ cases: [], unusable, leftOut: {} });
  });
});

describe("emulateSuite", () => {
  test("emulateSuite takes models and no rival", () => {
    const model = sayingModel(() => says());
    expect(emulateSuite.takes(contenderOf(model))).toBe(true);
    expect(emulateSuite.takes({ kind: "rival", name: "-Oz", rival: "-Oz" })).toBe(false);
  });

  test("emulateSuite puts an oracle at the top, twice the same", async () => {
    const rows = await rowsOf(oracle());
    for (const row of rows) {
      expect(row).toMatchObject({ status: "ok", problem: "", compiles: true, isExact: true });
      expect(bleuOf(row.bleu)).toBe(1);
      expect(row.predictedBytes).toBe(row.measuredBytes);
      expect(row.predictedInstructions).toBe(row.measuredInstructions);
    }
    expect(await rowsOf(oracle())).toEqual(rows);
  });

  test("emulateSuite puts a constant answer at the bottom", async () => {
    const rows = await rowsOf(sayingModel(() => says("12 34<|ir|>frobnicate<|end|>")));
    for (const row of rows) {
      expect(row).toMatchObject({ compiles: false, isExact: false });
      expect(row.status).toBe(row.want === "ir" ? "invalid" : "unparsed");
      expect(row.problem).not.toBe("");
      expect(bleuOf(row.bleu)).toBe(0);
      expect(row).toMatchObject({ predictedInstructions: 12, predictedBytes: 34 });
    }
  });

  test("emulateSuite calls the question's own IR compiling and not exact when opt changes it", async () => {
    const asked = cases.find(
      ({ question, code }) => question.want === "ir" && question.ir !== code,
    );
    if (asked === undefined) throw new Error("no case that opt changes");
    const { ir, sizes, want } = asked.question;
    const answer = emulate.compact.target({ want, code: ir, sizes });
    const row = await ask(
      sayingModel(() => says(answer)),
      asked,
    );
    expect(row).toMatchObject({ status: "ok", compiles: true, isExact: false });
    expect(row).toMatchObject({ predictedBytes: sizes.bytes, measuredBytes: asked.after.bytes });
  });

  test("emulateSuite says unreachable of every case that a dead endpoint did not answer", async () => {
    const dying = dyingAfter(2, oracle());
    const statuses = (await rowsOf(dying)).map(({ status }) => status);
    expect(statuses.slice(0, 2)).toEqual(["ok", "ok"]);
    expect(new Set(statuses.slice(2))).toEqual(new Set(["unreachable"]));
  });

  test("emulateSuite asks nothing when the context is too small for any case", async () => {
    let asked = 0;
    const rows = await rowsOf(sayingModel(() => (asked++, says("")), 40));
    expect(asked).toBe(0);
    for (const row of rows) {
      expect(row).toMatchObject({ status: "too long", compiles: false, predictedBytes: null });
      expect(row.promptTokens).toBeGreaterThan(0);
    }
  });

  test("emulateSuite leaves room for the wanted answer, and not for all of a long context", async () => {
    const asked: ModelRequest[] = [];
    const silent = sayingModel((request) => (asked.push(request), says()));
    await rowsOf(silent);
    expect(asked).toHaveLength(cases.length);
    for (const [index, { maxTokens, prompt }] of asked.entries()) {
      const one = cases[index];
      if (one !== undefined)
        expect(maxTokens).toBeGreaterThanOrEqual(silent.countTokens(targetOf(one)));
      expect(maxTokens).toBe(enoughTokens("emulate", silent.countTokens(prompt)));
    }
  });

  test.each(MISHAPS)("emulateSuite gives a row when the answer %s", async (_, outcome, status) => {
    const row = await ask(
      sayingModel(() => outcome),
      cases[0]!,
    );
    expect(row).toMatchObject({ status, isExact: false, problem: expect.stringMatching(/./) });
    expect(row.problem.length).toBeLessThanOrEqual(400);
  });
});
