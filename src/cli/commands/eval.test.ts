import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { CODE_FILES } from "../../../test/support/code-problems.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { readEvaluation } from "../../eval/evaluation-file.ts";
import { readRows } from "../../eval/row-files.ts";

const PROGRAM = `
int sum(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }
int both(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }
int pick(int k) { switch (k) { case 0: return 7; case 1: return 9; case 2: return 4; default: return k * 3; } }
`;
const programs = tempFolder({
  "one/sum.c": PROGRAM,
  "two/sum.cpp": PROGRAM.replace("int pick", "int picked"),
  "two/broken.c": "int main( {",
});
const out = tempFolder();
const replay = join(out, "constant.jsonl");
// Knows no prompt: a model that is of no use.
writeFileSync(replay, `${JSON.stringify({ dialect: "compact", contextTokens: 65536 })}\n`);

const SMALL = ["--count", "5", "--min-bytes", "0", "--compilations", "3", "--search", "6"];
const evaluate = (...args: readonly string[]) =>
  llmc(["eval", "--programs", programs, "-o", join(out, "run"), ...SMALL, ...args]);

describe("llmc eval and llmc report", () => {
  test("llmc eval counts every case of every contender, and says what is no program", async () => {
    const args = ["--suite", "tune,size", "--rivals", "-Oz,coreset,value prediction,search"];
    const { code, stdout } = await evaluate(
      ...args,
      "--model",
      `useless=replay:${replay}`,
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: { tune: 10, size: 4 } });
    const rows = await readRows(join(out, "run"));
    const useless = rows.filter(({ contender }) => contender === "useless");
    expect(useless.map(({ status }) => status)).toEqual(Array(4).fill("refused"));
    const first = rows.find((row) => row.suite === "tune" && row.contender === "-Oz");
    expect(first).toMatchObject({ sizes: [first?.suite === "tune" && first.ozSize] });
    const { unusable } = readEvaluation(join(out, "run"));
    expect(unusable).toEqual([{ id: "two/broken.c", problem: expect.stringMatching(/expected/) }]);
  }, 60_000);

  test("llmc report gives the same tables when an evaluation is run again, and a page", async () => {
    const args = ["--suite", "tune", "--rivals", "-Oz,coreset"];
    const tables: string[] = [];
    for (const name of ["a.md", "b.md"]) {
      await evaluate(...args);
      const { code } = await llmc(["report", join(out, "run"), "-o", join(out, name)]);
      expect(code).toBe(0);
      tables.push(readFileSync(join(out, name), "utf8"));
    }
    expect(tables[0]).toMatch(/coreset/);
    expect(tables[1]).toBe(tables[0]);
    const page = join(out, "page.html");
    expect((await llmc(["report", join(out, "run"), "-o", page])).code).toBe(0);
    expect(readFileSync(page, "utf8")).toMatch(/two\/broken\.c/);
  }, 60_000);

  test("llmc eval takes the problems of --humaneval and --mbpp, and wants no programs for them alone", async () => {
    const folder = tempFolder(CODE_FILES);
    const files = ["--humaneval", join(folder, "HumanEval.jsonl"), "--mbpp"].concat(
      join(folder, "sanitized-mbpp.json"),
    );
    const args = ["eval", "--suite", "code", ...files, "--model", `useless=replay:${replay}`];
    const { code, stderr } = await llmc([...args, "-o", join(out, "code"), "--json"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const rows = await readRows(join(out, "code"));
    expect(new Set(rows.map((row) => row.suite === "code" && row.benchmark))).toEqual(
      new Set(["humaneval", "mbpp-sanitized"]),
    );
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["refused"]));
    const { stdout } = await llmc(["report", join(out, "code")]);
    expect(stdout).toMatch(/^\|  \| pass@1 \|$/m);
  }, 60_000);

  test.each([
    [["eval", "--programs", programs], /-o FOLDER is missing/],
    [["eval", "-o", out], /want --corpus DIR or --programs DIR/],
    [["eval", "-o", out, "--programs", "/none"], /\/none: no such/],
    [["eval", "-o", out, "--corpus", "/none"], /\/none: no such corpus/],
    [["eval", "-o", out, "--suite", "chess"], /"chess": want some of tune/],
    [["eval", "-o", out, "--programs", programs, "--suite", "code"], /wants --humaneval/],
    [["report", out], /evaluation\.json; want a folder that llmc eval wrote/],
    [["report", out, "-o", "x.pdf"], /x\.pdf: want a name that ends in \.html/],
  ])("llmc %j exits with 2 and says what is wanted", async (args, words) => {
    const { code, stderr } = await llmc(args);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
  });
});
