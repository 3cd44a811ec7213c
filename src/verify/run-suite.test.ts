import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePool, type Pool } from "../llvm/pool.ts";
import { findToolchain } from "../llvm/toolchain.ts";
import { verifyManyLists } from "./many-lists.ts";
import { reduceFailure } from "./reduce.ts";
import { writeReport } from "./report.ts";
import { type Rig, openRig } from "./rig.ts";
import { type PreparedSuite, prepareSuite, verifyPassList } from "./run-suite.ts";
import type { Program, Suite } from "./suite.ts";
import { builtinPrograms } from "./suites/builtin.ts";
import { askedFlags } from "./suites/gcc-torture.ts";

const found = findToolchain("22");
const folder = mkdtempSync(join(tmpdir(), "llmc-suite-"));

/** structurizecfg breaks it; what it computes is printed, so that the exit code stays 0. */
const SWITCH = `#include <stdio.h>
__attribute__((noinline)) static int f(int x) {
  switch (x) { case 0: return 7; case 1: return 3; case 2: return 9; case 3: return 12; case 4: return 5; case 5: return 6; }
  return -1;
}
int main(void) { volatile int n = 7; for (int i = -1; i < n; i++) printf("%d ", f(i)); return 0; }
`;
const FILES: Readonly<Record<string, string>> = {
  "switch.c": SWITCH,
  "plain.c": '// Aims at: nothing.\n#include "one.h"\nint main(void) { return ONE - 1; }\n',
  "fails.c": "int main(void) { return 1; }\n",
  "broken.c": "int main(void) { return }\n",
  "endless.c": "int main(void) { for (volatile int i = 0;; i++) ; }\n",
  "undefined.c": "int main(int n, char **v) { int a = 2147483646 + n; return a + 1 > a; }\n",
  "one.h": "#define ONE 1\n",
  "tries.cc": "int main() { try { throw 3; } catch (int n) { return n - 3; } return 1; }\n",
};

let pool: Pool;
let rig: Rig;
let suite: PreparedSuite;

const asSuite = (programs: readonly Program[]): Suite => ({
  name: "own",
  about: "",
  programs: () => Promise.resolve({ status: "available", programs }),
});

describe.skipIf(found.status !== "found")("a suite", () => {
  beforeAll(async () => {
    if (found.status !== "found") return;
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    pool = makePool(found.toolchain, 1);
    const opened = await openRig({
      toolchain: found.toolchain,
      llvmVersion: await pool.llvmVersion(),
      cache: join(folder, "cache"),
    });
    if (opened instanceof Error) throw opened;
    rig = opened;
    const programs = builtinPrograms(folder).map((program) =>
      Object.assign(program, { timeLimitSeconds: 1 }),
    );
    const prepared = await prepareSuite(pool, asSuite(programs), {
      rig,
      context: { count: 0, seed: 0 },
    });
    if ("unavailable" in prepared) throw new Error(prepared.unavailable);
    suite = prepared;
  });

  afterAll(() => {
    pool?.close();
    rig?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("prepareSuite leaves out what shows nothing, with the reason", () => {
    expect(suite.programs.map(({ program }) => program.name)).toEqual([
      "plain.c",
      "switch.c",
      "tries.cc",
    ]);
    const why = Object.fromEntries(
      suite.leftOut.map(({ program, why: reason }) => [program, reason]),
    );
    expect(why["fails.c"]).toBe("at -O0: exits with 1");
    expect(why["broken.c"]).toMatch(/does not compile: .*expected expression/);
    expect(why["endless.c"]).toBe("at -O0: does not end in time");
    expect(why["undefined.c"]).toMatch(/default<Oz> too|default<Oz>: .*undefined behaviour/);
  });

  test("prepareSuite says why when the suite cannot be had", async () => {
    const none: Suite = {
      name: "none",
      about: "",
      programs: () => Promise.resolve({ status: "unavailable", why: "gone" }),
    };
    expect(await prepareSuite(pool, none, { rig, context: { count: 0, seed: 0 } })).toEqual({
      unavailable: "gone",
    });
  });

  test("verifyPassList finds a harmless list correct, and runs nothing the second time", async () => {
    const first = await verifyPassList(pool, "function(sroa),globaldce", suite, { rig });
    expect(first).toMatchObject({ suite: "own", run: 3, correct: 3, wrong: [], undecided: [] });
    expect(first.executed).toBeGreaterThan(0);
    expect(await verifyPassList(pool, "function(sroa),globaldce", suite, { rig })).toMatchObject({
      correct: 3,
      executed: 0,
    });
  });

  test("verifyPassList names the program that a miscompiling list breaks", async () => {
    const { correct, wrong } = await verifyPassList(pool, "function(structurizecfg)", suite, {
      rig,
    });
    expect(correct).toBe(2);
    expect(wrong.map(({ program }) => program)).toEqual(["switch.c"]);
    expect(wrong[0]?.counterexample).toMatch(/want/);
  });

  test("verifyPassList calls a list that crashes LLVM undecided, never correct", async () => {
    const { correct, undecided } = await verifyPassList(pool, "trigger-crash-module", suite, {
      rig,
    });
    expect(correct).toBe(0);
    expect(undecided).toHaveLength(3);
    expect(undecided[0]).toMatchObject({ program: "plain.c", outcome: "crashed" });
  });

  test("verifyPassList gives a list up after maxFailures", async () => {
    const { run } = await verifyPassList(pool, "trigger-crash-module", suite, {
      rig,
      maxFailures: 1,
      lanes: 1,
    });
    expect(run).toBe(1);
  });

  test("verifyPassList stops when interrupted and counts nothing that it did not see", async () => {
    const { run } = await verifyPassList(pool, "function(sroa)", suite, {
      rig,
      signal: AbortSignal.abort(),
    });
    expect(run).toBe(0);
  });

  test("verifyManyLists takes what its journal knows", async () => {
    const lists = ["function(sroa)", "function(structurizecfg)"];
    const options = { rig, journal: join(folder, "journal.jsonl"), chunk: 8 };
    const rows = await verifyManyLists(pool, lists, [suite], options);
    expect(rows.map(({ reports }) => reports[0]?.wrong.length)).toEqual([0, 1]);
    const before = readFileSync(options.journal, "utf8");
    expect(await verifyManyLists(pool, lists, [suite], options)).toEqual(rows);
    expect(readFileSync(options.journal, "utf8")).toBe(before);
  });

  test("reduceFailure finds the pass that is to blame, and writeReport tells how to see it", async () => {
    const ready = suite.programs.find(({ program }) => program.name === "switch.c");
    if (ready === undefined) throw new Error("switch.c was left out");
    const passes = "globaldce,function(sroa,structurizecfg,dce),mergefunc";
    const reduced = await reduceFailure(pool, rig, ready, { passes });
    expect(reduced?.passes).toMatch(/^function\((?:sroa,)?structurizecfg\)$/);
    if (reduced === undefined) return;
    writeReport(join(folder, "report"), reduced, rig);
    expect(readFileSync(join(folder, "report", "report.md"), "utf8")).toContain("structurizecfg");
    expect(readFileSync(join(folder, "report", "reproduce.sh"), "utf8")).toContain(reduced.passes);
  });

  test("reduceFailure gives nothing when the list does not fail", async () => {
    const [ready] = suite.programs;
    expect(
      ready && (await reduceFailure(pool, rig, ready, { passes: "function(sroa)" })),
    ).toBeUndefined();
  });
});

test("askedFlags heeds what a torture test needs and nothing about GCC itself", () => {
  expect(
    askedFlags(
      '/* { dg-options "-fwrapv -O2 -ftree-vrp" } */\n/* { dg-additional-options "-fno-strict-aliasing" } */',
    ),
  ).toEqual(["-fwrapv", "-fno-strict-aliasing"]);
});
