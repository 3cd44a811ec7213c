import { beforeAll, describe, expect, test } from "vitest";
import type { Model, ModelReply } from "../model/model.ts";
import {
  type Program,
  compileProgram,
  lift,
  liftOne,
  modelOf,
  reply,
  sourceOf,
  truth,
} from "../../test/support/lifted-programs.ts";
import { testPool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { disassembleFunctions, functionNames } from "./disassemble.ts";
import { type LiftedFunction, countVerdicts } from "./verdict.ts";
import { putTogether } from "./whole-module.ts";

const pool = testPool();
const scratch = tempFolder();

const verdicts = (lifted: readonly LiftedFunction[]): Record<string, string> =>
  Object.fromEntries(lifted.map(({ name, verdict, reason }) => [name, `${verdict}: ${reason}`]));

describe("disassembleFunctions", () => {
  test.each([
    ["-O2", "x86_64", "assembly"],
    ["-Oz", "x86_64", "object"],
    ["-O2", "aarch64", "object"],
    ["-Oz", "aarch64", "assembly"],
  ] as const)(
    "disassembleFunctions calls the compiler's own IR exact when it is asked about %s code for %s as %s",
    async (level, architecture, kind) => {
      const made = await compileProgram(pool, level, architecture);
      const lifted = await lift(made[kind], truth(made.ir), { pool, scratch });
      expect(verdicts(lifted.filter(({ verdict }) => verdict !== "exact"))).toEqual({});
      expect(lifted.length).toBe(10);
    },
  );

  let program: Program;
  beforeAll(async () => {
    program = await compileProgram(pool, "-O2", "x86_64");
  });

  const weigh = { pool, scratch, name: "weigh" };

  test.each([
    ["nothing", "", /no IR/],
    ["prose", "I cannot do that.", /^invalid/],
    [
      "another function",
      "define i32 @other(i32 %a) {\n ret i32 %a\n}",
      /defines other; want weigh/,
    ],
    ["a declaration", "declare i32 @weigh(i32, i32)", /defines no function; want weigh/],
    [
      "another architecture",
      'target triple = "aarch64-unknown-linux-gnu"\ndefine void @weigh() {\n ret void\n}',
      /is for "aarch64/,
    ],
    ["broken IR", "define i32 @weigh(i32 %a) {\n ret i64 %a\n}", /^invalid/],
    [
      "an unknown target",
      'target triple = "x86_64-pc-windows-msvc"\ndefine void @weigh() {\n ret void\n}',
      /not supported/,
    ],
    [
      "what code generation dies of",
      'define i32 @weigh(i32 %a) {\n %r = call i32 asm "frob $1", "=r,r"(i32 %a)\n ret i32 %r\n}',
      /no code: invalid/,
    ],
  ])(
    "disassembleFunctions fails with the reason when the answer is %s",
    async (_, answer, reason) => {
      const lifted = await liftOne(program.assembly, [reply(answer)], weigh);
      expect(lifted).toMatchObject({ verdict: "failed", reason: expect.stringMatching(reason) });
    },
  );

  test("disassembleFunctions fails an answer when it is endless", async () => {
    const text = `define i32 @weigh(i32 %0) {\n${"%1 = add i32 %0, 1\n".repeat(200)}`;
    const lifted = await liftOne(program.assembly, [reply(text, false)], weigh);
    expect(lifted).toMatchObject({ verdict: "failed", reason: expect.stringMatching(/repeats/) });
  });

  test("disassembleFunctions takes the best verdict when the model's first answers are worse", async () => {
    const [right] = truth(program.ir)("weigh");
    const wrong = (right?.text ?? "").replace(", -3", ", -5");
    const lifted = await liftOne(
      program.assembly,
      [reply("nonsense"), reply(wrong), right ?? reply("")],
      weigh,
    );
    expect(lifted.verdict).toBe("exact");
    expect(lifted.candidates.map(({ verdict }) => verdict)).toEqual([
      "failed",
      "unverified",
      "exact",
    ]);
  });

  test("disassembleFunctions says so and asks no more when the model is down", async () => {
    let asked = 0;
    const down: Model = {
      ...modelOf(() => []),
      propose: () => (
        asked++,
        Promise.resolve({ status: "unreachable", message: "connection refused" })
      ),
    };
    const source = await sourceOf(pool, program.assembly);
    const names = functionNames(source);
    const { functions: lifted, unreachable } = await disassembleFunctions(pool, down, {
      source,
      names,
      candidates: 1,
      refineTokens: 0,
      scratch,
    });
    expect(countVerdicts(lifted).failed).toBe(names.length);
    expect(lifted.every(({ reason }) => reason.includes("connection refused"))).toBe(true);
    expect(asked).toBe(1);
    expect(unreachable).toBe("connection refused");
  });

  test("disassembleFunctions fails a function when its prompt does not fit the context", async () => {
    const source = await sourceOf(pool, program.assembly);
    const how = { source, names: ["jump"], candidates: 1, refineTokens: 0, scratch };
    const {
      functions: [lifted],
    } = await disassembleFunctions(
      pool,
      modelOf(() => [], 80),
      how,
    );
    expect(lifted).toMatchObject({ verdict: "failed", reason: expect.stringMatching(/context/) });
  });

  test("putTogether gives a module that LLVM takes when verdicts are mixed", async () => {
    const answers = (name: string): readonly ModelReply[] =>
      name === "weigh" ? [reply("nonsense")] : truth(program.ir)(name);
    const lifted = await lift(program.assembly, answers, { pool, scratch });
    const whole = await putTogether(pool.toolchain, lifted, "x86_64");
    if (whole.status !== "ok") throw new Error(whole.message);
    expect(whole.value.leftOut).toEqual([]);
    expect(whole.value.text).toMatch(/^; weigh: failed: /m);
    for (const { name } of lifted.filter(({ verdict }) => verdict === "exact"))
      expect(whole.value.text).toMatch(
        new RegExp(`^; ${name}: exact: .*\ndefine .*@${name}\\(`, "m"),
      );
    const loaded = await pool.load(Buffer.from(whole.value.text), "whole");
    expect(loaded).toMatchObject({ status: "ok", value: { info: { functions: 9 } } });
  });
});
