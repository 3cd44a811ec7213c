import { expect, test } from "vitest";
import { compareRun } from "./judge.ts";
import type { ReadyProgram } from "./program.ts";
import type { Run } from "./execute.ts";
import { openRunMemory } from "./run-memory.ts";
import { correct, undecided, wrong } from "./verdict.ts";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ready = (seconds: number): Pick<ReadyProgram, "reference" | "program"> => ({
  reference: { output: "h", head: "sum 5\n", seconds },
  program: {
    name: "p.c",
    path: "p.c",
    language: "c",
    flags: [],
    includes: "",
    timeLimitSeconds: 5,
  },
});
const exited = (code: number, output = "h"): Run => ({
  status: "exited",
  code,
  output,
  head: "sum 6\n",
  seconds: 0.1,
});

test("compareRun is correct only when exit code and output are those of -O0", () => {
  expect(compareRun(exited(0), ready(0.1)).status).toBe("correct");
  expect(compareRun(exited(0, "other"), ready(0.1))).toEqual(
    wrong('wrote "sum 6\\n", want "sum 5\\n"'),
  );
  expect(compareRun(exited(3), ready(0.1)).status).toBe("wrong");
});

test("compareRun names the signal that a program died of", () => {
  expect(compareRun(exited(139), ready(0.1))).toMatchObject({
    counterexample: expect.stringMatching(/^died of SIGSEGV/),
  });
});

test("compareRun calls a timeout wrong when -O0 was quick, undecided when it was slow itself", () => {
  const late: Run = { status: "stopped", why: "time", seconds: 5 };
  expect(compareRun(late, ready(0.1)).status).toBe("wrong");
  expect(compareRun(late, ready(1)).status).toBe("undecided");
});

test("compareRun blames the machine for what could not be started", () => {
  expect(compareRun({ status: "failed", message: "no unshare" }, ready(0.1))).toEqual(
    undecided("no unshare"),
  );
});

test("run memory keeps a failure whatever comes later, also after it was opened again", () => {
  const path = join(mkdtempSync(join(tmpdir(), "llmc-memory-")), "runs.jsonl");
  const memory = openRunMemory(path);
  memory.add("p", "o", correct("once"));
  memory.add("p", "o", wrong("then it failed"));
  memory.add("p", "o", correct("again"));
  memory.add("p", "other", undecided("nobody knows"));
  for (const one of [memory, openRunMemory(path)]) {
    expect(one.find("p", "o")?.status).toBe("wrong");
    expect(one.find("p", "other")).toBeUndefined();
    expect(one.find("q", "o")).toBeUndefined();
  }
});
