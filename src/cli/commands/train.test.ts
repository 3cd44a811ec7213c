/** `llmc train` as a user runs it: the real trainer on a made-up dataset, stopped and continued, to files that llama.cpp reads. */

import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { until } from "../../../test/support/llvm.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import type { Dataset } from "../../dataset/dataset-file.ts";
import { tokenizerHash } from "../../dataset/plan.ts";
import { shardFolderWriter } from "../../dataset/shards.ts";
import { type Stage, mixOf, shardFolder } from "../../dataset/stages.ts";
import { readGgufInfo } from "../../model/gguf-info.ts";
import { makeTokenizer } from "../../tokenizer/encode.ts";
import { parseTokenizer } from "../../tokenizer/file.ts";
import { RECIPE_NAMES } from "../../train/recipes.ts";

const ROOT = join(import.meta.dirname, "../../..");
const TOKENIZER = join(ROOT, "src/tokenizer/golden/tokenizer.json");
const reason = existsSync(join(ROOT, "trainer/.venv/bin/python"))
  ? ""
  : " (skipped: no trainer/.venv; trainer/setup.sh makes it)";

const STAGES: readonly Stage[] = ["pretrain", "tune"];
const CONTEXT = 64;
/** Each of a handful of starts of Python with torch takes seconds, on a busy machine many. */
const LIMIT_MS = 300_000;

/** Texts that count upwards, 40 rows a stage and split. */
function makeDataset(): string {
  const folder = tempFolder();
  const tokenizer = makeTokenizer(parseTokenizer(readFileSync(TOKENIZER, "utf8")));
  for (const stage of STAGES) {
    for (const split of ["train", "valid"] as const) {
      const how = { vocabulary: tokenizer.size, split, mix: "made up" };
      const writer = shardFolderWriter(join(folder, shardFolder(stage, split)), how);
      for (let row = 0; row < 40; row++)
        writer.add({
          row: { stage, teaches: "ir" } as Parameters<typeof writer.add>[0]["row"],
          promptTokens: 10,
          answerTokens: 30,
          toldTokens: [],
          tokens: Uint16Array.from({ length: 40 }, (_, i) => 40 + row + i),
        });
      writer.finish();
    }
  }
  const totals = { rows: 40, tokens: 1600, learned: 1200, leftOut: {} };
  const none = { rows: 0, tokens: 0, learned: 0, leftOut: {} };
  const dataset: Dataset = {
    format: "llmc-dataset",
    version: 1,
    madeBy: "train.test.ts",
    key: "made-up",
    llvm: "22.1.8",
    seed: 0,
    context: CONTEXT,
    tokenizer: { hash: tokenizerHash(tokenizer), tokens: tokenizer.size },
    labels: null,
    modules: { train: 40, valid: 40, test: 0, tooLarge: 0 },
    stages: Object.fromEntries(
      STAGES.map((stage) => [stage, { train: totals, valid: totals, test: none }]),
    ),
    mixes: Object.fromEntries(
      STAGES.map((stage) => [stage, mixOf(stage, new Map(STAGES.map((each) => [each, 1])))]),
    ),
    coreset: ["default<Oz>"],
  };
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(dataset));
  cpSync(TOKENIZER, join(folder, "tokenizer.json"));
  return folder;
}

const stepsIn = (path: string): { step: number; loss: number }[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes('"event": "step"'))
    .map((line) => JSON.parse(line) as { step: number; loss: number });
const steps = (path: string): number[] => stepsIn(path).map(({ step }) => step);
const lossesOf = (path: string): number[] => stepsIn(path).map(({ loss }) => loss);

describe.skipIf(reason !== "")(`llmc train${reason}`, { timeout: LIMIT_MS }, () => {
  test("stops with a checkpoint when it is told to, and goes on to a model when it is started again", async () => {
    const [data, out] = [makeDataset(), join(tempFolder(), "run")];
    const args = ["train", "nano", "--data", data, "--out", out, "--steps-scale", "0.04", "--json"];
    const metrics = join(out, "pretrain/metrics.jsonl");
    const stopped = await llmc(args, {
      onStart: (child) =>
        void until(() => existsSync(metrics) && steps(metrics).length > 0, LIMIT_MS).then(() =>
          child.kill("SIGINT"),
        ),
    });
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      status: "stopped",
      at: "pretrain",
      reason: "interrupted",
    });
    expect(stopped.code).toBe(130);
    expect(readdirSync(join(out, "pretrain/checkpoints")).length).toBeGreaterThan(0);

    const finished = await llmc([...args, "--gguf", "f16,q8_0"]);
    expect(finished.stderr).toContain("pretrain: done, 10 steps");
    expect(finished.code).toBe(0);
    const result = JSON.parse(finished.stdout) as { stages: { validationLoss: number }[] };
    expect(result).toMatchObject({
      status: "finished",
      skipped: ["emulate", "disassemble"],
      stages: [
        { stage: "pretrain", steps: 10 },
        { stage: "tune", steps: 6 },
      ],
    });
    expect(steps(metrics)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1)); // none came twice
    for (const { validationLoss } of result.stages)
      expect(validationLoss).toBeLessThan(Math.log(1024));
    const info = readGgufInfo(join(out, "model-q8_0.gguf"));
    if (info.status !== "ok") throw new Error(info.message);
    expect(Object.fromEntries(info.value.metadata)).toMatchObject({
      "general.name": "nano-tune",
      "llmc.stage": "tune",
      "llmc.dialect": "compact",
      "llama.context_length": CONTEXT,
    });

    const again = await llmc(args);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: "finished", stages: result.stages });
    const other = await llmc([...args, "--seed", "3"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/has "seed" 0, these options give 3; .* another folder/);

    const more = join(tempFolder(), "more");
    const from = join(out, "model-q8_0.gguf");
    const onwards = ["train", "nano", "--data", data, "--out", more, "--steps-scale", "0.01"];
    expect((await llmc([...onwards, "--from", from])).code).toBe(0);
    const firstLoss = (run: string): number =>
      lossesOf(join(run, "pretrain/metrics.jsonl"))[0] ?? Number.NaN;
    expect(firstLoss(more)).toBeLessThan(firstLoss(out));

    const plot = await llmc(["train", "plot", out, "-o", join(out, "loss.svg")]);
    expect(plot.code).toBe(0);
    expect(readFileSync(join(out, "loss.svg"), "utf8")).toContain("<circle");
  });

  test("passes on the trainer's reason when a shard is corrupt", async () => {
    const data = makeDataset();
    const shard = join(data, "shards/pretrain-train/ir-000.tokens");
    writeFileSync(shard, readFileSync(shard).fill(7, 100, 104));
    const out = join(tempFolder(), "run");
    const { code, stderr } = await llmc(["train", "nano", "--data", data, "--out", out]);
    expect(stderr).toMatch(
      /error: pretrain: .*ir-000.tokens: sha256 .* corrupt, copy or make it again/,
    );
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/Traceback/);
  });
});

describe("llmc train", { timeout: LIMIT_MS }, () => {
  test("says what is wanted when the dataset, the tokenizer or the recipe is missing", async () => {
    const data = makeDataset();
    const run = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await llmc(["train", ...args]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await run("tiny")).toMatch(
      /no recipe is called "tiny"; want one of tuner, disassembler, emulator, nano, mini/,
    );
    expect(await run("nano", "--out", "x")).toMatch(/--data is missing/);
    expect(await run("nano", "--data", tempFolder(), "--out", "x")).toMatch(
      /dataset.json: no such file/,
    );
    const from = (path: string): Promise<string> =>
      run("nano", "--data", data, "--out", join(tempFolder(), "run"), "--from", path);
    expect(await from(join(ROOT, "models/tuner-q8_0.gguf"))).toMatch(/has another tokenizer/);
    expect(await from("none.gguf")).toMatch(/none.gguf: no such file or folder/);
    const tokenizer = JSON.parse(readFileSync(TOKENIZER, "utf8")) as {
      model: { merges: unknown[]; vocab: object };
    };
    const [last] = Object.entries(tokenizer.model.vocab).at(-1) ?? [];
    tokenizer.model.merges.pop();
    tokenizer.model.vocab = Object.fromEntries(
      Object.entries(tokenizer.model.vocab).filter(([name]) => name !== last),
    );
    writeFileSync(join(data, "tokenizer.json"), JSON.stringify(tokenizer));
    expect(await run("nano", "--data", data, "--out", "x")).toMatch(
      /is another tokenizer than the dataset's/,
    );
  });

  test("--list shows every recipe", async () => {
    const { code, stdout } = await llmc(["train", "--list", "--json"]);
    expect(code).toBe(0);
    const { recipes } = JSON.parse(stdout) as { recipes: { name: string }[] };
    expect(recipes.map(({ name }) => name)).toEqual(RECIPE_NAMES);
  });
});
