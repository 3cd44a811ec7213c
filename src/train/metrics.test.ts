import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { readCurves } from "./curves.ts";
import { followMetrics } from "./metrics.ts";
import { lossPage, lossSvg } from "./plot.ts";

const step = (number: number, loss: number): string =>
  `${JSON.stringify({ event: "step", step: number, loss, tokens_per_second: 9, seconds: 1, more: 1 })}\n`;

test("followMetrics gives each whole line once when lines come in pieces", () => {
  const path = join(tempFolder(), "metrics.jsonl");
  const early = followMetrics(path);
  expect(early.next()).toEqual([]);
  writeFileSync(path, `{"event": "start", "step": 0, "steps": 9}\n${step(1, 3).slice(0, 20)}`);
  expect(early.next()).toMatchObject([{ event: "start", steps: 9 }]);
  appendFileSync(path, `${step(1, 3).slice(20)}torn\n{"event": "unknown"}\n`);
  expect(early.next()).toMatchObject([{ event: "step", step: 1, loss: 3 }]);
  const late = followMetrics(path);
  appendFileSync(path, step(2, 2));
  expect(late.next()).toMatchObject([{ step: 2 }]);
  expect(early.next()).toMatchObject([{ step: 2 }]);
});

function madeUpRun(): string {
  const folder = join(tempFolder(), "run-a");
  for (const [stage, lines] of Object.entries({
    pretrain: [
      step(1, 4),
      step(2, 9),
      step(2, 3),
      step(3, 2),
      '{"event": "evaluation", "step": 3, "loss": 2.5}\n',
    ],
    tune: [step(1, 1.5), step(2, 1)],
  })) {
    mkdirSync(join(folder, stage), { recursive: true });
    writeFileSync(join(folder, stage, "metrics.jsonl"), lines.join(""));
  }
  return folder;
}

test("readCurves joins the stages and takes the last line of a step when it came twice", () => {
  const curves = readCurves(madeUpRun());
  expect(curves?.training.map((point) => [point.step, point.loss])).toEqual([
    [1, 4],
    [2, 3],
    [3, 2],
    [4, 1.5],
    [5, 1],
  ]);
  expect(curves?.validation).toEqual([{ run: "run-a", step: 3, loss: 2.5 }]);
  expect(curves?.starts.map((start) => [start.stage, start.step])).toEqual([
    ["pretrain", 0],
    ["tune", 3],
  ]);
  expect(readCurves(tempFolder())).toBeUndefined();
});

test("readCurves gives means when a stage has many steps", () => {
  const folder = tempFolder();
  const lines = Array.from({ length: 1000 }, (_, i) => step(i + 1, i % 2));
  writeFileSync(join(folder, "metrics.jsonl"), lines.join(""));
  const training = readCurves(folder)?.training ?? [];
  expect(training.length).toBe(200);
  expect(training.at(-1)?.step).toBe(1000);
  for (const { loss } of training) expect(Math.abs(loss - 0.5)).toBeLessThanOrEqual(0.1);
});

test("lossSvg and lossPage draw a line a run and a dot an evaluation", async () => {
  const curves = readCurves(madeUpRun());
  if (curves === undefined) throw new Error("no curves");
  const other = {
    ...curves,
    training: curves.training.map((point) => ({ ...point, run: "b <&>" })),
  };
  const svg = await lossSvg([
    curves,
    { ...other, starts: [{ run: "b <&>", stage: "pretrain", step: 0 }] },
  ]);
  expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg.match(/<path[^>]*d="M/g)?.length).toBeGreaterThanOrEqual(2);
  expect(svg.match(/<circle/g)?.length).toBe(2);
  expect(svg).toContain("b &lt;&amp;&gt;");
  const page = await lossPage([curves]);
  expect(page).toContain("<td>1.0000</td><td>2.5000</td>");
  expect(page).not.toContain("<script");
});
