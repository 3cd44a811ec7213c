import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { load, programBitcode, testPool, tool, value } from "../../test/support/llvm.ts";
import { cutModule } from "./cut.ts";
import { cutFunction, fitModule, type Group } from "./fit.ts";
import { excerpt, cutPoints } from "./excerpt.ts";
import { readIr } from "./ir-text.ts";

const BUILTIN = join(import.meta.dirname, "../verify/suites/builtin");
const pool = testPool();

async function normal(bitcode: Uint8Array): Promise<string> {
  const module = await load(pool, bitcode);
  const { text } = value(await pool.normalize(module));
  pool.unload(module);
  return text;
}

/** Throws where LLVM does not take the text. */
async function functionsOf(text: string): Promise<string[]> {
  const module = await load(pool, text);
  const { functions } = value(await pool.normalize(module));
  pool.unload(module);
  return functions.map(({ name }) => `@${name}`);
}

const builtin = (name: string, flags: readonly string[]): Buffer =>
  tool(name.endsWith(".c") ? "clang" : "clang++", [
    ...flags,
    "-emit-llvm",
    "-c",
    "-o",
    "-",
    join(BUILTIN, name),
  ]);

const UNOPTIMISED = ["-Oz", "-Xclang", "-disable-llvm-passes"];
const OPTIMISED = ["-O2"];

/** What each is here for: block addresses, aliases, TLS, exceptions, inline assembly, comdats, phis, virtual tables. */
const MODULES: [name: string, flags: string[]][] = [
  ["computed-goto.c", UNOPTIMISED],
  ["weak-and-alias.c", UNOPTIMISED],
  ["thread-local.c", UNOPTIMISED],
  ["inline-assembly.c", UNOPTIMISED],
  ["bytecode-interpreter.c", OPTIMISED],
  ["computed-goto.c", OPTIMISED],
  ["exceptions-nested.cc", UNOPTIMISED],
  ["exceptions-nested.cc", OPTIMISED],
  ["virtual-inheritance.cc", OPTIMISED],
];

const countTokens = (text: string): number => Math.ceil(text.length / 3);

function groupsOf(ir: string, maxTokens: number): readonly Group[] {
  const fit = fitModule(ir, { maxTokens, countTokens });
  return fit.kind === "groups" ? fit.groups : [];
}

describe("fitModule", () => {
  test.each(MODULES)("cuts %s %j into groups that LLVM takes", async (name, flags) => {
    const ir = await normal(builtin(name, flags));
    const symbols = [...readIr(ir).functions.keys()];
    for (const share of [2, 10]) {
      const maxTokens = Math.ceil(countTokens(ir) / share);
      const groups = groupsOf(ir, maxTokens);
      expect(groups.length).toBeGreaterThan(1);
      expect(groups.flatMap(({ functions }) => functions)).toEqual(symbols);
      for (const group of groups) {
        expect(await functionsOf(group.text), group.text).toHaveLength(group.functions.length);
        if (group.state !== "too long") expect(group.tokens).toBeLessThanOrEqual(maxTokens);
      }
    }
  });

  test("gives a module that fits as it is", async () => {
    const ir = await normal(programBitcode("table.c"));
    const tokens = countTokens(ir);
    expect(fitModule(ir, { maxTokens: tokens, countTokens })).toEqual({
      kind: "module",
      text: ir,
      tokens,
    });
  });

  test("fills groups: no group takes the next one's first function too", async () => {
    const ir = await normal(programBitcode("shapes.cpp"));
    const maxTokens = Math.ceil(countTokens(ir) / 3);
    const groups = groupsOf(ir, maxTokens).filter(({ state }) => state === "whole");
    expect(groups.length).toBeGreaterThan(1);
    for (const [index, { tokens }] of groups.entries()) {
      const next = groups[index + 1]?.functions[0];
      const more = next === undefined ? "" : (cutFunction(ir, next) ?? "");
      if (next !== undefined) expect(tokens + countTokens(more)).toBeGreaterThan(maxTokens);
    }
  });

  test("marks what fits in no way", async () => {
    const ir = await normal(programBitcode("table.c"));
    const groups = groupsOf(ir, 10);
    expect(new Set(groups.map(({ state }) => state))).toEqual(new Set(["too long"]));
    expect(groups).toHaveLength(readIr(ir).functions.size);
  });
});

test.each(MODULES.slice(4))(
  "excerpt of %s %j is IR wherever it may be cut",
  async (name, flags) => {
    const ir = await normal(builtin(name, flags));
    const module = readIr(ir);
    const [symbol = "", lines = []] =
      [...module.functions].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
    const points = cutPoints(lines);
    expect(points.length).toBeGreaterThan(10);
    const step = Math.ceil(points.length / 12);
    for (const count of points.filter((_, index) => index % step === 0)) {
      const text = cutModule(module, new Map([[symbol, excerpt(lines, count)]]));
      expect(await functionsOf(text), text).toEqual([symbol]);
    }
  },
);

test("excerpt ends blocks that lead out, and takes from phis what is gone", () => {
  const lines = [
    "define i32 @f(i32 %0) {",
    "br label %2",
    "2:",
    "%3 = phi i32 [ %0, %1 ], [ %6, %5 ]",
    "%4 = icmp eq i32 %3, 0",
    "br i1 %4, label %7, label %5",
    "5:",
    "%6 = add i32 %3, 1",
    "br label %2",
    "7:",
    "ret i32 %3",
    "}",
  ];
  const phi = "%3 = phi i32 [ %0, %1 ]";
  expect(cutPoints(lines)).toEqual([2, 3, 4, 6, 7, 9]);
  const stubs = ["5:", "unreachable", "7:", "unreachable", "}"];
  expect(excerpt(lines, 6)).toEqual([...lines.slice(0, 3), phi, ...lines.slice(4, 6), ...stubs]);
  expect(excerpt(lines, 7)).toEqual(excerpt(lines, 6));
  expect(excerpt(lines, 9)).toEqual([...lines.slice(0, 9), "7:", "unreachable", "}"]);
});

describe("cutFunction", () => {
  test("keeps string literals, declares callees and other globals, drops the rest", async () => {
    const ir = readFileSync(join(import.meta.dirname, "golden/cut.ll"), "utf8");
    const cut = readFileSync(join(import.meta.dirname, "golden/cut-f.ll"), "utf8");
    expect(cutFunction(ir, "@f")).toBe(cut);
    expect(await functionsOf(ir)).toEqual(["@f", "@h", "@apart"]);
    expect(await functionsOf(cut)).toEqual(["@f"]);
  });

  test("of a function that is not there is undefined", () => {
    expect(cutFunction("declare void @f()\n", "@f")).toBeUndefined();
  });
});
