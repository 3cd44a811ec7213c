/** Replays every kept failure: see src/verify/regression.ts for what a case is. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Pool, makePool } from "../../src/llvm/pool.ts";
import { findToolchain } from "../../src/llvm/toolchain.ts";
import { checkPassList } from "../../src/passes/check.ts";
import { registryFor } from "../../src/passes/registry.ts";
import { prepareProgram } from "../../src/verify/program.ts";
import { type Regression, readRegressions } from "../../src/verify/regression.ts";
import { type Rig, openRig } from "../../src/verify/rig.ts";
import { tryList } from "../../src/verify/run-suite.ts";

const found = findToolchain("22");
const regressions = readRegressions(import.meta.dirname);
const cache = mkdtempSync(join(tmpdir(), "llmc-regress-"));
let pool: Pool;
let rig: Rig;

beforeAll(async () => {
  if (found.status !== "found") return;
  pool = makePool(found.toolchain, 1);
  const opened = await openRig({ toolchain: found.toolchain, llvmVersion: await pool.llvmVersion(), cache });
  if (opened instanceof Error) throw opened;
  rig = opened;
});

afterAll(() => {
  pool?.close();
  rig?.[Symbol.dispose]();
  rmSync(cache, { recursive: true, force: true });
});

const verdictOf = async ({ program, passes }: Regression): Promise<string> => {
  const prepared = await prepareProgram(rig, program);
  if (prepared.status === "left-out") return prepared.why;
  const loaded = await pool.load(prepared.ready.bitcode, program.name);
  if (loaded.status !== "ok") return loaded.message;
  const { verdict } = await tryList(pool, { ready: prepared.ready, module: loaded.value }, { rig, passes });
  pool.unload(loaded.value);
  return verdict.status;
};

describe.skipIf(found.status !== "found")("kept failures", () => {
  test.each(regressions.filter(({ expected }) => expected === "refused"))(
    "check refuses $name, which still fails", async (regression) => {
      expect(checkPassList(regression.passes, registryFor(22)).ok).toBe(false);
      expect(await verdictOf(regression)).toBe("wrong");
    });

  test.each(regressions.filter(({ expected }) => expected === "correct"))(
    "LLVM compiles $name right", async (regression) => {
      expect(await verdictOf(regression)).toBe("correct");
    });

  test("there is at least one, so that the replay is known to work", () => {
    expect(regressions.length).toBeGreaterThan(0);
  });
});
