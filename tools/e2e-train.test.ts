/** The path of tools/e2e-train.ts, far too short to learn a task: from the sample to a model that `optimize` asks. */

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { tempFolder } from "../test/support/temp.ts";
import { chanceLoss } from "./e2e/chance.ts";

const ROOT = join(import.meta.dirname, "..");
const isReady = existsSync(join(ROOT, "trainer/.venv/bin/python"));
const LIMIT_MS = 400_000;

const result = z.object({
  tasks: z.array(z.object({ task: z.string(), loss: z.number(), guessing: z.number() })),
  stages: z.array(z.object({ stage: z.string(), loss: z.number(), validationLoss: z.number() })),
  used: z.object({ total: z.object({ baselineBytes: z.number(), bytes: z.number() }) }),
});

test.skipIf(!isReady)(
  "e2e-train leads from the sample corpus through all stages to a model in use",
  { timeout: LIMIT_MS },
  async () => {
    const out = tempFolder();
    const small = ["--modules", "6", "--steps-scale", "0.03"];
    const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
      const args = [join(ROOT, "tools/e2e-train.ts"), "--out", out, ...small];
      execFile(process.execPath, args, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, said: stdout + stderr }),
      );
    });
    expect([0, 1], said).toContain(code); // 1: such a short training need not beat guessing
    const { tasks, stages, used } = result.parse(
      JSON.parse(readFileSync(join(out, "e2e-train.json"), "utf8")),
    );
    expect(stages.map(({ stage }) => stage)).toEqual([
      "pretrain",
      "emulate",
      "disassemble",
      "tune",
    ]);
    expect(tasks.map(({ task }) => task)).toEqual(["emulate", "tune", "disassemble"]);
    const untrained = Math.log(2048);
    for (const { loss, validationLoss } of stages) {
      expect(loss).toBeLessThan(untrained);
      expect(validationLoss).toBeLessThan(untrained);
    }
    const shards = (split: string): string => join(out, "data/shards", `tune-${split}`);
    expect(tasks[1]?.guessing).toBeCloseTo(chanceLoss(shards("train"), shards("valid"), 2048), 6);
    expect(used.total.bytes).toBeLessThanOrEqual(used.total.baselineBytes);
  },
);
