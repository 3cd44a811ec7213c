/** run.json as the trainer reads it (trainer/config.py is the full list). Names are the trainer's own. */

import type { Stage } from "../dataset/stages.ts";

export const SIZE_NAMES = ["nano", "mini", "small", "base", "large"] as const;
export type SizeName = (typeof SIZE_NAMES)[number];

export interface DataSource {
  readonly folder: string;
  readonly weight: number;
  readonly long_documents: "split" | "drop";
}

export interface RunConfig {
  readonly name: string;
  /** Where checkpoints and metrics.jsonl go; relative paths are relative to run.json. */
  readonly out: string;
  /** `context` in tokens. */
  readonly model: {
    readonly size: SizeName;
    readonly context: number;
    readonly vocabulary: number;
  };
  readonly stages: readonly {
    readonly name: Stage;
    readonly steps: number;
    readonly data: readonly DataSource[];
  }[];
  readonly batch: { readonly rows: number; readonly micro_rows: number };
  readonly seed: number;
  readonly validation?: {
    readonly data: readonly DataSource[];
    readonly every: number;
    readonly rows: number;
  };
  readonly optimizer: {
    readonly name: "muon";
    readonly learning_rate: number;
    readonly muon_learning_rate: number;
  };
  readonly schedule: { readonly name: "cosine" | "wsd"; readonly warmup: number };
  readonly checkpoint: { readonly every: number; readonly keep: number };
  readonly init_from?: string;
  readonly provenance: Readonly<Record<string, string | number>>;
}
