import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { load, testPool, value } from "../../../test/support/llvm.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { sizesOf } from "../../emulate/sizes.ts";
import { parsePassList } from "../../passes/parse.ts";
import { emulate } from "../../tasks/emulate.ts";

const IR = `define i32 @f(i32 %0) minsize optsize {
  %2 = add i32 %0, 0
  ret i32 %2
}
`;
const pool = testPool();
const folder = tempFolder({ "f.ll": IR, "broken.ll": "define i32 @f( {" });
const file = join(folder, "f.ll");
const replay = join(folder, "replay.jsonl");

/** A recording that claims that the pass list does nothing: wrong about `instcombine`. */
beforeAll(async () => {
  const module = await load(pool, IR);
  const { text } = value(await pool.normalize(module));
  const input = await load(pool, text);
  const sizes = value(await sizesOf(pool, input, ""));
  const parsed = parsePassList("function(instcombine)");
  if (!parsed.ok) throw new Error("the pass list does not parse");
  const prompt = emulate.compact.prompt({ ir: text, passes: parsed.list, sizes, want: "ir" });
  const reply = {
    text: emulate.compact.target({ want: "ir", code: text, sizes }),
    ended: true,
    tokens: 9,
  };
  const lines = [
    { dialect: "compact", contextTokens: 8192 },
    { prompt, replies: [reply] },
  ];
  writeFileSync(replay, lines.map((line) => JSON.stringify(line)).join("\n"));
});

const run = (...args: readonly string[]) =>
  llmc(["emulate", file, "--model", `replay:${replay}`, ...args]);

describe("llmc emulate", () => {
  test("llmc emulate says that nothing was checked when it was not asked to", async () => {
    const { code, stdout } = await run("--passes", "function(instcombine)");
    expect(code).toBe(0);
    expect(stdout).toContain("; unchecked");
    expect(stdout).toContain("define i32 @f(i32 %0)");
  });

  test("llmc emulate exits with 1 when --check finds a difference", async () => {
    const { code, stdout } = await run("--passes", "function(instcombine)", "--check", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      checked: true,
      parts: [
        {
          functions: null,
          predicted: { instructions: 2 },
          check: {
            isExact: false,
            compiles: true,
            instructionError: 1,
            actual: { instructions: 1 },
          },
        },
      ],
    });
  });

  test("llmc emulate exits with 2 when passes or input are wrong", async () => {
    const passes = await run("--passes", "no-such-pass");
    expect(passes).toMatchObject({ code: 2, stderr: expect.stringContaining("no-such-pass") });
    const broken = join(folder, "broken.ll");
    const input = await llmc([
      "emulate",
      broken,
      "--passes",
      "sroa",
      "--model",
      `replay:${replay}`,
    ]);
    expect(input).toMatchObject({ code: 2, stderr: expect.stringContaining("broken.ll") });
  });
});
