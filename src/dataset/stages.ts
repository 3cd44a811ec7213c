/**
 * The four training stages and what is mixed into each. A later stage replays the earlier ones, so that the model does not
 * forget them (published recipe: 15 % of a later stage is replay). The mix is weights over folders of shards, not tokens
 * written again: the trainer draws from each folder by its weight (trainer/README.md, `data`).
 */

import type { Split } from "../corpus/split.ts";

/** In the order of training. */
export const STAGES = ["pretrain", "emulate", "tune", "disassemble"] as const;
export type Stage = (typeof STAGES)[number];

/** Of a later stage's rows; the earlier stages share it alike. */
const REPLAY_SHARE = 0.15;

/** As run.json's `data` takes it; `folder` is relative to the dataset's folder. */
export interface MixSource {
  readonly folder: string;
  readonly weight: number;
  /** No row is longer than the context that the dataset was made for; under a shorter one a cut answer teaches nothing. */
  readonly long_documents: "split" | "drop";
}

export const shardFolder = (stage: Stage, split: Split): string => `shards/${stage}-${split}`;

/** What a stage trains on, of the stages that have training rows. None where it has no rows of its own. */
export function mixOf(stage: Stage, available: ReadonlySet<Stage>): MixSource[] {
  if (!available.has(stage)) return [];
  const earlier = STAGES.slice(0, STAGES.indexOf(stage)).filter((name) => available.has(name));
  const own = earlier.length === 0 ? 1 : 1 - REPLAY_SHARE;
  return [
    source(stage, own),
    ...earlier.map((name) => source(name, Number((REPLAY_SHARE / earlier.length).toFixed(6)))),
  ];
}

const source = (stage: Stage, weight: number): MixSource => ({
  folder: shardFolder(stage, "train"),
  weight,
  long_documents: stage === "pretrain" ? "split" : "drop",
});
