/** What LLVM, the kernel or a user can do to a worker, and that the pool answers rightly afterwards. */
/* oxlint-disable vitest/no-standalone-expect -- hooks check what every test here ends with */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  childrenOf,
  isAlive,
  load,
  programBitcode,
  toolchain,
  until,
  value,
} from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { Measurement } from "./protocol.ts";
import { type LoadedModule, type Pool, makePool } from "./pool.ts";

const OZ = "default<Oz>";
const bitcode = programBitcode("tokens.c");
/** Some ten minutes of work in one step. */
const ENDLESS = Array.from({ length: 10_000 }, () => "default<O3>").join(",");

let pool: Pool;
let module: LoadedModule;
let wanted: Measurement;
let before: number[];
beforeEach(async () => {
  before = childrenOf(process.pid);
  pool = makePool(toolchain, 1);
  module = await load(pool, bitcode);
  wanted = value(await pool.measure(module, [OZ], { fresh: true }));
});
afterEach(async () => {
  pool.close();
  expect(await until(() => workers().length === 0), "workers are gone after close").toBe(true);
});
const workers = (): number[] => childrenOf(process.pid).filter((pid) => !before.includes(pid));

describe("the pool answers rightly after", () => {
  afterEach(async () => {
    expect(value(await pool.measure(module, [OZ], { fresh: true }))).toEqual(wanted);
    expect(value(await pool.measure(module, [OZ], { fresh: false })).sections).toEqual(
      wanted.sections,
    );
    expect(workers()).toHaveLength(1);
  });

  test.each([
    ["a segmentation fault", "function(codegenprepare)", /SIGSEGV/],
    ["an abort", "trigger-crash-module", /SIGABRT/],
    ["a fatal error", "function-import", /LLVM ERROR: .*-function-import requires -summary-file/],
  ])("%s, staged and fresh", async (_, passes, message) => {
    for (const fresh of [true, false]) {
      const outcome = await pool.measure(module, [passes], { fresh });
      expect(outcome).toEqual({ status: "crashed", message: expect.stringMatching(message) });
    }
    expect(await pool.emit(module, passes, "ir")).toMatchObject({ status: "crashed" });
  });

  test("an exit that LLVM asked for", async () => {
    const text =
      'target triple = "x86_64-pc-linux-gnu"\ndefine void @f() "target-cpu"="i386" {\n  ret void\n}';
    const outcome = await pool.measure(await load(pool, text), [OZ], { fresh: true });
    expect(outcome).toEqual({
      status: "crashed",
      message: expect.stringMatching(/64-bit code requested/),
    });
  });

  test("a pass list that does not end in time", async () => {
    for (const fresh of [true, false]) {
      const outcome = await pool.measure(module, [ENDLESS], { fresh, timeoutMs: 200 });
      expect(outcome).toEqual({ status: "timeout", message: "gave no answer within 0.2 s" });
    }
  });

  test("a module that takes more memory than allowed", async () => {
    const big = await load(
      pool,
      "@a = global { i8, [1500000000 x i8] } { i8 1, [1500000000 x i8] zeroinitializer }",
    );
    const outcome = await pool.measure(big, [], { fresh: true, memoryBytes: 400 * 2 ** 20 });
    expect(outcome).toEqual({ status: "oom", message: "took more than 400 MiB of memory" });
  });

  test("a SIGKILL from outside in the middle of a request", async () => {
    const running = pool.measure(module, [ENDLESS], { fresh: false, timeoutMs: 60_000 });
    for (const pid of workers()) process.kill(pid, "SIGKILL");
    expect(await running).toEqual({ status: "crashed", message: "LLVM died of SIGKILL" });
  });

  test("a SIGKILL between two requests", async () => {
    for (const pid of workers()) process.kill(pid, "SIGKILL");
    const next = await pool.measure(module, [OZ], { fresh: true });
    expect(["ok", "crashed"]).toContain(next.status); // the pool may not have heard of the death yet
  });

  test("interrupt, which drops running and waiting searches and nothing else", async () => {
    const slow = [1, 2, 3].map(() =>
      pool.measure(module, [ENDLESS], { fresh: false, timeoutMs: 60_000 }),
    );
    const kept = [pool.measure(module, [OZ], { fresh: true }), pool.emit(module, OZ, "object")];
    pool.interrupt();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([
      "crashed",
      "crashed",
      "crashed",
    ]);
    expect((await Promise.all(kept)).map(({ status }) => status)).toEqual(["ok", "ok"]);
  });
});

test("close ends running, waiting and later requests, and starts no worker again", async () => {
  const requests = [1, 2, 3, 4].map(() =>
    pool.measure(module, [ENDLESS], { fresh: false, timeoutMs: 60_000 }),
  );
  pool.close();
  expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(
    Array(4).fill("crashed"),
  );
  expect(await pool.measure(module, [OZ], { fresh: true })).toEqual({
    status: "crashed",
    message: "not done: the pool is closed",
  });
  expect(await until(() => workers().length === 0)).toBe(true);
});

test("unload drops what waits for the module", async () => {
  const requests = [1, 2].map(() =>
    pool.measure(module, [ENDLESS], { fresh: false, timeoutMs: 1000 }),
  );
  pool.unload(module);
  expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(["timeout", "crashed"]);
});

test("a worker that hangs inside LLVM dies with its parent", async () => {
  const source = join(import.meta.dirname, "..", "llvm");
  const folder = tempFolder({
    "m.bc": bitcode,
    "hang.ts": `
      import { readFileSync } from "node:fs";
      import { makePool } from ${JSON.stringify(join(source, "pool.ts"))};
      const pool = makePool(${JSON.stringify(toolchain)}, 1);
      const loaded = await pool.load(readFileSync(${JSON.stringify("m.bc")}), "m");
      const running = pool.measure(loaded.value, [${JSON.stringify(ENDLESS)}], { fresh: true, timeoutMs: 60_000 });
      setTimeout(() => process.stdout.write("hangs"), 200);
      await running;
    `,
  });
  const parent = spawn(process.execPath, ["hang.ts"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  const [worker] = childrenOf(parent.pid ?? 0);
  expect(worker === undefined ? false : isAlive(worker)).toBe(true);
  parent.kill("SIGKILL");
  expect(await until(() => !isAlive(worker ?? 0))).toBe(true);
});

test("a library that is no LLVM makes requests fail and llvmVersion throw with what doctor is for", async () => {
  const library = join(tempFolder({ "libLLVM.so.22.1": "no library" }), "libLLVM.so.22.1");
  using broken = makePool({ ...toolchain, library }, 1);
  expect(await broken.load(bitcode, "m")).toMatchObject({
    status: "crashed",
    message: expect.stringContaining("llmc doctor"),
  });
  await expect(broken.llvmVersion()).rejects.toThrow(/llmc doctor/);
});

test("workers stay small over 1,500 evaluations", async () => {
  const MAX_GROWTH_BYTES = 150 * 2 ** 20; // V8 takes some 60 MB before it first collects
  const lists = [
    "default<Oz>",
    "mergefunc",
    "function(sroa)",
    "globaldce",
    "function(sroa,simplifycfg)",
  ];
  module = await load(pool, "define i32 @f(i32 %x) {\n  %y = mul i32 %x, 8\n  ret i32 %y\n}\n");
  await pool.measure(module, [OZ], { fresh: true });
  const start = pool.residentBytes();
  for (let i = 0; i < 300; i++) {
    await Promise.all(lists.map((list) => pool.measure(module, [list], { fresh: true })));
  }
  expect(pool.residentBytes() - start).toBeLessThan(MAX_GROWTH_BYTES);
  expect(start).toBeGreaterThan(20 * 2 ** 20);
}, 180_000);
