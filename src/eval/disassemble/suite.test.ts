import { beforeAll, describe, expect, test } from "vitest";
import { moduleOfC } from "../../../test/support/dataset.ts";
import { evalKit, sayingModel, says } from "../../../test/support/eval.ts";
import {
  MISHAPS,
  contenderOf,
  dyingAfter,
  programOf,
  rowsOf as rowsOfSuite,
  samplePrograms,
} from "../../../test/support/eval-code.ts";
import { testPool } from "../../../test/support/llvm.ts";
import { bleuOf } from "../../base/bleu.ts";
import type { Model, ModelRequest } from "../../model/model.ts";
import { disassemble } from "../../tasks/disassemble.ts";
import { enoughTokens } from "../../tasks/endless.ts";
import type { Program } from "../program.ts";
import type { DisassembleRow, Row } from "../row.ts";
import { type DisassembleCase, disassembleCases } from "./cases.ts";
import { disassembleSuite } from "./suite.ts";

const pool = testPool();
const kit = evalKit(pool);
const suite = disassembleSuite();
let programs: Program[];
let cases: readonly DisassembleCase[];

const WEIGH = "unsigned weigh(unsigned a, unsigned b) { return a - 3 * b; }";

beforeAll(async () => {
  programs = await samplePrograms(3);
  cases = (await disassembleCases(kit, programs)).cases;
});

const ask = (model: Model, asked: DisassembleCase): Promise<Row> =>
  suite.answer(contenderOf(model), asked, kit);

const rowsOf = async (model: Model): Promise<DisassembleRow[]> =>
  (await rowsOfSuite(suite, cases, { model, kit })).filter((row) => row.suite === "disassemble");

/** Gives the target of the case that it is asked about, as the dialect writes it. */
function oracle(dialect: Model["dialect"]): Model {
  const { prompt, target } = disassemble[dialect];
  const targets = new Map(
    cases.map(({ listing, ir, ...rest }) => {
      const assembly = dialect === "compact" ? rest.assembly : listing;
      return [prompt({ ...rest, assembly }), target({ ir })];
    }),
  );
  return { ...sayingModel((request) => says(targets.get(request.prompt) ?? "")), dialect };
}

describe("disassembleCases", () => {
  test("disassembleCases asks about functions for both targets, the same whatever order programs come in", async () => {
    const turned = await disassembleCases(kit, programs.toReversed());
    expect(turned.cases).toEqual(cases);
    expect(turned.unusable).toEqual([]);
    expect(new Set(cases.map(({ architecture }) => architecture)).size).toBe(2);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(4);
    for (const { assembly, bytes, name } of cases) {
      expect(bytes).toBe(Buffer.byteLength(assembly));
      expect(assembly).toContain(`${name}:\n`);
    }
  });

  test("disassembleCases keeps to the buckets when there are more functions", async () => {
    const buckets = [{ maxTokens: 60, cases: 2 }];
    const { cases: few, leftOut } = await disassembleCases(kit, programs, { buckets });
    const targets = few.map(({ architecture }) => architecture);
    expect(targets.filter((target) => target === "x86_64").length).toBeLessThanOrEqual(2);
    expect(targets.filter((target) => target === "aarch64").length).toBeLessThanOrEqual(2);
    expect(few.length).toBeGreaterThan(0);
    expect(few.every(({ assembly }) => assembly.length <= 180)).toBe(true);
    expect(leftOut["longer than every bucket"]).toBeGreaterThan(0);
  });

  test("disassembleCases counts a program as unusable when LLVM cannot read it or training has all of it", async () => {
    const broken = { ...programs[0]!, id: "broken.c", bitcode: Buffer.from("no bitcode") };
    const found = await disassembleCases(kit, [broken, programs[1]!], { isKnown: () => true });
    expect(found.cases).toEqual([]);
    expect(found.unusable.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [
        { id: "broken.c", problem: "LLVM invalid" },
        { id: programs[1]!.id, problem: "every function is in another split" },
      ].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });
});

describe("disassembleSuite", () => {
  test("disassembleSuite takes models and no rival", () => {
    const model = sayingModel(() => says());
    expect(suite.takes(contenderOf(model))).toBe(true);
    expect(suite.takes({ kind: "rival", name: "-Oz", rival: "-Oz" })).toBe(false);
  });

  test("disassembleSuite puts an oracle at the top, twice the same", async () => {
    const rows = await rowsOf(oracle("compact"));
    for (const row of rows) {
      expect(row).toMatchObject({ status: "ok", problem: "", verdicts: ["exact"] });
      expect(row.compiles).toEqual([true]);
      expect(bleuOf(row.roundTripBleu)).toBe(1);
      expect(bleuOf(row.irBleu)).toBe(1);
    }
    expect(await rowsOf(oracle("compact"))).toEqual(rows);
  });

  test("disassembleSuite shows a listing as LLVM prints it when the model speaks the published dialect", async () => {
    const [asked] = cases;
    if (asked === undefined) throw new Error("no case");
    expect(asked.listing).toMatch(/^\t\.file\t/m);
    const row = await ask(oracle("published"), asked);
    expect(row).toMatchObject({ status: "ok", verdicts: ["exact"] });
  });

  test("disassembleSuite puts a constant answer at the bottom", async () => {
    const ir = "define i32 @constant(i32 %0) {\nret i32 %0\n}<|end|>";
    const rows = await rowsOf(sayingModel(() => says(ir, "I cannot do that.<|end|>", "<|end|>")));
    for (const row of rows) {
      expect(row).toMatchObject({ status: "invalid", verdicts: ["failed", "failed", "failed"] });
      expect(row.compiles).toEqual([false, false, false]);
      expect(row.problem).toContain("the IR defines constant; want");
      expect(bleuOf(row.roundTripBleu)).toBe(0);
    }
  });

  test("disassembleSuite judges the first answer by itself when a later one is better", async () => {
    const program = programOf(await moduleOfC(pool, { text: WEIGH, name: "weigh", split: "test" }));
    const [asked] = (await disassembleCases(kit, [program])).cases;
    if (asked?.architecture !== "x86_64") throw new Error("no case for x86_64");
    const by = (last: string): string =>
      `define i32 @weigh(i32 %0, i32 %1) {
%3 = sub i32 %0, %1
%4 = sub i32 %3, %1
%5 = sub i32 %4, ${last}
ret i32 %5
}<|end|>`;
    const answers = [by("%1"), disassemble.compact.target({ ir: asked.ir }), by("7")];
    const row = await ask(
      sayingModel(() => says(...answers)),
      asked,
    );
    expect(row).toMatchObject({ status: "ok", compiles: [true, true, true] });
    expect(row).toMatchObject({ verdicts: ["equivalent", "exact", "unverified"] });
    if (row.suite !== "disassemble") throw new Error(row.suite);
    expect(bleuOf(row.roundTripBleu, { effectiveOrder: true })).toBeGreaterThan(0.05);
    expect(bleuOf(row.roundTripBleu, { effectiveOrder: true })).toBeLessThan(1);
  });

  test("disassembleSuite says unreachable of every case that a dead endpoint did not answer", async () => {
    const dying = dyingAfter(2, oracle("compact"));
    const rows = await rowsOf(dying);
    expect(rows.slice(0, 2).map(({ status }) => status)).toEqual(["ok", "ok"]);
    for (const row of rows.slice(2)) {
      expect(row).toMatchObject({ status: "unreachable", problem: "connection refused" });
      expect(row).toMatchObject({ verdicts: [], compiles: [] });
      expect(row.roundTripBleu.referenceLength).toBeGreaterThan(0);
    }
  });

  test("disassembleSuite asks nothing when the context is too small for any case", async () => {
    let asked = 0;
    const small = sayingModel(() => (asked++, says("")), 40);
    const rows = await rowsOf(small);
    expect(asked).toBe(0);
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["too long"]));
    expect(rows[0]?.problem).toMatch(/^the prompt has \d+ tokens, the model's context 40; want 64/);
    expect(rows[0]?.promptTokens).toBeGreaterThan(0);
  });

  test("disassembleSuite leaves room for the wanted answer, and not for all of a long context", async () => {
    const asked: ModelRequest[] = [];
    const silent = sayingModel((request) => (asked.push(request), says()));
    await rowsOf(silent);
    expect(asked).toHaveLength(cases.length);
    for (const [index, { maxTokens, prompt }] of asked.entries()) {
      const answer = disassemble.compact.target({ ir: cases[index]?.ir ?? "" });
      expect(maxTokens).toBeGreaterThanOrEqual(silent.countTokens(answer));
      expect(maxTokens).toBe(enoughTokens("disassemble", silent.countTokens(prompt)));
    }
  });

  test.each(MISHAPS)(
    "disassembleSuite gives a row when the answer %s",
    async (_, outcome, status) => {
      const row = await ask(
        sayingModel(() => outcome),
        cases[0]!,
      );
      expect(row).toMatchObject({ status, problem: expect.stringMatching(/./) });
      expect(row.problem.length).toBeLessThanOrEqual(400);
    },
  );
});
