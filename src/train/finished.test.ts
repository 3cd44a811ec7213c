import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { finishedCheckpoint } from "./finished.ts";

function run(events: readonly object[], checkpoints: readonly string[]): string {
  const out = tempFolder();
  for (const name of checkpoints) {
    mkdirSync(join(out, "tune/checkpoints", name), { recursive: true });
    writeFileSync(join(out, "tune/checkpoints", name, "meta.json"), "{}");
  }
  mkdirSync(join(out, "tune/checkpoints/step-00000099.tmp"), { recursive: true });
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(out, "tune/metrics.jsonl"), lines.join(""));
  return out;
}

const start = { event: "start", step: 0, steps: 90 };
const finished = { event: "stop", step: 12, reason: "finished" };
const both = ["step-00000007", "step-00000012"];

test("finishedCheckpoint is the newest when the trainer has finished, at whatever step", () => {
  const out = run([start, finished], both);
  expect(finishedCheckpoint(out, "tune")).toBe(join(out, "tune/checkpoints/step-00000012"));
});

test("finishedCheckpoint is none when the stage was stopped, goes on, was never there, or lost its checkpoints", () => {
  const stopped = { event: "stop", step: 12, reason: "time limit" };
  expect(finishedCheckpoint(run([start, stopped], both), "tune")).toBeUndefined();
  expect(finishedCheckpoint(run([start, finished, start], both), "tune")).toBeUndefined();
  expect(finishedCheckpoint(run([start, finished], []), "tune")).toBeUndefined();
  expect(finishedCheckpoint(tempFolder(), "tune")).toBeUndefined();
});
