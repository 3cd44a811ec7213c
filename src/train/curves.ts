/** What runs have learned, as points of a plot: stages one after the other, smoothed where there are many steps. */

import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { STAGES } from "../dataset/stages.ts";
import { type MetricsEvent, readMetrics } from "./metrics.ts";

export interface Point {
  readonly run: string;
  /** Over all stages of the run. */
  readonly step: number;
  /** Nats a learned token. */
  readonly loss: number;
}

export interface Curves {
  /** Of training, means of equal shares of each stage. */
  readonly training: readonly Point[];
  readonly validation: readonly Point[];
  readonly starts: readonly {
    readonly run: string;
    readonly stage: string;
    readonly step: number;
  }[];
}

/** A plot of a page's width shows no more. */
const POINTS_A_STAGE = 200;

/** `folder` is that of `llmc train --out`, or one of the trainer's own with metrics.jsonl in it; undefined where it is neither. */
export function readCurves(folder: string): Curves | undefined {
  const files = existsSync(join(folder, "metrics.jsonl"))
    ? [join(folder, "metrics.jsonl")]
    : STAGES.map((stage) => join(folder, stage, "metrics.jsonl")).filter((path) =>
        existsSync(path),
      );
  if (files.length === 0) return undefined;
  const run = basename(resolve(folder));
  const stages = files.map((path) => ({
    stage: basename(dirname(resolve(path))),
    events: readMetrics(path),
  }));
  let start = 0;
  const parts = stages.map(({ stage, events }) => {
    const training = losses(events, "step");
    const at = start;
    start += Math.max(0, ...training.map(([step]) => step));
    return { stage, at, training: smooth(training), validation: losses(events, "evaluation") };
  });
  const points = (kind: "training" | "validation"): Point[] =>
    parts.flatMap((part) =>
      part[kind].map(([step, loss]) => ({ run, step: part.at + step, loss })),
    );
  return {
    training: points("training"),
    validation: points("validation"),
    starts: parts.map(({ stage, at }) => ({ run, stage, step: at })),
  };
}

type StepLoss = readonly [step: number, loss: number];

/** Rising steps; of a step that came twice the last. */
function losses(events: readonly MetricsEvent[], kind: "step" | "evaluation"): StepLoss[] {
  const byStep = new Map<number, number>();
  for (const event of events) if (event.event === kind) byStep.set(event.step, event.loss);
  return [...byStep].toSorted(([a], [b]) => a - b);
}

/** Means of neighbouring steps, each at the last of its steps. */
function smooth(points: readonly StepLoss[]): StepLoss[] {
  const width = Math.ceil(points.length / POINTS_A_STAGE);
  return Array.from({ length: Math.ceil(points.length / Math.max(1, width)) }, (_, index) => {
    const group = points.slice(index * width, (index + 1) * width);
    const sum = group.reduce((total, [, loss]) => total + loss, 0);
    return [group.at(-1)?.[0] ?? 0, sum / group.length];
  });
}
