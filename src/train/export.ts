/** The files of a trained model: a Hugging Face folder by the trainer's export, GGUF files out of it by ours. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../base/run-command.ts";
import type { Stage } from "../dataset/stages.ts";
import { convertModel } from "../model/gguf/convert.ts";
import type { FileType } from "../model/gguf/metadata.ts";
import { pythonOf } from "./environment.ts";
import { finishedCheckpoint } from "./finished.ts";
import type { RunPlan } from "./recipe.ts";

export interface ExportOptions {
  readonly trainer: string;
  readonly out: string;
  readonly gguf: readonly FileType[];
  readonly onProgress?: ((progress: { doing: "export"; path: string }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ExportResult =
  | { readonly status: "finished"; readonly model: string; readonly gguf: readonly string[] }
  | { readonly status: "stopped"; readonly at: "export"; readonly reason: string }
  | {
      readonly status: "failed";
      readonly at: "export";
      readonly message: string;
      readonly isConfig: false;
    };

/** Of the run's last stage: OUT/model, OUT/model-f16.gguf and so on. `plan` has at least one stage. */
export async function exportRun(plan: RunPlan, options: ExportOptions): Promise<ExportResult> {
  const last = plan.stages.at(-1)?.stage;
  if (last !== undefined) return exportStage(last, join(options.out, "model"), options);
  return { status: "failed", at: "export", message: "the run has no stages", isConfig: false };
}

/**
 * Of the weights as they were after a stage: the folder `model`, and files of its name with their type. What is there already stays: each
 * appeared whole, from the same checkpoint.
 */
export async function exportStage(
  stage: Stage,
  model: string,
  options: ExportOptions,
): Promise<ExportResult> {
  const { onProgress, signal } = options;
  const files = options.gguf.map((type) => ({ type, path: `${model}-${type}.gguf` }));
  const steps = [
    { path: model, make: () => exportFolder(stage, model, options) },
    ...files.map(({ type, path }) => ({
      path,
      make: () => convert(model, path, { type, signal }),
    })),
  ];
  for (const { path, make } of steps) {
    if (existsSync(path)) continue;
    onProgress?.({ doing: "export", path });
    const fault = await make();
    if (signal?.aborted === true) return { status: "stopped", at: "export", reason: "interrupted" };
    if (fault !== undefined)
      return { status: "failed", at: "export", message: fault, isConfig: false };
  }
  return { status: "finished", model, gguf: files.map(({ path }) => path) };
}

const EXPORT_LIMIT_MS = 3600_000;
const MAX_EXPORT_OUTPUT_BYTES = 1 << 20;

/** Gives what went wrong. */
async function exportFolder(
  stage: Stage,
  model: string,
  { out, trainer, signal }: ExportOptions,
): Promise<string | undefined> {
  const checkpoint = finishedCheckpoint(out, stage);
  if (checkpoint === undefined) return `${stage} is not finished`;
  const args = ["-m", "trainer.export", checkpoint, model, "--tokenizer", join(out, "tokenizer")];
  const ran = await runCommand(pythonOf(trainer), args, {
    cwd: dirname(trainer),
    timeoutMs: EXPORT_LIMIT_MS,
    maxOutputBytes: MAX_EXPORT_OUTPUT_BYTES,
    signal,
  });
  if (ran.status === "exited" && ran.code === 0) return undefined;
  return ran.status === "failed" ? ran.message : ran.stderr.trim();
}

/** Gives what went wrong, a full disk among it. */
async function convert(
  model: string,
  path: string,
  options: { readonly type: FileType; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  try {
    const converted = await convertModel(model, path, options);
    return converted.status === "ok" ? undefined : converted.message;
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
