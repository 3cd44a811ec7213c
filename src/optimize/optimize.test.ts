import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programBitcode, programPath, testPool, tool, toolchain } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { measureElf } from "../llvm/elf.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { memoryJournal } from "../tuner/journal.ts";
import { STRATEGIES } from "../tuner/strategies/index.ts";
import { resolveInputs } from "./inputs.ts";
import { type OptimizeAllOptions, optimizeAll } from "./optimize.ts";
import { planOutputs } from "./outputs.ts";
import { toJson } from "./result.ts";

const pool = testPool(2);
const registry = registryFor(toolchain.major);
const coreset = loadCoreset(registry);

interface Job {
  readonly flags?: readonly string[];
  readonly to?: string;
  readonly more?: Partial<OptimizeAllOptions>;
  /** Done after everything is checked and before it begins. */
  readonly before?: () => void;
}

async function optimize(paths: readonly string[], { flags = [], to, more, before }: Job = {}) {
  const resolved = resolveInputs(paths, flags);
  if (!resolved.ok) throw new Error(resolved.message);
  const outputs = planOutputs(to, resolved.inputs);
  if (!outputs.ok) throw new Error(outputs.message);
  before?.();
  return optimizeAll(pool, resolved.inputs, {
    strategy: STRATEGIES.guided.run,
    compilations: 6,
    seed: 1,
    explain: false,
    coreset,
    registry,
    journalFor: () => memoryJournal(),
    outputFor: outputs.outputFor,
    onResult: () => {},
    ...more,
  });
}

const clangOz = (path: string, flags: readonly string[] = []): Buffer =>
  tool(path.endsWith(".cpp") ? "clang++" : "clang", [...flags, "-Oz", "-c", path, "-o", "-"]);
const sizeIn = (path: string): number => measureElf(readFileSync(path)).size;

describe("optimizeAll on sources", () => {
  test.each([
    [[]],
    [["-ffunction-sections", "-fdata-sections"]],
    [["-fno-pic"]],
    [["--target=aarch64-linux-gnu"]],
  ])("is never larger than clang %j -Oz, and writes what it measured", async (flags) => {
    const to = `${tempFolder()}/`;
    const sources = [
      programPath("shapes.cpp"),
      ...(flags[0] === undefined ? [programPath("table.c"), programPath("tokens.c")] : []),
    ];
    const { results, failures } = await optimize(sources, { flags, to });
    expect(failures).toEqual([]);
    expect(results.map(({ input }) => input)).toEqual(sources);
    for (const { input, baselineBytes, bytes, source } of results) {
      expect(baselineBytes).toBe(measureElf(clangOz(input, flags)).size);
      expect(bytes).toBeLessThanOrEqual(baselineBytes);
      const written = join(to, `${input.replace(/.*\//, "").replace(/\.\w+$/, "")}.o`);
      expect(sizeIn(written)).toBe(bytes);
      expect(source === "-Oz").toBe(bytes === baselineBytes);
      const sections = tool("llvm-readelf", ["-S", "-h", "-W", written]).toString();
      expect(sections.includes(" .text._Z7measureRK5Shape ")).toBe(
        flags.includes("-ffunction-sections"),
      );
      expect(sections.includes("AArch64")).toBe(flags.includes("--target=aarch64-linux-gnu"));
    }
  });

  test("falls back to clang's own -Oz object where nothing is smaller", async () => {
    const path = join(tempFolder({ "tiny.c": "int f(void) { return 1; }\n" }), "tiny.c");
    const to = path.replace(".c", ".o");
    const { results } = await optimize([path], { to });
    expect(results).toMatchObject([{ source: "-Oz", verdict: "same as -Oz", compilations: 6 }]);
    expect(readFileSync(to).equals(clangOz(path))).toBe(true);
  });

  test("refuses 32-bit targets with the reason", async () => {
    const path = join(tempFolder({ "tiny.c": "int f(void) { return 1; }\n" }), "tiny.c");
    expect((await optimize([path], { flags: ["-m32"] })).failures).toEqual([
      {
        input: path,
        error: expect.stringMatching(/target "i386-.*" is not supported: want 64-bit ELF/),
      },
    ]);
  });

  test("gives clang's own words for what does not compile, and does the others", async () => {
    const folder = tempFolder({
      "bad.c": "int f( { return 1; }\n",
      "good.c": "int g(void) { return 2; }\n",
    });
    const { results, failures } = await optimize([join(folder, "bad.c"), join(folder, "good.c")]);
    expect(failures).toEqual([
      {
        input: join(folder, "bad.c"),
        error: expect.stringMatching(/bad\.c:1:8: error: expected parameter declarator/),
      },
    ]);
    expect(results).toHaveLength(1);
  });

  test("honours a compile_commands.json with relative folders", async () => {
    const folder = tempFolder({
      "src/a.c": '#include "value.h"\nint f(void) { return VALUE + MORE; }\n',
      "include/value.h": "#define VALUE 40\n",
      "build/x": "",
      "compile_commands.json":
        '[{"directory": "build", "file": "../src/a.c", "command": "cc -I../include -DMORE=2 -o a.o -c ../src/a.c"}]',
    });
    const { results } = await optimize([folder], { to: join(folder, "out.s") });
    expect(results).toHaveLength(1);
    expect(readFileSync(join(folder, "out.s"), "utf8")).toMatch(/\$42|pushq\s+\$42/);
  });
});

/** A build of three sources whose database is out of date: one file is gone, one entry says nothing, one folder is gone. */
const STALE_BUILD = {
  "a.c": "int f(void) { return VALUE; }\n",
  "b.c": "int g(int x) { return x * 3; }\n",
  "compile_commands.json": JSON.stringify([
    { directory: ".", file: "gone.c", command: "cc -c gone.c" },
    { directory: ".", file: "a.c", command: "cc -DVALUE=42 -c a.c" },
    { directory: ".", file: "a.c", command: "" },
    { directory: "gone", file: "../b.c", command: "cc -c ../b.c" },
    { directory: ".", file: "b.c", command: "cc -c b.c" },
    { directory: "." },
  ]),
};

test("optimizeAll does the others when entries of a compile_commands.json cannot be used", async () => {
  const folder = tempFolder(STALE_BUILD);
  const database = join(folder, "compile_commands.json");
  const { results, failures } = await optimize([folder], { to: join(folder, "out/") });
  expect(results.map(({ input }) => input)).toEqual([join(folder, "a.c"), join(folder, "b.c")]);
  expect(readdirSync(join(folder, "out")).toSorted()).toEqual(["a.o", "b.o"]);
  expect(failures).toEqual([
    { input: join(folder, "gone.c"), error: "invalid: no such file" },
    { input: database, error: expect.stringContaining("entry 3: a.c: no command") },
    { input: join(folder, "b.c"), error: expect.stringContaining(`${folder}/gone, is not there`) },
    { input: database, error: expect.stringContaining("entry 6: file: ") },
  ]);
});

describe("optimizeAll on IR", () => {
  test("reports the object that it writes, of bitcode and of text, and the forms agree", async () => {
    const bitcode = programBitcode("table.c");
    const folder = tempFolder({
      "table.bc": bitcode,
      "text.ll": tool("llvm-dis", ["-o", "-", "-"], bitcode),
    });
    const { results } = await optimize([join(folder, "table.bc"), join(folder, "text.ll")], {
      to: `${folder}/`,
    });
    for (const [i, { baselineBytes, bytes }] of results.entries()) {
      expect(bytes).toBeLessThanOrEqual(baselineBytes);
      expect(sizeIn(join(folder, i === 0 ? "table.o" : "text.o"))).toBe(bytes);
      expect(baselineBytes).toBe(results[0]?.baselineBytes);
    }
    const list = printPassList(results[0]?.passList ?? []);
    for (const suffix of ["ll", "bc"]) {
      const to = join(folder, `out.${suffix}`);
      const again = await optimize([join(folder, "table.bc")], { to });
      expect(printPassList(again.results[0]?.passList ?? [])).toBe(list);
      const object = tool("llc", ["-relocation-model=pic", "-filetype=obj", "-o", "-", to]);
      expect(measureElf(object).size).toBe(results[0]?.bytes);
    }
  });

  test("answers a module without functions with -Oz and says why", async () => {
    const folder = tempFolder({ "data.ll": "@x = global i32 3\n", "empty.ll": "" });
    const { results } = await optimize([join(folder, "data.ll"), join(folder, "empty.ll")]);
    expect(results).toMatchObject([
      {
        bytes: 4,
        source: "-Oz",
        compilations: 0,
        notes: [expect.stringContaining("no function in it")],
      },
      { bytes: 0, source: "-Oz" },
    ]);
    expect(toJson(results, [], 1).total).toMatchObject({
      baselineBytes: 4,
      bytes: 4,
      savedPercent: 0,
    });
  });

  test.each([
    ["broken text", "define i32 @f() {\n  ret i33 0\n}\n", /m\.ll:2:7: error/],
    [
      "an unknown target",
      'target triple = "vax-dec-ultrix"\ndefine void @f() {\n  ret void\n}\n',
      /"vax-dec-ultrix" is not supported/,
    ],
    [
      "wrong inline assembly",
      'define void @f() {\n  call void asm sideeffect "frobnicate", ""()\n  ret void\n}\n',
      /invalid instruction mnemonic/,
    ],
    ["a truncated bitcode", "BC\xc0\xde\x35\x14", /error/],
  ])("fails on %s with the reason", async (_, text, message) => {
    const path = join(tempFolder({ "m.ll": Buffer.from(text, "latin1") }), "m.ll");
    expect((await optimize([path])).failures).toEqual([
      { input: path, error: expect.stringMatching(message) },
    ]);
  });

  test("handles a module of 5 MB", async () => {
    const define = (i: number): string =>
      `define i32 @f${i}(i32 %x) {\n  %a = mul i32 %x, ${i}\n  %b = add i32 %a, ${i}\n  ret i32 %b\n}\n`;
    const global = (i: number): string =>
      `@g${i} = constant [2000 x i8] c"${"a".repeat(1996)}${1000 + i}"\n`;
    const text = Array.from({ length: 2500 }, (_, i) => global(i) + (i < 50 ? define(i) : "")).join(
      "",
    );
    expect(text.length).toBeGreaterThan(5e6);
    const path = join(tempFolder({ "big.ll": text }), "big.ll");
    const { results } = await optimize([path], { more: { compilations: 1 } });
    expect(results[0]?.bytes).toBeLessThanOrEqual(results[0]?.baselineBytes ?? 0);
    expect(results[0]?.bytes).toBeGreaterThan(2500 * 2000 - 1);
  });
});

describe("optimizeAll makes a failure of", () => {
  const text = "define i32 @f(i32 %x) {\n  ret i32 %x\n}\n";

  test("an input that vanishes, and does the others", async () => {
    const folder = tempFolder({ "gone.ll": text, "gone.c": "int x;", "here.ll": text });
    const paths = ["gone.ll", "gone.c", "here.ll"].map((name) => join(folder, name));
    const { results, failures } = await optimize(paths, {
      before: () => paths.slice(0, 2).forEach((path) => rmSync(path)),
    });
    expect(failures).toEqual([
      { input: paths[0], error: expect.stringContaining("cannot be read: ENOENT") },
      { input: paths[1], error: expect.stringContaining("no such file") },
    ]);
    expect(results).toHaveLength(1);
  });

  test("an output whose folder vanishes and cannot be made again", async () => {
    const folder = tempFolder({ "a.ll": text });
    mkdirSync(join(folder, "out"));
    const before = (): void => {
      rmSync(join(folder, "out"), { recursive: true });
      writeFileSync(join(folder, "out"), "a file now");
    };
    const { failures } = await optimize([join(folder, "a.ll")], {
      to: join(folder, "out/a.o"),
      before,
    });
    expect(failures).toEqual([
      { input: join(folder, "a.ll"), error: expect.stringContaining("cannot write") },
    ]);
  });
});

test("optimizeAll begins no module after the signal, and writes none by halves", async () => {
  const folder = tempFolder();
  const { results, failures } = await optimize([programPath("table.c"), programPath("tokens.c")], {
    to: `${folder}/`,
    more: { signal: AbortSignal.abort() },
  });
  expect([results, failures, readdirSync(folder)]).toEqual([[], [], []]);
});

test("optimizeAll keeps the best when interrupted, and writes it", async () => {
  const to = join(tempFolder(), "table.o");
  const controller = new AbortController();
  const { results } = await optimize([programPath("table.c")], {
    to,
    more: {
      compilations: 100_000,
      signal: controller.signal,
      onProgress: (_, { compilations }) => {
        if (compilations < 4 || controller.signal.aborted) return;
        controller.abort();
        pool.interrupt();
      },
    },
  });
  expect(results).toHaveLength(1);
  expect(existsSync(to) && sizeIn(to)).toBe(results[0]?.bytes);
});

test("optimizeAll explains what each step did, ending at the size it reports", async () => {
  const folder = tempFolder({ "table.bc": programBitcode("table.c") });
  const {
    results: [result],
  } = await optimize([join(folder, "table.bc")], { more: { explain: true, compilations: 20 } });
  if (result?.source === "-Oz") return; // nothing to explain
  expect(result?.explanation?.[0]?.step).toBe("(no pass)");
  expect(result?.explanation?.at(-1)?.bytes).toBe(result?.bytes);
});
