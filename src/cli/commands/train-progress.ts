/** What `llmc train` shows while it runs: one line, and a line for each stage that is done. */

import type { RunProgress, StageResult } from "../../train/run.ts";
import { type StatusLine, table } from "../terminal.ts";

const loss = (value: number | undefined): string => value?.toFixed(4) ?? "–";

/** Where standard error is no terminal, only ends of stages and exports are told. */
export function progressTeller(line: StatusLine): (progress: RunProgress) => void {
  const speed = { secondsAStep: 0 };
  const tellLine = (text: string): void => {
    line.clear();
    process.stderr.write(`${text}\n`);
  };
  return (progress) => {
    switch (progress.doing) {
      case "stage": {
        const text = stageLine(progress, speed);
        if (text !== undefined) line.show(text);
        return;
      }
      case "stage-done": {
        const { stage, steps, validationLoss } = progress.result;
        const when = progress.wasDone ? "done before" : "done";
        return tellLine(
          `${stage}: ${when}, ${steps} steps, loss ${loss(progress.result.loss)}, validation loss ${loss(validationLoss)}`,
        );
      }
      case "export":
        return tellLine(`writing ${progress.path}`);
      default:
        progress satisfies never;
    }
  };
}

/** Of the newest of recent times a step. */
const SMOOTHING = 0.1;

/** Undefined where an event changes nothing to see. */
function stageLine(
  { stage, event }: Extract<RunProgress, { doing: "stage" }>,
  speed: { secondsAStep: number },
): string | undefined {
  if (event.event === "start") {
    speed.secondsAStep = 0;
    return `${stage.stage}: step ${event.step}/${event.steps}`;
  }
  if (event.event !== "step") return undefined;
  const before = speed.secondsAStep || event.seconds;
  speed.secondsAStep = before + SMOOTHING * (event.seconds - before);
  const tokens = Math.round(event.tokens_per_second).toLocaleString("en");
  const eta = clock((stage.steps - event.step) * speed.secondsAStep);
  return `${stage.stage}: step ${event.step}/${stage.steps}  loss ${loss(event.loss)}  ${tokens} tokens/s  ${eta} to go`;
}

/** "42 s", "12 min", "3 h 5 min" */
function clock(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const stagesTable = (stages: readonly StageResult[]): string =>
  table(
    [
      ["stage", "steps", "loss", "validation loss"],
      ...stages.map((done) => [
        done.stage,
        String(done.steps),
        loss(done.loss),
        loss(done.validationLoss),
      ]),
    ],
    ["left", "right", "right", "right"],
  );
