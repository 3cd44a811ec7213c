import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../dataset/dataset-file.ts";
import { STAGES, type Stage, mixOf } from "../dataset/stages.ts";
import { RECIPES, RECIPE_NAMES, parameterCount, summaries } from "./recipes.ts";

function madeUp(stages: readonly Stage[]): Dataset {
  const totals = (rows: number) => ({ rows, tokens: 10 * rows, learned: 5 * rows, leftOut: {} });
  const learned = new Map(stages.map((stage) => [stage, 0.5]));
  return {
    format: "llmc-dataset",
    version: 1,
    madeBy: "test",
    key: "k",
    llvm: "22.1.8",
    seed: 0,
    context: 512,
    tokenizer: { hash: "t", tokens: 1001 },
    labels: null,
    modules: { train: 1, valid: 1, test: 0, tooLarge: 0 },
    stages: Object.fromEntries(
      stages.map((stage) => [
        stage,
        { train: totals(9), valid: totals(stage === "tune" ? 0 : 2), test: totals(0) },
      ]),
    ),
    mixes: Object.fromEntries(stages.map((stage) => [stage, mixOf(stage, learned)])),
    coreset: [],
  };
}

const input = (stages: readonly Stage[], stepsScale = 1) => ({
  data: "/data",
  dataset: madeUp(stages),
  seed: 5,
  stepsScale,
  provenance: { "llmc.dialect": "compact" },
});

const JOINT = ["nano", "mini", "small", "base", "large"] as const;
const ONE_TASK = [
  ["tuner", ["tune"]],
  ["disassembler", ["pretrain", "emulate", "disassemble"]],
  ["emulator", ["pretrain", "emulate"]],
] as const;

describe.each(JOINT)("RECIPES.%s", (name) => {
  test("starts each stage from the one before when all have rows", () => {
    const { stages, skipped } = RECIPES[name](input(STAGES));
    expect(stages.map(({ stage }) => stage)).toEqual(STAGES);
    expect(skipped).toEqual([]);
    expect(stages[0]?.config.init_from).toBeUndefined();
    for (const [index, { config }] of stages.slice(1).entries()) {
      expect(config.init_from).toBe(`../${stages[index]?.stage}`);
    }
  });

  test("gives each later stage 15 % of the earlier ones, small 40 %", () => {
    for (const { stage, config } of RECIPES[name](input(STAGES)).stages.slice(1)) {
      const data = config.stages[0]?.data ?? [];
      const own = data.filter(({ folder }) => folder === `/data/shards/${stage}-train`);
      const sum = (of: typeof data): number => of.reduce((total, { weight }) => total + weight, 0);
      expect(data.length).toBe(1 + STAGES.indexOf(stage));
      expect(1 - sum(own) / sum(data)).toBeCloseTo(name === "small" ? 0.4 : 0.15);
    }
  });

  test("leaves out a stage and starts the next from the one before when the dataset has no rows for it", () => {
    const { stages, skipped } = RECIPES[name](input(["pretrain", "disassemble"]));
    expect(skipped).toEqual(["emulate", "tune"]);
    expect(stages[1]?.config.init_from).toBe("../pretrain");
  });

  test("validates on the stage's own unseen rows when there are some", () => {
    const { stages } = RECIPES[name](input(STAGES));
    const validated = stages.flatMap(({ config }) => config.validation?.data ?? []);
    expect(validated.map(({ folder }) => folder)).toEqual([
      "/data/shards/pretrain-valid",
      "/data/shards/emulate-valid",
      "/data/shards/disassemble-valid",
    ]);
  });
});

test("RECIPES.emulator starts its first stage from the run's weights at the rates of a later stage when it goes on", () => {
  const rows = ["emulate"] as const;
  const [fresh] = RECIPES.emulator(input(rows)).stages;
  const [more] = RECIPES.emulator({ ...input(rows), isContinued: true }).stages;
  expect(more?.stage).toBe("emulate");
  expect([fresh?.config.init_from, more?.config.init_from]).toEqual([undefined, "../from"]);
  const rates = [fresh, more].map((stage) => stage?.config.optimizer.learning_rate ?? 0);
  expect(rates[1]).toBeCloseTo(0.7 * (rates[0] ?? 0));
});

test.each(ONE_TASK)(
  "RECIPES.%s has the stages of its task alone and replays nothing, whatever the dataset has",
  (name, wanted) => {
    const { stages, skipped } = RECIPES[name](input(STAGES));
    expect(stages.map(({ stage }) => stage)).toEqual(wanted);
    expect(skipped).toEqual([]);
    for (const [index, { stage, config }] of stages.entries()) {
      const before = stages[index - 1]?.stage;
      expect(config.init_from).toBe(before && `../${before}`);
      expect(config.stages[0]?.data.map(({ folder }) => folder)).toEqual([
        `/data/shards/${stage}-train`,
      ]);
    }
    expect(RECIPES[name](input([]))).toMatchObject({ stages: [], skipped: wanted });
  },
);

test("RECIPES.nano fits the dataset's context and tokenizer, scales steps and keeps what a model is made of", () => {
  const [first] = RECIPES.nano(input(STAGES, 0.01)).stages;
  const { steps } = RECIPES.nano(input(STAGES)).stages[0] ?? { steps: 0 };
  expect(first?.steps).toBe(Math.round(steps / 100));
  expect(first?.config.model).toEqual({ size: "nano", context: 512, vocabulary: 1024 });
  expect(first?.config.provenance).toEqual({
    "llmc.dialect": "compact",
    "llmc.stage": "pretrain",
    "recipe": "nano",
    "seed": 5,
    "dataset": "k",
  });
});

test("parameterCount is of the shapes that trainer/config.py has", () => {
  const source = readFileSync(join(import.meta.dirname, "../../trainer/config.py"), "utf8");
  for (const name of ["nano", "mini", "small", "base", "large"] as const) {
    const [, shape = ""] = new RegExp(`"${name}": Shape\\((.*?)\\),`).exec(source) ?? [];
    const [d = 0, layers = 0, heads = 0, kv = 0, ffn = 0] = shape.split(",").map(Number);
    const e = d / heads;
    const layer = d * heads * e * 2 + d * kv * e * 2 + d * ffn * 3 + 2 * d;
    expect(parameterCount(name, 1000)).toBe(layers * layer + 1000 * d + d);
  }
});

test("summaries give more tokens and parameters from recipe to recipe of all stages", () => {
  const all = summaries(16_384);
  expect(all.map(({ name }) => name)).toEqual(RECIPE_NAMES);
  expect(RECIPE_NAMES.toSorted()).toEqual([...JOINT, ...ONE_TASK.map(([name]) => name)].toSorted());
  const isRising = (values: readonly number[]): boolean =>
    values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));
  const joint = all.filter(({ name }) => JOINT.some((one) => one === name));
  expect(isRising(joint.map(({ tokens }) => tokens))).toBe(true);
  expect(isRising(joint.map(({ parameters }) => parameters))).toBe(true);
});
