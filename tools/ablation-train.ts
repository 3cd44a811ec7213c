/**
 * Models of one size for the ablation (tools/ablation.ts), one after each stage: every size is given the same rows in the same order, as
 * many of each stage, and what the shipped models' recipes have of rates and context. GGUF files are OUT/SIZE-STAGE-f16.gguf.
 *
 *   node tools/ablation-train.ts --size small --data build/data [--out build/ablation-models]
 *
 * A run that was stopped goes on. On one core: `taskset -c 0 node ...`.
 */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readDataset } from "../src/dataset/dataset-file.ts";
import { exportStage } from "../src/train/export.ts";
import { provenanceOf } from "../src/train/provenance.ts";
import { type RecipeFacts, planRun } from "../src/train/recipe.ts";
import { runPlan } from "../src/train/run.ts";
import { ROOT } from "./reproduce/sample.ts";

const SIZES = ["nano", "mini", "small"] as const;
type Size = (typeof SIZES)[number];

/** Steps of 6,144 tokens: 4.5 million in all, an hour of a core for `small`. */
const SAME = {
  about: "",
  context: 1536,
  rows: 4,
  microRows: 4,
  steps: { pretrain: 150, emulate: 280, disassemble: 280, tune: 25 },
  laterRate: 0.7,
} as const;
const RATES: Readonly<Record<Size, { learningRate: number; hiddenRate: number }>> = {
  nano: { learningRate: 4e-3, hiddenRate: 0.02 },
  mini: { learningRate: 3e-3, hiddenRate: 0.01 },
  small: { learningRate: 3e-3, hiddenRate: 0.01 },
};

const { values } = parseArgs({
  options: {
    size: { type: "string" },
    data: { type: "string" },
    out: { type: "string", default: join(ROOT, "build/ablation-models") },
  },
});
const size = SIZES.find((name) => name === values.size);
const data = values.data === undefined ? undefined : resolve(values.data);
const dataset = data === undefined ? undefined : readDataset(data);
if (size === undefined || data === undefined || dataset === undefined) {
  process.stderr.write(
    `want: --size ${SIZES.join("|")} --data DIR, a finished dataset of \`llmc dataset build\`\n`,
  );
  process.exit(2);
}

const facts: RecipeFacts = { size, ...SAME, ...RATES[size] };
const plan = planRun("ablation", facts, {
  data,
  dataset,
  seed: 0,
  stepsScale: 1,
  provenance: await provenanceOf(dataset),
});
const run = { out: join(resolve(values.out), size), trainer: join(ROOT, "trainer") };
const result = await runPlan(plan, {
  ...run,
  tokenizer: readFileSync(join(data, "tokenizer.json"), "utf8"),
  gguf: [],
  variables: process.env,
  onProgress(progress) {
    if (progress.doing === "stage-done") process.stdout.write(`${JSON.stringify(progress)}\n`);
  },
});
if (result.status !== "finished") fail(result);
for (const { stage } of plan.stages) {
  const made = await exportStage(stage, `${run.out}-${stage}`, { ...run, gguf: ["f16"] });
  if (made.status !== "finished") fail(made);
  process.stdout.write(`${made.gguf.join("\n")}\n`);
}

function fail(ended: object): never {
  process.stderr.write(`${JSON.stringify(ended)}\n`);
  process.exit(1);
}
