/**
 * A whole run: the stages one after the other, then the model's files. All state is in the run's folder, so a run that was
 * stopped goes on when it is started again with the same plan:
 *
 *   FOLDER/STAGE/run.json, metrics.jsonl, checkpoints/   the trainer's
 *   FOLDER/tokenizer/tokenizer.json                      copied into the model
 *   FOLDER/model/                                        Hugging Face folder
 *   FOLDER/model-f16.gguf, model-q8_0.gguf               as asked for
 */

import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import type { Stage } from "../dataset/stages.ts";
import type { FileType } from "../model/gguf/metadata.ts";
import { exportRun } from "./export.ts";
import { type LaunchOptions, type LaunchResult, launch } from "./launch.ts";
import { type MetricsEvent, readMetrics } from "./metrics.ts";
import { finishedCheckpoint } from "./finished.ts";
import type { RunPlan, StageRun } from "./recipe.ts";
import { changedSetting, runFile } from "./same-run.ts";

export interface RunOptions extends Omit<LaunchOptions, "onEvent"> {
  readonly out: string;
  /** Text of the tokenizer.json. */
  readonly tokenizer: string;
  readonly gguf: readonly FileType[];
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

export type RunProgress =
  | { readonly doing: "stage"; readonly stage: StageRun; readonly event: MetricsEvent }
  | { readonly doing: "stage-done"; readonly result: StageResult; readonly wasDone: boolean }
  | { readonly doing: "export"; readonly path: string };

export interface StageResult {
  readonly stage: Stage;
  readonly steps: number;
  /** Of the last step, nats a token. */
  readonly loss: number | undefined;
  /** Of the last evaluation; undefined where the dataset has no validation rows. */
  readonly validationLoss: number | undefined;
}

export type RunResult = { readonly stages: readonly StageResult[] } & (
  | { readonly status: "finished"; readonly model: string; readonly gguf: readonly string[] }
  | { readonly status: "stopped"; readonly at: Stage | "export"; readonly reason: string }
  | {
      readonly status: "failed";
      readonly at: Stage | "export";
      readonly message: string;
      /** The settings are at fault, not the run. */
      readonly isConfig: boolean;
    }
);

/** `plan` has at least one stage. */
export async function runPlan(plan: RunPlan, options: RunOptions): Promise<RunResult> {
  const { out, onProgress } = options;
  const begun = performance.now();
  const stages: StageResult[] = [];
  for (const stage of plan.stages) {
    const message = changedSetting(out, stage);
    if (message !== undefined)
      return { status: "failed", stages, at: stage.stage, message, isConfig: true };
  }
  writeFileAtomic(join(out, "tokenizer/tokenizer.json"), options.tokenizer);
  for (const stage of plan.stages) {
    const wasDone = finishedCheckpoint(out, stage.stage) !== undefined;
    const ended = wasDone ? FINISHED : await runStage(stage, options, begun);
    if (ended.status !== "finished") return { ...ended, stages, at: stage.stage };
    const result = resultOf(out, stage);
    stages.push(result);
    onProgress?.({ doing: "stage-done", result, wasDone });
  }
  return { stages, ...(await exportRun(plan, options)) };
}

const FINISHED = { status: "finished" } as const;

const timeLeft = (limitS: number | undefined, begun: number): number | undefined =>
  limitS === undefined ? undefined : limitS - (performance.now() - begun) / 1000;

async function runStage(
  stage: StageRun,
  options: RunOptions,
  begun: number,
): Promise<LaunchResult> {
  const { out, onProgress, signal } = options;
  const timeLimitS = timeLeft(options.timeLimitS, begun);
  if (timeLimitS !== undefined && timeLimitS <= 0)
    return { status: "stopped", reason: "time limit" };
  if (signal?.aborted === true) return { status: "stopped", reason: "interrupted" };
  const path = runFile(out, stage);
  writeFileAtomic(path, `${JSON.stringify(stage.config, null, 1)}\n`);
  const onEvent = (event: MetricsEvent): void => onProgress?.({ doing: "stage", stage, event });
  return launch(path, { ...options, timeLimitS, onEvent });
}

function resultOf(out: string, { stage }: StageRun): StageResult {
  const events = readMetrics(join(out, stage, "metrics.jsonl"));
  const steps = events.findLast(({ event }) => event === "step")?.step ?? 0;
  const lossOf = (kind: "step" | "evaluation"): number | undefined =>
    events.findLast(
      (event): event is Extract<MetricsEvent, { event: "step" | "evaluation" }> =>
        event.event === kind,
    )?.loss;
  return { stage, steps, loss: lossOf("step"), validationLoss: lossOf("evaluation") };
}
