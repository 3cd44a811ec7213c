import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CODE_FILES } from "../../../test/support/code-problems.ts";
import { evalKit, says, sayingModel } from "../../../test/support/eval.ts";
import { testPool } from "../../../test/support/llvm.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import type { Model, ModelReply, ModelRequest } from "../../model/model.ts";
import { type CodeRow, rowSchema } from "../row.ts";
import { RIVALS } from "../suite.ts";
import { type CodeCase, readCodeCases } from "./problems.ts";
import { openPython } from "./python.ts";
import { codeSuite } from "./suite.ts";

const kit = evalKit(testPool());
const folder = tempFolder(CODE_FILES);
const python = await openPython({ cpuSeconds: 1 });
const reason = python instanceof Error ? ` (skipped: ${python.message})` : "";
afterAll(() => (python instanceof Error ? undefined : python[Symbol.dispose]()));

const cases = Object.keys(CODE_FILES).flatMap((name): readonly CodeCase[] => {
  const read = readCodeCases(join(folder, name));
  if (!read.ok) throw new Error(read.message);
  return read.cases;
});
const [first] = cases;
if (first === undefined) throw new Error("no case");

async function rowOf(
  model: Model,
  asked: CodeCase,
  { samples = 1, of = python } = {},
): Promise<CodeRow> {
  const suite = codeSuite({ python: of, samples });
  const row = rowSchema.parse(
    await suite.answer({ kind: "model", name: "mine", model }, asked, kit),
  );
  if (row.suite !== "code") throw new Error(`a row of ${row.suite}`);
  return row;
}

/** Finds the problem by its prompt. */
const oracle = sayingModel(({ prompt }) =>
  says(cases.find((one) => prompt.endsWith(one.prompt))?.solution ?? ""),
);

test.skipIf(reason !== "")(`codeSuite passes every problem's own solution${reason}`, async () => {
  expect(cases).toHaveLength(9);
  for (const asked of cases) {
    const row = await rowOf(oracle, asked);
    expect(row).toMatchObject({ case: asked.id, status: "ok", problem: "", passed: [true] });
  }
});

test.skipIf(reason !== "")(`codeSuite passes no constant answer${reason}`, async () => {
  for (const text of ["", "    pass\n", "    exit(0)\n", "import os\nos._exit(0)\n"]) {
    for (const asked of [cases[0], cases[3]]) {
      if (asked === undefined) throw new Error("no case");
      const row = await rowOf(
        sayingModel(() => says(text)),
        asked,
      );
      expect(row).toMatchObject({ status: "ok", passed: [false] });
    }
  }
});

test.skipIf(reason !== "")(
  `codeSuite tells which samples pass, and counts missing ones as failed${reason}`,
  async () => {
    const model = sayingModel(() => says("    return 7\n", first.solution, "    return x + x\n"));
    const row = await rowOf(model, first, { samples: 5 });
    expect(row.passed).toEqual([false, true, true, false, false]);
  },
);

test.skipIf(reason !== "")(`codeSuite runs no answer of 10 MB${reason}`, async () => {
  const model = sayingModel(() => says(`${first.solution}#${"x".repeat(10 << 20)}`));
  expect(await rowOf(model, first)).toMatchObject({ status: "ok", passed: [false] });
});

test.skipIf(reason !== "")("codeSuite asks with prompt, stops and count", async () => {
  const asked: ModelRequest[] = [];
  const model = sayingModel((request) => {
    asked.push(request);
    return says("");
  });
  await rowOf({ ...model, dialect: "published" }, first, { samples: 3 });
  await rowOf(model, first);
  expect(asked[0]).toMatchObject({ prompt: first.prompt, stops: first.stops, count: 3 });
  expect(asked[0]?.maxTokens).toBe(512);
  expect(asked[1]?.prompt).toBe(`<|begin|>${first.prompt}`);
});

test("codeSuite says that Python is missing, and asks nothing", async () => {
  const model = sayingModel(() => {
    throw new Error("asked");
  });
  const row = await rowOf(model, first, { of: new Error("no python3 here") });
  expect(row).toMatchObject({ status: "refused", problem: "no python3 here", passed: [] });
});

test.skipIf(reason !== "")("codeSuite says what a model failed to do", async () => {
  for (const status of ["refused", "crashed", "timeout", "unreachable"] as const) {
    const model = sayingModel(() => ({ status, message: `it ${status}` }));
    expect(await rowOf(model, first)).toMatchObject({
      status,
      problem: `it ${status}`,
      passed: [],
    });
  }
  const none: readonly ModelReply[] = [];
  const silent = sayingModel(() => ({ status: "ok", value: none }));
  expect((await rowOf(silent, first)).status).toBe("unparsed");
  const small = sayingModel(() => says(first.solution), 40);
  expect(await rowOf(small, first)).toMatchObject({ status: "too long", passed: [] });
});

test.skipIf(reason !== "")("codeSuite says that a program could not be started", async () => {
  if (python instanceof Error) return;
  const broken = { ...python, run: async () => ({ notRun: "no more processes" }) };
  const row = await rowOf(oracle, first, { of: broken });
  expect(row).toMatchObject({ status: "refused", problem: "no more processes", passed: [false] });
});

test("codeSuite takes no rival", () => {
  const { takes } = codeSuite({ python });
  for (const rival of RIVALS) expect(takes({ kind: "rival", name: rival, rival })).toBe(false);
});
