/**
 * The four training stages and what is mixed into each. A later stage replays the earlier ones, so that the model does not
 * forget them (published recipe: 15 % of a later stage is replay). Of what is *learned*: a row of pretraining teaches all its tokens, one of
 * flag tuning a twentieth, and by tokens read the replay would be most of what flag tuning learns. The mix is weights over folders of
 * shards, not tokens written again: the trainer draws from each folder by its weight (trainer/README.md, `data`).
 */

import type { Split } from "../corpus/split.ts";

/**
 * In the order of training. The published recipe has flag tuning before disassembly; here it comes last, for what is trained last
 * is what a small model does best, and it is what `llmc optimize` asks by default.
 */
export const STAGES = ["pretrain", "emulate", "disassemble", "tune"] as const;
export type Stage = (typeof STAGES)[number];

/** Of what a later stage learns; the earlier stages share it alike. */
const REPLAY_SHARE = 0.15;

/** As run.json's `data` takes it; `folder` is relative to the dataset's folder. */
export interface MixSource {
  readonly folder: string;
  readonly weight: number;
  /** No row is longer than the context that the dataset was made for; under a shorter one a cut answer teaches nothing. */
  readonly long_documents: "split" | "drop";
}

export const shardFolder = (stage: Stage, split: Split): string => `shards/${stage}-${split}`;

/** Of tokens of a stage's training rows, those that are learned; of stages that have such rows. */
export type LearnedShares = ReadonlyMap<Stage, number>;

type Trained = Readonly<Partial<Record<Stage, { train: { tokens: number; learned: number } }>>>;

export function learnedShares(stages: Trained): LearnedShares {
  return new Map(
    STAGES.flatMap((stage) => {
      const { learned, tokens } = stages[stage]?.train ?? { learned: 0, tokens: 0 };
      return learned > 0 ? [[stage, learned / tokens] as const] : [];
    }),
  );
}

/** What a stage trains on. None where it has no rows of its own. `replay`: of what it learns, that of the earlier stages. */
export function mixOf(stage: Stage, learned: LearnedShares, replay = REPLAY_SHARE): MixSource[] {
  if (!learned.has(stage)) return [];
  const earlier = STAGES.slice(0, STAGES.indexOf(stage)).filter((name) => learned.has(name));
  const own = earlier.length === 0 ? 1 : 1 - replay;
  const wanted = [stage, ...(replay > 0 ? earlier : [])].map((name) => {
    const share = name === stage ? own : replay / earlier.length;
    return { name, tokens: share / (learned.get(name) ?? 1) };
  });
  const all = wanted.reduce((sum, { tokens }) => sum + tokens, 0);
  return wanted.map(({ name, tokens }) => source(name, Number((tokens / all).toFixed(6))));
}

const source = (stage: Stage, weight: number): MixSource => ({
  folder: shardFolder(stage, "train"),
  weight,
  long_documents: stage === "pretrain" ? "split" : "drop",
});
