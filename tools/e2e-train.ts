/**
 * The whole path from a corpus to a model in use, by the commands that users type: tokenizer, labels, dataset, four training
 * stages on `nano`, GGUF, and the model asked. Fails (exit 1) unless the model beats guessing clearly on each task.
 *
 *   node tools/e2e-train.ts [--out build/e2e-train] [--steps-scale 1] [--modules 157] [--time-limit 20m] [--context 1024]
 *
 * `--modules` are those of the training split that get labels and become rows.
 *
 * Steps that are done are not done again: a run that was stopped goes on. Results go to OUT/e2e-train.json.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { writeFileAtomic } from "../src/base/files.ts";
import { STAGES, type Stage } from "../src/dataset/stages.ts";
import { llmc } from "./command.ts";
import { chanceLoss } from "./e2e/chance.ts";
import { ROOT } from "./reproduce/sample.ts";

const SAMPLE = join(ROOT, "test/corpus/sample.parquet");
/** Small, for a model of half a million parameters. */
const VOCABULARY = "2048";
/** Of the loss of guessing: what counts as clearly better. */
const CLEARLY = 0.75;
/** Labelled modules of the other splits, of each as many as there are up to this. */
const OTHERS = 8;
const TASKS: readonly Stage[] = ["emulate", "tune", "disassemble"];

const { values } = parseArgs({
  options: {
    "out": { type: "string", default: join(ROOT, "build/e2e-train") },
    "steps-scale": { type: "string", default: "1" },
    "modules": { type: "string", default: "157" },
    "time-limit": { type: "string", default: "20m" },
    "context": { type: "string", default: "1024" },
  },
});
const out = resolve(values.out);
const at = (name: string): string => join(out, name);

function llmcJson(...args: string[]): unknown {
  process.stderr.write(`\n$ llmc ${args.join(" ")}\n`);
  const text = execFileSync(join(ROOT, "llmc"), args, { stdio: ["ignore", "pipe", 2] });
  return JSON.parse(text.toString());
}

function makeData(): void {
  if (!existsSync(at("tokenizer.json"))) {
    llmc("corpus", "export", at("text"), "-c", SAMPLE, "--as", "ll", "--split", "train");
    llmc("tokenizer", "train", at("text"), "--size", VOCABULARY, "-o", at("tokenizer.json"));
  }
  if (!existsSync(at("labels.parquet"))) {
    const counts = `train=${values.modules},valid=${OTHERS},test=${OTHERS}`;
    const sizes = ["--min-bytes", "0", "--max-bytes", "24000", "--per-package", "40"];
    const search = ["--budget", "4", "--phase", "seed,search"];
    llmc(
      "label",
      "--corpus",
      SAMPLE,
      "--out",
      at("labels"),
      "--count",
      counts,
      ...sizes,
      ...search,
    );
    llmc("label", "merge", at("labels/labels.jsonl"), "-o", at("labels.parquet"));
  }
  const from = ["--corpus", SAMPLE, "--labels", at("labels.parquet")];
  const how = ["--tokenizer", at("tokenizer.json"), "--context", values.context];
  const limit = ["--limit", `${Number(values.modules) + 2 * OTHERS}`];
  llmc("dataset", "build", ...from, ...how, ...limit, "--out", at("data"));
}

const trained = z.object({
  status: z.string(),
  stages: z.array(
    z.object({
      stage: z.enum(STAGES),
      steps: z.number(),
      loss: z.number().optional(),
      validationLoss: z.number().optional(),
    }),
  ),
  gguf: z.array(z.string()),
});

function train(): z.infer<typeof trained> {
  const limits = ["--steps-scale", values["steps-scale"], "--time-limit", values["time-limit"]];
  return trained.parse(
    llmcJson("train", "nano", "--data", at("data"), "--out", at("run"), ...limits, "--json"),
  );
}

interface Row {
  readonly task: Stage;
  readonly loss: number;
  readonly guessing: number;
  readonly isClear: boolean;
}

function judge(stages: z.infer<typeof trained>["stages"]): Row[] {
  const { tokenizer } = z
    .object({ tokenizer: z.object({ tokens: z.number() }) })
    .parse(JSON.parse(readFileSync(at("data/dataset.json"), "utf8")));
  return TASKS.map((task) => {
    const loss = stages.find(({ stage }) => stage === task)?.validationLoss;
    if (loss === undefined)
      throw new Error(`${task}: no validation loss; want rows of its valid split`);
    const folder = (split: string): string => at(`data/shards/${task}-${split}`);
    const guessing = chanceLoss(folder("train"), folder("valid"), tokenizer.tokens);
    return { task, loss, guessing, isClear: loss < CLEARLY * guessing };
  });
}

const optimized = z.object({
  modules: z.array(z.object({ source: z.string(), notes: z.array(z.string()).optional() })),
  total: z.object({ baselineBytes: z.number(), bytes: z.number() }),
});

/** The model asked by a command, on a program that it has not seen. */
function use(gguf: string): z.infer<typeof optimized> {
  const source = join(ROOT, "examples/wavpack/read_words.c");
  return optimized.parse(llmcJson("optimize", source, "--model", gguf, "--budget", "2", "--json"));
}

const started = performance.now();
makeData();
const run = train();
const [gguf] = run.gguf;
if (gguf === undefined) throw new Error("the run wrote no GGUF");
const tasks = judge(run.stages);
const used = use(gguf);
const minutes = (performance.now() - started) / 60_000;
writeFileAtomic(
  at("e2e-train.json"),
  `${JSON.stringify({ tasks, used, stages: run.stages, minutes }, null, 1)}\n`,
);
for (const { task, loss, guessing, isClear } of tasks)
  process.stdout.write(
    `${task.padEnd(12)} ${loss.toFixed(3)} nats a token on unseen packages, guessing ${guessing.toFixed(3)}: ${isClear ? "clearly better" : "NOT clearly better"}\n`,
  );
const { baselineBytes, bytes } = used.total;
process.stdout.write(
  `optimize     ${baselineBytes} B -> ${bytes} B, from ${used.modules[0]?.source}\n`,
);
process.stdout.write(`${minutes.toFixed(1)} minutes\n`);
process.exitCode = tasks.every(({ isClear }) => isClear) && bytes <= baselineBytes ? 0 : 1;
