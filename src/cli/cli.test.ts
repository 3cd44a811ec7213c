/** The program as a user runs it. */

import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type CliResult, llmc } from "../../test/support/cli.ts";
import { programPath, until } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { measureElf } from "../llvm/elf.ts";

const ESCAPE = "\u001b";
const measured = {
  baselineBytes: z.number(),
  bytes: z.number(),
  savedPercent: z.number(),
  compilations: z.number(),
  seconds: z.number(),
};
const optimizeJson = z.strictObject({
  modules: z.array(
    z.strictObject({
      input: z.string(),
      ...measured,
      passList: z.string(),
      source: z.enum(["model", "coreset", "search", "-Oz"]),
      verdict: z.string(),
      notes: z.array(z.string()).optional(),
    }),
  ),
  total: z.strictObject(measured),
  failed: z.array(z.strictObject({ input: z.string(), error: z.string() })).optional(),
});
const tuneJson = z.object({
  objective: z.string(),
  seed: z.number(),
  modules: z.array(
    z.object({
      input: z.string(),
      baseline: z.number(),
      value: z.number(),
      passList: z.string(),
      ended: z.string(),
    }),
  ),
});

describe("llmc optimize", () => {
  test("writes an object no larger than -Oz and says so, without colours into a pipe", async () => {
    const folder = tempFolder();
    const to = join(folder, "table.o");
    const { code, stdout, stderr } = await llmc([
      "optimize",
      programPath("table.c"),
      "-o",
      to,
      "--budget",
      "8",
      "--explain",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const [, baseline, bytes] =
      /^total {2}-Oz (\d+) B → (\d+) B, saved \d+ B \(\d+\.\d\d %\)/m.exec(stdout)?.map(Number) ??
      [];
    expect(measureElf(readFileSync(to)).size).toBe(bytes);
    expect(bytes).toBeLessThanOrEqual(baseline ?? 0);
    expect(stdout).toContain(`written to ${to}`);
    expect(stdout).not.toContain(ESCAPE);
    expect(readdirSync(folder)).toEqual(["table.o"]);
  });

  test("prints with --json one object of the promised shape and nothing else, and does the others when one fails", async () => {
    const folder = tempFolder({
      "bad.c": "int f( { }\n",
      "broken.ll": "define i32 @f() {\n  ret i33 0\n}\n",
    });
    const inputs = [join(folder, "bad.c"), programPath("tokens.c"), join(folder, "broken.ll")];
    const { code, stdout, stderr } = await llmc(["optimize", ...inputs, "--json", "--budget", "3"]);
    expect(code).toBe(2);
    const { modules, failed, total } = optimizeJson.parse(JSON.parse(stdout));
    expect(modules.map(({ input }) => input)).toEqual([inputs[1]]);
    expect(failed?.map(({ input }) => input)).toEqual([inputs[0], inputs[2]]);
    expect(total.bytes).toBe(modules[0]?.bytes);
    expect(stderr).toMatch(/bad\.c:1:8: error: expected parameter declarator/);
    expect(stderr).toMatch(/broken\.ll:2:7: error: /);
  });

  test("does the others when a file of a compile_commands.json is gone, names it, and ends with 2", async () => {
    const entries = ["a.c", "gone.c"].map((file) => ({
      directory: ".",
      file,
      command: `cc -c ${file}`,
    }));
    const folder = tempFolder({
      "a.c": "int f(int x) { return x * 3; }\n",
      "compile_commands.json": JSON.stringify(entries),
    });
    const args = ["optimize", folder, "-o", join(folder, "out/"), "--budget", "1"];
    const { code, stderr } = await llmc(args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: ${join(folder, "gone.c")}: invalid: no such file\n`,
    });
    expect(readdirSync(join(folder, "out"))).toEqual(["a.o"]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["no input", [], /missing required argument 'input'/],
    ["an unknown option", ["--frobnicate", "a.c"], /unknown option '--frobnicate'/],
    [
      "a budget that is no number",
      ["a.c", "--budget", "many"],
      /want a whole number of at least 0/,
    ],
    ["a file that is not there", ["none.c"], /none\.c: no such file or folder/],
    [
      "a flag that cannot be honoured",
      [programPath("table.c"), "--", "-fsanitize=address"],
      /-fsanitize=address needs passes of clang's own/,
    ],
    [
      "an output that cannot be written",
      [programPath("table.c"), "-o", "/proc/x.o"],
      /-o \/proc\/x\.o: cannot write in \/proc/,
    ],
  ])("ends with 2 at once for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await llmc(["optimize", ...args], {
      env: { LLMC_LLVM: "/nowhere" },
    });
    expect([code, stdout]).toEqual([2, ""]); // 3, had it looked for LLVM before
    expect(stderr).toMatch(message);
  });

  test.each([
    [
      { LLMC_LLVM: "/nowhere" },
      [],
      /no LLVM with opt and libLLVM under "\/nowhere"; run `llmc doctor`/,
    ],
    [{ LLMC_LLVM: "/nowhere" }, ["--llvm", "23"], /LLVM 23 is not a version this program knows/],
    [
      {},
      ["--llvm", join(tempFolder({ "l/bin/opt": "", "l/lib/libLLVM.so.22.1": "no library" }), "l")],
      /ended while starting; see `llmc doctor`/,
    ],
  ])("ends with 3 when LLVM is missing or broken: %j %j", async (env, args, message) => {
    const { code, stderr } = await llmc(["optimize", programPath("table.c"), ...args], { env });
    expect(stderr).toMatch(message);
    expect(code).toBe(3);
  });

  test("measures what --model proposes first, and says that the model won", async () => {
    const folder = tempFolder();
    const replay = join(folder, "model.jsonl");
    const header = `{"dialect": "compact", "contextTokens": 65536}\n`;
    writeFileSync(replay, header);
    const optimize = (...more: string[]): Promise<CliResult> =>
      llmc(["optimize", programPath("table.c"), "--json", "--budget", "8", ...more]);
    const unasked = optimizeJson.parse(
      JSON.parse((await optimize("--model", `replay:${replay}`)).stdout),
    ).modules[0];
    const [, promptHash] = /([0-9a-f]{32,})/.exec(unasked?.notes?.join(" ") ?? "") ?? [];
    const replies = [{ text: `${unasked?.passList}<|sizes|>9 8`, ended: true, tokens: 5 }];
    writeFileSync(replay, `${header}${JSON.stringify({ promptHash, replies })}\n`);
    const asked = optimizeJson.parse(
      JSON.parse((await optimize("--model", `replay:${replay}`)).stdout),
    ).modules[0];
    expect(unasked?.source).toBe("coreset");
    expect(asked?.source).toBe("model");
    expect(asked?.bytes).toBe(unasked?.bytes);
  });

  test.each([
    ["notes.txt", /notes\.txt is no model; want a file\.gguf/],
    ["broken.gguf", /broken\.gguf/],
  ])("refuses --model %s before anything is compiled", async (name, message) => {
    const folder = tempFolder({ "notes.txt": "", "broken.gguf": "not a GGUF" });
    const model = join(folder, name);
    const { code, stderr } = await llmc(["optimize", programPath("table.c"), "--model", model]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test("does without a --model that does not answer, and says so", async () => {
    const nobody = "http://127.0.0.1:9";
    const args = ["optimize", programPath("table.c"), "--json", "--budget", "4"];
    const { code, stdout } = await llmc([...args, "--model", nobody]);
    const [module] = optimizeJson.parse(JSON.parse(stdout)).modules;
    expect(code).toBe(0);
    expect(module?.source).not.toBe("model");
    expect(module?.notes?.join(" ")).toContain(nobody);
  });

  test("works without a cache folder, and warns", async () => {
    const { code, stderr } = await llmc(["optimize", programPath("tokens.c"), "--budget", "1"], {
      env: { XDG_CACHE_HOME: "/proc/none" },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: no journal in \/proc\/none/);
  });
});

/** Starts a search without end and calls `stop` once it has measured something. */
async function stopped(
  command: readonly string[],
  stop: (child: ChildProcess) => void,
): Promise<CliResult> {
  const cache = tempFolder();
  const journals = join(cache, "llmc/journal");
  const measuresNow = (): boolean =>
    existsSync(journals) &&
    readdirSync(journals, { recursive: true, encoding: "utf8" }).some(
      (name) =>
        name.endsWith(".jsonl") &&
        readFileSync(join(journals, name), "utf8").split("\n").length > 3,
    );
  return llmc([...command, "--budget", "1000000", "--strategy", "random"], {
    env: { XDG_CACHE_HOME: cache },
    onStart: (child) => void until(measuresNow, 40_000).then(() => stop(child)),
  });
}

describe("llmc when it is stopped", () => {
  test("by Ctrl-C keeps the best, writes it, and ends with 130", async () => {
    const to = join(tempFolder(), "table.o");
    const { code, stdout } = await stopped(
      ["optimize", programPath("table.c"), "-o", to, "--json"],
      (child) => child.kill("SIGINT"),
    );
    expect(code).toBe(130);
    const { modules } = optimizeJson.parse(JSON.parse(stdout));
    expect(measureElf(readFileSync(to)).size).toBe(modules[0]?.bytes);
  });

  test("by SIGKILL leaves no file at the output path, nor anything but hidden temporaries", async () => {
    const folder = tempFolder();
    const { signal } = await stopped(
      ["optimize", programPath("table.c"), "-o", join(folder, "table.o")],
      (child) => child.kill("SIGKILL"),
    );
    expect(signal).toBe("SIGKILL");
    expect(readdirSync(folder).filter((name) => !/^\..*\.tmp$/.test(name))).toEqual([]);
  });

  test("by Ctrl-C while it tunes says what the best was", async () => {
    const { code, stdout } = await stopped(["tune", programPath("table.c"), "--json"], (child) =>
      child.kill("SIGINT"),
    );
    expect(code).toBe(130);
    const {
      modules: [module],
    } = tuneJson.parse(JSON.parse(stdout));
    expect(module?.ended).toBe("interrupted");
    expect(module?.value).toBeLessThanOrEqual(module?.baseline ?? 0);
  });
});

describe("llmc tune", () => {
  test("gives the same answer for the same seed, the second time from its journal", async () => {
    const run = () =>
      llmc([
        "tune",
        programPath("tokens.c"),
        "--budget",
        "8",
        "--seed",
        "3",
        "--json",
        "--strategy",
        "genetic",
      ]);
    const [first, second] = [await run(), await run()].map(({ stdout }) => JSON.parse(stdout));
    expect(tuneJson.parse(second).modules).toEqual(tuneJson.parse(first).modules);
    expect(first.modules[0].generated).toBeGreaterThan(0);
    expect(second.modules[0].generated).toBe(0);
  });
});

describe("llmc", () => {
  test.each([[["--help"]], [["optimize", "--help"]], [["tune", "--help"]]])(
    "%j shows examples and exit codes",
    async (args) => {
      const { code, stdout } = await llmc(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}llmc /);
    },
  );

  test.each([[["frobnicate"]], [["tune", "--frobnicate"]]])("%j is bad usage", async (args) => {
    expect((await llmc(args)).code).toBe(2);
  });

  test("doctor --json prints one object, and 3 when something is missing", async () => {
    const good = await llmc(["doctor", "--json"]);
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true });
    expect(good.code).toBe(0);
    const bad = await llmc(["doctor", "--json"], { env: { LLMC_LLVM: "banana" } });
    const finding = {
      what: "LLVM",
      ok: false,
      found: expect.stringContaining('"banana"'),
      mend: expect.stringContaining("apt install"),
    };
    expect(JSON.parse(bad.stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining(finding)]),
    });
    expect(bad.code).toBe(3);
  });
});
