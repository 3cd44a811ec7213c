/** `llmc cc` does as clang does: exit code, both streams and every file, with an empty cache and with a full one. */

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import {
  CLANG,
  FILES,
  type Files,
  LAUNCHER,
  filesBelow,
  resetFolder,
  runProgram,
} from "../../test/support/wrapper.ts";

/** What can be seen of clang, of the wrapper with an empty cache, and of the wrapper with a full one. */
async function runAll(
  args: readonly string[],
  { program = "cc", stdin = "", before = {} as Files } = {},
): Promise<unknown[]> {
  const folder = join(tempFolder(), "w");
  const cache = tempFolder();
  const attempt = async (command: string, prefix: readonly string[]): Promise<unknown> => {
    resetFolder(folder, { ...FILES, ...before });
    const env = { LLMC_CACHE: cache, LLMC_BUDGET: "0" };
    const run = await runProgram(command, [...prefix, ...args], { cwd: folder, env, stdin });
    return { run, files: filesBelow(folder) };
  };
  const clang = await attempt(program === "cc" ? CLANG : `${CLANG}++`, []);
  return [clang, await attempt(LAUNCHER, [program]), await attempt(LAUNCHER, [program])];
}

describe("llmc cc does as clang does when", () => {
  test.each([
    ["it compiles for size", "-Oz -c a.c -o a.o"],
    ["no output is named", "-Os -c a.c"],
    ["the output is joined", "-Oz -c a.c -oout.o"],
    ["debug information is wanted", "-Oz -g -c a.c -o a.o"],
    ["sections and code model are chosen", "-Oz -fPIC -ffunction-sections -fdata-sections -c a.c"],
    ["the assembler gets a flag", "-Oz -Wa,--noexecstack -c a.c"],
    ["it preprocesses", "-Oz -E a.c"],
    ["it makes assembly", "-Oz -S a.c -o a.s"],
    ["it makes bitcode", "-Oz -c -emit-llvm a.c"],
    ["it only checks", "-Oz -fsyntax-only warns.c -Wall"],
    ["it lists dependencies", "-Oz -M a.c"],
    ["it writes dependencies beside", "-Oz -MD -c a.c -o out.x.o"],
    ["dependencies have phony targets", "-Oz -MMD -MP -c a.c"],
    ["dependencies have a file and a target", "-Oz -MD -MF dep.d -MT 'x' -c a.c"],
    ["the preprocessor writes dependencies", "-Oz -Wp,-MD,dep.d -c a.c -o a.o"],
    ["temporaries are kept", "-Oz -save-temps -c a.c"],
    ["the file is assembly to preprocess", "-Oz -c asm.S"],
    ["the file is assembly", "-Oz -c low.s"],
    ["the source does not exist", "-Oz -c none.c -o a.o"],
    ["the source is broken", "-Oz -c broken.c -o a.o"],
    ["the front end warns", "-Oz -Wall -Wextra -c warns.c"],
    ["warnings are errors", "-Oz -Wall -Werror -c warns.c"],
    ["the assembler fails", "-Oz -c inline.c"],
    ["an optimisation warns", "-Oz -c unroll.c"],
    ["several sources are given", "-Oz -c a.c b.c"],
    ["one source's output is asked of several", "-Oz -c a.c b.c -o x.o"],
    ["it compiles and links", "-Oz b.c -o prog"],
    ["a response file holds flags", "@flags.rsp a.c"],
    ["a response file does not exist", "-Oz -c a.c @none.rsp"],
    ["a response file holds all", "@whole.rsp"],
    ["the language is named", "-Oz -x c -c unknown.txt -o a.o"],
    ["the language is unknown", "-Oz -c unknown.txt"],
    ["it links in time", "-Oz -flto -c a.c"],
    ["a sanitizer is on", "-Oz -fsanitize=undefined -c a.c"],
    ["the output is a device", "-Oz -c a.c -o /dev/null"],
    ["the output is standard output", "-Oz -c a.c -o -"],
    ["the output folder does not exist", "-Oz -c a.c -o none/a.o"],
    ["a flag is unknown", "-Oz --no-such-flag -c a.c"],
    ["nothing is given", ""],
    ["a file comes before the source", "-Oz -include b.h -c a.c"],
    ["another level comes last", "-Oz -O2 -c a.c"],
    ["it prints its version", "--version"],
  ])("%s", async (_, line) => {
    const [clang, ...ours] = await runAll(line === "" ? [] : line.split(" "));
    expect(ours).toEqual([clang, clang]);
  });

  test("the source is standard input", async () => {
    const [clang, ...ours] = await runAll(["-Oz", "-x", "c", "-c", "-", "-o", "a.o"], {
      stdin: "int x = 1;\n",
    });
    expect(ours).toEqual([clang, clang]);
  });

  test("paths have spaces", async () => {
    const [clang, ...ours] = await runAll([
      "-Oz",
      "-MD",
      "-c",
      "sp ace/s p.c",
      "-o",
      "sp ace/o ut.o",
    ]);
    expect(ours).toEqual([clang, clang]);
  });

  test("a broken source leaves an old object behind", async () => {
    const [clang, ...ours] = await runAll(["-Oz", "-c", "broken.c", "-o", "a.o"], {
      before: { "a.o": "old" },
    });
    expect(ours).toEqual([clang, clang]);
  });

  test("an old object is replaced", async () => {
    const [clang, ...ours] = await runAll(["-Oz", "-c", "a.c", "-o", "a.o"], {
      before: { "a.o": "old" },
    });
    expect(ours).toEqual([clang, clang]);
  });

  test("it compiles C++", async () => {
    const [clang, ...ours] = await runAll(["-Oz", "-MMD", "-c", "d.cc", "-o", "d.o"], {
      program: "c++",
    });
    expect(ours).toEqual([clang, clang]);
  });
});
