/**
 * The recipes. `nano`, `mini`, `small`, `base` and `large` have all four stages; their steps are split much as the published model's tokens
 * are (56, 20, 12 and 11 %), with more for the smaller models' tasks, and give about 20 tokens a parameter for `base` and `large`. `small` has
 * twice as many and learns its tasks side by side (`replay`), for it is of use after disassembly and must know emulation then.
 *
 * The others are for one task each, for five million parameters do not hold two (LOG.md): `emulator`; `disassembler`, which goes on from
 * emulation, where copying names and numbering values is learned; `tuner` with a tokenizer of its words (`llmc tokenizer train --words`),
 * passing over each row once, for labels are few.
 */

import { STAGES } from "../dataset/stages.ts";
import { type RecipeFacts, type RecipeInput, type RunPlan, planRun } from "./recipe.ts";

/** Short rows: of functions that a small model can get right. */
const ONE_TASK = {
  context: 1536,
  rows: 8,
  microRows: 4,
  learningRate: 3e-3,
  hiddenRate: 0.01,
  laterRate: 0.7,
  replay: 0,
} as const;
const PRETRAINING_STEPS = 200;

const FACTS = {
  nano: {
    size: "nano",
    about: "for tests: minutes on two cores",
    context: 1024,
    rows: 8,
    microRows: 8,
    steps: { pretrain: 240, emulate: 100, disassemble: 120, tune: 150 },
    learningRate: 4e-3,
    hiddenRate: 0.02,
    laterRate: 0.5,
  },
  tuner: {
    size: "nano",
    about: "flag tuning alone: minutes on two cores",
    context: 1024,
    rows: 4,
    microRows: 4,
    steps: { tune: 950 },
    learningRate: 3e-3,
    hiddenRate: 0.02,
    laterRate: 1,
  },
  disassembler: {
    size: "mini",
    about: "disassembly alone, from a model that emulates: four hours of one core",
    ...ONE_TASK,
    steps: { pretrain: PRETRAINING_STEPS, emulate: 700, disassemble: 4430 },
  },
  emulator: {
    size: "mini",
    about: "emulation alone: six hours of one core",
    ...ONE_TASK,
    steps: { pretrain: PRETRAINING_STEPS, emulate: 7360 },
  },
  mini: {
    size: "mini",
    about: "hours of two cores",
    context: 2048,
    rows: 8,
    microRows: 4,
    steps: { pretrain: 600, emulate: 60, disassemble: 180, tune: 300 },
    learningRate: 3e-3,
    hiddenRate: 0.01,
    laterRate: 0.5,
  },
  small: {
    size: "small",
    about: "the largest that a checkout may carry: ten minutes of an H100, or weeks of a CPU",
    context: 2048,
    rows: 128,
    microRows: 4,
    steps: { pretrain: 850, emulate: 550, disassemble: 900, tune: 100 },
    learningRate: 3e-3,
    hiddenRate: 0.01,
    laterRate: 0.7,
    replay: 0.4,
  },
  base: {
    size: "base",
    about: "one GPU",
    context: 4096,
    rows: 64,
    microRows: 8,
    steps: { pretrain: 2500, emulate: 900, disassemble: 500, tune: 600 },
    learningRate: 1.2e-3,
    hiddenRate: 0.008,
    laterRate: 0.5,
  },
  large: {
    size: "large",
    about: "one GPU or several",
    context: 4096,
    rows: 128,
    microRows: 8,
    steps: { pretrain: 2700, emulate: 960, disassemble: 540, tune: 600 },
    learningRate: 8e-4,
    hiddenRate: 0.006,
    laterRate: 0.5,
  },
} as const satisfies Record<string, RecipeFacts>;

export type RecipeName = keyof typeof FACTS;
export const RECIPE_NAMES: readonly RecipeName[] = [
  "tuner",
  "disassembler",
  "emulator",
  "nano",
  "mini",
  "small",
  "base",
  "large",
];

export const RECIPES: Readonly<Record<RecipeName, (input: RecipeInput) => RunPlan>> = {
  tuner: (input) => planRun("tuner", FACTS.tuner, input),
  disassembler: (input) => planRun("disassembler", FACTS.disassembler, input),
  emulator: (input) => planRun("emulator", FACTS.emulator, input),
  nano: (input) => planRun("nano", FACTS.nano, input),
  mini: (input) => planRun("mini", FACTS.mini, input),
  small: (input) => planRun("small", FACTS.small, input),
  base: (input) => planRun("base", FACTS.base, input),
  large: (input) => planRun("large", FACTS.large, input),
};

export interface RecipeSummary {
  readonly name: RecipeName;
  readonly about: string;
  readonly context: number;
  readonly steps: number;
  /** Positions, with padding: steps × rows × context. */
  readonly tokens: number;
  readonly parameters: number;
}

/** With the vocabulary of `vocabulary` tokens. */
export function summaries(vocabulary: number): RecipeSummary[] {
  return RECIPE_NAMES.map((name) => {
    const { about, context, rows, steps, size }: RecipeFacts = FACTS[name];
    const total = STAGES.reduce((sum, stage) => sum + (steps[stage] ?? 0), 0);
    const parameters = parameterCount(size, vocabulary);
    return { name, about, context, steps: total, tokens: total * rows * context, parameters };
  });
}

/** hidden, layers, heads, key-value heads, ffn: SIZES of trainer/config.py, held against it by a test. */
const SHAPES: Readonly<
  Record<RecipeFacts["size"], readonly [number, number, number, number, number]>
> = {
  nano: [64, 4, 4, 2, 192],
  mini: [256, 6, 4, 2, 704],
  small: [384, 8, 6, 2, 1024],
  base: [576, 14, 9, 3, 1536],
  large: [768, 18, 12, 4, 2048],
};

/** With tied embeddings, norms included. */
export function parameterCount(size: RecipeFacts["size"], vocabulary: number): number {
  const [hidden, layers, heads, kvHeads, ffn] = SHAPES[size];
  const layer = 2 * hidden * (hidden / heads) * (heads + kvHeads) + 3 * hidden * ffn + 2 * hidden;
  return layers * layer + hidden * vocabulary + hidden;
}
