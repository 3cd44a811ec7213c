import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { testPool } from "../../../test/support/llvm.ts";
import { compileProgram, truth } from "../../../test/support/lifted-programs.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import { disassemble } from "../../tasks/disassemble.ts";

const pool = testPool();
const folder = tempFolder({ "empty.s": "", "prose.s": "what is this?\n" });
const file = join(folder, "program.s");
const replay = join(folder, "replay.jsonl");

/** A recording that is right about `weigh` and knows nothing else. */
beforeAll(async () => {
  const { assembly, ir } = await compileProgram(pool, "-O2", "x86_64");
  writeFileSync(file, assembly);
  const text = Buffer.from(assembly).toString("utf8");
  const wanted = assemblyFunctions(text, "x86_64").cut("weigh") ?? "";
  const prompt = disassemble.compact.prompt({ assembly: wanted, architecture: "x86_64" });
  const lines = [
    { dialect: "compact", contextTokens: 8192 },
    { prompt, replies: truth(ir)("weigh") },
  ];
  writeFileSync(replay, lines.map((line) => JSON.stringify(line)).join("\n"));
});

const run = (...args: readonly string[]) => llmc(["disassemble", ...args]);

describe("llmc disassemble", () => {
  test("llmc disassemble writes a module with verdicts when a function comes back the same", async () => {
    const out = join(folder, "out.ll");
    const args = [file, "--function", "weigh", "--model", `replay:${replay}`, "-o", out, "--json"];
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      architecture: "x86_64",
      counts: { exact: 1, equivalent: 0, unverified: 0, failed: 0 },
      functions: [{ name: "weigh", verdict: "exact", candidates: [{ verdict: "exact" }] }],
    });
    expect(readFileSync(out, "utf8")).toMatch(/^; weigh: exact: .*\ndefine .*@weigh\(/m);
  });

  test("llmc disassemble exits with 1 and says why when functions fail", async () => {
    const { code, stdout, stderr } = await run(file, "--model", `replay:${replay}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^; 10 functions: 1 exact, 0 equivalent, 0 unverified, 9 failed$/m);
    expect(stderr).toMatch(/^choose +failed +the model gave nothing: refused/m);
  });

  test.each([
    [
      "the function is not there",
      () => [file, "-f", "weight"],
      2,
      /no function "weight" in it; did you mean weigh\?/,
    ],
    ["the file is empty", () => [join(folder, "empty.s")], 2, /is empty/],
    ["the file is no assembly", () => [join(folder, "prose.s")], 2, /not assembly for x86_64/],
    ["the file is not there", () => [join(folder, "none.s")], 2, /cannot be read/],
    ["the target is another", () => [file, "--target", "aarch64"], 2, /for x86_64, not aarch64/],
    ["there is no model", () => [file], 2, /want --model/],
    ["the model is no model", () => [file, "--model", file], 2, /is no model/],
    ["the server is down", () => [file, "--model", "http://127.0.0.1:9"], 3, /does not answer: /],
  ] as const)("llmc disassemble ends with an error when %s", async (_, args, exit, message) => {
    const { code, stderr } = await run(...args());
    expect(stderr).toMatch(message);
    expect(code).toBe(exit);
  });
});
