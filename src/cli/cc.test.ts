/** `llmc cc` as a build starts it, through the launcher: smaller objects, its cache, records, signals and settings. */

import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programPath, tool, toolchain, until } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { CLANG, FILES, LAUNCHER, project, runProgram } from "../../test/support/wrapper.ts";
import { findToolchain } from "../llvm/toolchain.ts";
import { measureElf } from "../llvm/elf.ts";

const TOKENS_AT_OZ = ["-Oz", "-c", programPath("tokens.c"), "-o", "-"];

describe("llmc cc makes objects for size", () => {
  test("that are smaller, come from the cache the next time, and are counted", async () => {
    const { folder, cc, read, stats } = project();
    expect(await cc("-Oz -c t.c -o t.o")).toMatchObject({ code: 0, stderr: "" });
    const first = read("t.o");
    const clang = tool("clang", TOKENS_AT_OZ);
    expect(measureElf(first).size).toBeLessThan(measureElf(clang).size);
    rmSync(join(folder, "t.o"));
    await cc("-Oz -c t.c -o t.o");
    expect(read("t.o")).toEqual(first);
    expect(await stats()).toMatchObject({ modules: 2, hits: 1, misses: 1, fallbacks: 0 });
    const text = (await cc("--stats --clear")).stdout;
    expect(text).toContain("unchecked");
    expect(await stats()).toMatchObject({ modules: 0, hits: 0 });
  });

  test("that link and pass the program's own checks", async () => {
    const suite = join(import.meta.dirname, "../verify/suites/builtin");
    const names = ["graph-search.c", "check.h"];
    const files = names.map((name) => [name, readFileSync(join(suite, name), "utf8")]);
    const { folder, cc, stats } = project(Object.fromEntries(files));
    await cc("-Oz -c graph-search.c -o t.o");
    expect(await cc("t.o -o ours")).toMatchObject({ code: 0, stderr: "" });
    expect(await runProgram(join(folder, "ours"), [], { cwd: folder })).toMatchObject({ code: 0 });
    expect((await stats()).bytes).toBeLessThan((await stats()).baselineBytes);
  });

  test.each([
    ["header", "-Oz -c a.c", "a.h", "#define TWO 3\n"],
    ["response file", "-c a.c @size.rsp", "size.rsp", "-Oz -DTWO=5"],
  ])("of what a %s says now, not of what it said before", async (_, line, path, text) => {
    const source = '#include "a.h"\nint twice(int x) { return TWO * x; }\n';
    const { folder, cc, read } = project({ "a.c": source, "a.h": "", "size.rsp": "-Oz -DTWO=7" });
    if (path === "a.h") writeFileSync(join(folder, path), "#define TWO 2\n");
    await cc(line);
    await cc(line);
    const before = read("a.o");
    writeFileSync(join(folder, path), text);
    await cc(line);
    expect(read("a.o")).not.toEqual(before);
  });

  test("that are no larger than -Os when the build says -Os", async () => {
    const { cc, read } = project();
    await cc("-Os -c t.c -o t.o");
    const clang = tool("clang", ["-Os", "-c", programPath("tokens.c"), "-o", "-"]);
    expect(measureElf(read("t.o")).size).toBeLessThan(measureElf(clang).size);
  });

  test("that keep their debug information", async () => {
    const { cc, read, stats } = project();
    await cc("-Oz -g -c t.c -o t.o");
    const sections = tool("llvm-readelf", ["-S", "-W", "-"], read("t.o")).toString();
    for (const name of [".debug_info", ".debug_line", ".debug_str"])
      expect(sections).toContain(name);
    expect((await stats()).bytes).toBeLessThan((await stats()).baselineBytes);
  });

  test("for which other flags of code generation are another entry", async () => {
    const { cc, stats } = project();
    await cc("-Oz -c t.c");
    await cc("-Oz -ffunction-sections -c t.c");
    await cc("-Oz -DUNUSED -c t.c");
    expect(await stats()).toMatchObject({ misses: 2, hits: 1 });
  });

  test("four at once from one cache, all the same", async () => {
    const { cc, read, stats } = project();
    const names = ["1", "2", "3", "4"].map((name) => `${name}.o`);
    await Promise.all(names.map((name) => cc(`-Oz -c t.c -o ${name}`)));
    expect(new Set(names.map((name) => read(name).toString("latin1"))).size).toBe(1);
    await cc("-Oz -c t.c");
    expect((await stats()).modules).toBe(5);
    expect((await stats()).hits).toBeGreaterThan(0);
  });

  test("and says what the differential check found when that is asked for", async () => {
    const { cc, stats } = project();
    await cc("-Oz -c t.c", { extra: { LLMC_VERIFY: "differential" } });
    expect(Object.keys((await stats()).verdicts)).not.toContain("unchecked");
  });
});

describe("llmc cc leaves clang's object in place", () => {
  test("when it is killed in the middle of a search, and the next run finishes the work", async () => {
    const { folder, cache, cc, read } = project();
    const object = join(folder, "t.o");
    const journals = join(cache, "journal");
    const run = await cc("-Oz -c t.c -o t.o", {
      extra: { LLMC_BUDGET: "200" },
      onStart: async (child) => {
        await until(() => existsSync(object) && existsSync(journals));
        child.kill("SIGKILL");
      },
    });
    expect(run.signal).toBe("SIGKILL");
    expect(measureElf(read("t.o")).size).toBeGreaterThan(0);
    expect(existsSync(join(cache, "cc", "objects"))).toBe(false);
    expect((await cc("-Oz -c t.c -o t.o")).code).toBe(0);
    expect(readdirSync(join(cache, "cc", "objects"))).toHaveLength(1);
  });

  test("and ends every process that it started when it is told to stop", async () => {
    const { folder, cc } = project();
    const mark = `LLMC_TEST_MARK=${folder}`;
    const run = await cc("-Oz -c t.c -o t.o", {
      extra: { LLMC_BUDGET: "200", LLMC_TEST_MARK: folder },
      onStart: async (child) => {
        await until(() => processesWith(mark).length > 1 && existsSync(join(folder, "t.o")));
        child.kill("SIGTERM");
      },
    });
    expect(run.signal).toBe("SIGTERM");
    await until(() => processesWith(mark).length === 0);
    expect(processesWith(mark)).toEqual([]);
  });

  test("when the search cannot work, and says so in the statistics alone", async () => {
    const { cc, read, stats } = project();
    const root = tempFolder({ "bin/clang": `#!/bin/sh\nexec ${CLANG} "$@"\n` });
    chmodSync(join(root, "bin/clang"), 0o755);
    const run = await cc("-Oz -c t.c", { extra: { LLMC_LLVM: root } }); // no LLVM library there
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(measureElf(read("t.o"))).toEqual(measureElf(tool("clang", TOKENS_AT_OZ)));
    expect(await stats()).toMatchObject({ modules: 1, fallbacks: 1 });
  });

  test("or its complaint, when the cache has the object and there is no folder for it", async () => {
    const { folder, cc } = project(FILES);
    await cc("-Oz -c a.c -o a.o");
    const run = await cc("-Oz -c a.c -o none/a.o");
    const args = ["-Oz", "-c", "a.c", "-o", "none/a.o"];
    expect(run).toEqual(await runProgram(CLANG, args, { cwd: folder }));
  });

  test("when the cache cannot be written", async () => {
    const { folder, cc, read } = project({ "a.c": "int one(void) { return 1; }\n" });
    writeFileSync(join(folder, "file"), "");
    const run = await cc("-Oz -c a.c", { extra: { LLMC_CACHE: join(folder, "file", "cache") } });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(measureElf(read("a.o")).text).toBeGreaterThan(0);
  });
});

function processesWith(mark: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false; // it ended just now
    }
  });
}

describe("llmc cc records", () => {
  const modules = (folder: string): string[] =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".bc"))
      .toSorted();

  test("the module at the user's level, with its flags, whatever that level is", async () => {
    const { folder, cc } = project(FILES);
    const records = join(folder, "rec ord");
    const extra = { LLMC_RECORD: records, LLMC_RECORD_ROOT: folder };
    await cc("-O2 -DA=1 -g -Wall -c a.c -o x.o", { extra });
    const [name = ""] = modules(records);
    const json = JSON.parse(readFileSync(join(records, name.replace(/bc$/, "json")), "utf8"));
    expect(json).toEqual({
      path: "a.c",
      language: "c",
      flags: ["-DA=1"],
      cwd: "",
      level: "-O2",
    });
    const ir = tool("llvm-dis", [join(records, name), "-o", "-"]).toString();
    expect(ir).toContain("alloca"); // no pass has run
    expect(ir).toContain("!tbaa"); // and it is no -O0 module
    expect(ir).not.toContain("!DICompileUnit");
  });

  test("modules that no two recorders spoil for each other", async () => {
    const { folder, cc } = project(FILES);
    const records = join(folder, "records");
    const extra = { LLMC_RECORD: records };
    const lines = ["-O0 -c a.c", "-O2 -c a.c", "-Oz -c a.c", "-O2 -c b.c"];
    const runs = [...lines, ...lines].map((line, i) => cc(`${line} -o ${i}.o`, { extra }));
    expect((await Promise.all(runs)).map(({ code, stderr }) => [code, stderr])).toEqual(
      runs.map(() => [0, ""]),
    );
    expect(modules(records)).toHaveLength(lines.length);
    expect(readdirSync(records)).toHaveLength(2 * lines.length); // nothing temporary
    for (const name of modules(records))
      expect(tool("llvm-dis", [join(records, name), "-o", "-"]).toString()).toContain("define");
  });

  test("nothing that clang refuses, that configure asks, or that is no C or C++", async () => {
    const { folder, cc } = project({ ...FILES, "conftest.c": "int x;\n" });
    const records = join(folder, "records");
    for (const line of ["-c broken.c", "-c conftest.c", "-c asm.S", "-E a.c", "b.c -o b"])
      await cc(line, { extra: { LLMC_RECORD: records } });
    expect(existsSync(records)).toBe(false);
  });
});

test("rememberCommand writes where the launcher reads", async () => {
  const { cache, cc } = project();
  await cc("-Oz -c t.c");
  const [known = ""] = readdirSync(join(cache, "cc", "known-1"));
  const text = readFileSync(join(cache, "cc", "known-1", known), "utf8");
  // Where the shell answers, no Node starts: the wrapper's own part of the answer may then be missing.
  writeFileSync(join(cache, "cc", "known-1", known), `${text}\necho not answered; exit 9\n`);
  expect(await cc("-Oz -c t.c")).toMatchObject({ code: 0, stdout: "" });
  rmSync(join(cache, "cc", "objects"), { recursive: true });
  expect(await cc("-Oz -c t.c")).toMatchObject({ code: 9, stdout: "not answered\n" });
});

describe("the launcher", () => {
  test.each([undefined, "22", "22.1", "19", "/usr/lib/llvm-22"])(
    "takes the same clang as the rest of llmc when LLMC_LLVM is %s",
    async (wanted) => {
      const found = findToolchain(wanted);
      if (found.status === "missing") return; // that LLVM is not on this machine
      const env = wanted === undefined ? {} : { LLMC_LLVM: wanted };
      const run = await runProgram(LAUNCHER, ["cc", "-print-resource-dir"], { cwd: "/", env });
      const direct = tool(join("..", "bin", "clang"), ["-print-resource-dir"]).toString();
      if (found.toolchain.bin === toolchain.bin) expect(run.stdout).toBe(direct);
      expect(run.stdout).toContain(`/${found.toolchain.major}`);
    },
  );

  test.each([
    ["LLMC_BUDGET", "many", 'LLMC_BUDGET is "many"; want a whole number'],
    ["LLMC_VERIFY", "yes", 'LLMC_VERIFY is "yes"; want "differential"'],
  ])("stops at a compilation for size when %s is %s", async (name, value, message) => {
    const { cc } = project(FILES);
    const run = await cc("-Oz -c a.c", { extra: { [name]: value } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
    expect((await cc("-O2 -c a.c", { extra: { [name]: value } })).code).toBe(0);
  });

  test("serves a configure script as clang does", async () => {
    const script = `
      echo 'int main(void) { return 0; }' > conftest.c
      $CC -Oz -o conftest conftest.c && ./conftest && echo works
      $CC -Oz -c conftest.c && echo compiles
      echo '#include <no/such/header.h>' > conftest.c
      $CC -Oz -E conftest.c > /dev/null 2>&1 || echo no header
      $CC -Oz -c conftest.c > /dev/null 2>&1 || echo no object
      $CC -Oz -c -Werror -fno-such-flag b.c 2>/dev/null || echo no flag
      $CC -print-prog-name=ld; $CC -dumpmachine; $CC --version; $CC -v 2>&1 | head -3`;
    const answers: string[] = [];
    for (const CC of [CLANG, `${LAUNCHER} cc`]) {
      const { folder, cache } = project(FILES);
      const env = { CC, LLMC_CACHE: cache };
      answers.push((await runProgram("sh", ["-c", script], { cwd: folder, env })).stdout);
    }
    expect(answers[1]).toBe(answers[0]);
    expect(answers[0]).toContain("no header\nno object\nno flag");
  });
});
