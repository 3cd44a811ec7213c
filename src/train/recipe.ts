/**
 * A recipe: a function that gives the complete configuration of a run, one run.json for each of the four stages. A stage starts
 * from the weights of the one before, with an optimiser and a schedule of its own, as the published recipe does; the mix of
 * each stage, replay and all, is the dataset's (dataset/stages.ts).
 */

import { type Dataset } from "../dataset/dataset-file.ts";
import { STAGES, type Stage, learnedShares, mixOf, shardFolder } from "../dataset/stages.ts";
import type { DataSource, RunConfig, SizeName } from "./run-config.ts";
import { START } from "./start.ts";

export interface RecipeInput {
  /** The dataset's folder, absolute. */
  readonly data: string;
  readonly dataset: Dataset;
  readonly seed: number;
  /** All numbers of steps are multiplied by this. */
  readonly stepsScale: number;
  /** Whether the first stage goes on from the weights in FOLDER/from (start.ts) instead of from nothing. */
  readonly isContinued?: boolean;
  /** Copied into checkpoints and exports. */
  readonly provenance: Readonly<Record<string, string | number>>;
}

export interface StageRun {
  readonly stage: Stage;
  readonly steps: number;
  /** Goes to FOLDER/STAGE/run.json. */
  readonly config: RunConfig;
}

export interface RunPlan {
  readonly recipe: string;
  readonly stages: readonly StageRun[];
  /** Stages of the recipe that the dataset has no training rows for. */
  readonly skipped: readonly Stage[];
}

/** What a recipe decides. */
export interface RecipeFacts {
  readonly size: SizeName;
  readonly about: string;
  /** Tokens of a row; less where the dataset's rows are shorter. */
  readonly context: number;
  readonly rows: number;
  readonly microRows: number;
  /** Of the stages that it has. */
  readonly steps: Readonly<Partial<Record<Stage, number>>>;
  /** Of embeddings and norms, which AdamW trains. */
  readonly learningRate: number;
  /** Of the hidden matrices, which Muon trains. */
  readonly hiddenRate: number;
  /** Of both rates, in the stages after the first. */
  readonly laterRate: number;
  /** Of what a later stage learns, that of the earlier ones; the dataset's where it is not said. */
  readonly replay?: number;
}

/** Vocabularies are filled up to a multiple of this, for even matrices; ids above the tokenizer's are never seen. */
const VOCABULARY_MULTIPLE = 32;
const WARMUP_SHARE = 0.02;
const EVALUATIONS_A_STAGE = 10;
const CHECKPOINTS_A_STAGE = 10;
const VALIDATION_ROWS = 32;

/** All stages of the recipe that the dataset has rows for, in order. */
export function planRun(recipe: string, facts: RecipeFacts, input: RecipeInput): RunPlan {
  const wanted = STAGES.flatMap((stage) => {
    const steps = facts.steps[stage];
    return steps === undefined ? [] : { stage, steps: scaledSteps(steps, input.stepsScale) };
  });
  const has = (stage: Stage): boolean => (input.dataset.mixes[stage]?.length ?? 0) > 0;
  const available = wanted.filter(({ stage }) => has(stage));
  const stages = available.map(({ stage, steps }, index): StageRun => {
    const from = available[index - 1]?.stage ?? (input.isContinued === true ? START : undefined);
    return { stage, steps, config: stageConfig({ recipe, stage, steps, from }, facts, input) };
  });
  return { recipe, stages, skipped: wanted.flatMap(({ stage }) => (has(stage) ? [] : stage)) };
}

const scaledSteps = (steps: number, scale: number): number =>
  Math.max(1, Math.round(steps * scale));

interface StageFacts {
  readonly recipe: string;
  readonly stage: Stage;
  readonly steps: number;
  /** The folder, beside this stage's, whose weights it starts from: of the stage before, or START. */
  readonly from: Stage | typeof START | undefined;
}

function stageConfig(
  { recipe, stage, steps, from }: StageFacts,
  facts: RecipeFacts,
  input: RecipeInput,
): RunConfig {
  const { data, dataset, seed, provenance } = input;
  // What a recipe never taught is not forgotten.
  const taught = [...learnedShares(dataset.stages)].filter(([name]) => facts.steps[name]);
  const mix = mixOf(stage, new Map(taught), facts.replay).map(
    ({ folder, weight, long_documents }) => ({
      folder: `${data}/${folder}`,
      weight,
      long_documents,
    }),
  );
  const validation = validationData(input, stage);
  const rate = from ? facts.laterRate : 1;
  return {
    name: `${recipe}-${stage}`,
    out: ".",
    model: {
      size: facts.size,
      context: Math.min(facts.context, dataset.context),
      vocabulary: Math.ceil(dataset.tokenizer.tokens / VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE,
    },
    stages: [{ name: stage, steps, data: mix }],
    batch: { rows: facts.rows, micro_rows: facts.microRows },
    seed: seed + STAGES.indexOf(stage), // replayed rows come in another order than before
    ...(validation.length > 0 && {
      validation: {
        data: validation,
        every: share(steps, EVALUATIONS_A_STAGE),
        rows: VALIDATION_ROWS,
      },
    }),
    optimizer: {
      name: "muon",
      learning_rate: facts.learningRate * rate,
      muon_learning_rate: facts.hiddenRate * rate,
    },
    schedule: { name: "cosine", warmup: Math.ceil(steps * WARMUP_SHARE) },
    checkpoint: { every: share(steps, CHECKPOINTS_A_STAGE), keep: 2 },
    ...(from && { init_from: `../${from}` }),
    provenance: { ...provenance, recipe, seed, "llmc.stage": stage, "dataset": dataset.key },
  };
}

const share = (steps: number, parts: number): number => Math.max(1, Math.ceil(steps / parts));

/** The stage's own rows of packages that training has not seen; none where there are none. */
function validationData({ data, dataset }: RecipeInput, stage: Stage): DataSource[] {
  if ((dataset.stages[stage]?.valid.rows ?? 0) === 0) return [];
  const long = stage === "pretrain" ? "split" : "drop";
  return [{ folder: `${data}/${shardFolder(stage, "valid")}`, weight: 1, long_documents: long }];
}
