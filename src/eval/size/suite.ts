/**
 * Code-size prediction: the bytes of a program's object without any pass and under a list. A model answers as in flag tuning,
 * once, and names the list itself; a rival predicts -Oz. Measured fresh.
 */

import { type Outcome, describeFailure } from "../../llvm/outcome.ts";
import type { Measurement } from "../../llvm/protocol.ts";
import { presets } from "../../passes/presets.ts";
import { printPassList } from "../../passes/print.ts";
import type { PassList } from "../../passes/tree.ts";
import type { TuneSizes } from "../../tasks/tune.ts";
import { score } from "../../tuner/objective.ts";
import { asProblem, rowHead } from "../asked.ts";
import type { Program } from "../program.ts";
import type { SizeRow, Status } from "../row.ts";
import type { Contender, Kit, Rival, Suite } from "../suite.ts";
import { askTune } from "../tune/ask.ts";
import { type Bench, STATUS_OF_FAILURE, openBench } from "../tune/bench.ts";

/** From a module in normal form to its bytes without any pass and under -Oz. */
export type SizePredictor = (normalForm: string) => TuneSizes;

export interface SizeSuiteOptions {
  readonly predictors?: Readonly<Partial<Record<Rival, SizePredictor>>>;
}

export function sizeSuite({ predictors = {} }: SizeSuiteOptions = {}): Suite<Program> {
  return {
    name: "size",
    takes: (contender) =>
      contender.kind === "model" ||
      (contender.kind === "rival" && predictors[contender.rival] !== undefined),
    answer: (contender, program, kit) => answer(contender, program, { kit, predictors }),
  };
}

interface Work {
  readonly kit: Kit;
  readonly predictors: NonNullable<SizeSuiteOptions["predictors"]>;
}

async function answer(contender: Contender, program: Program, work: Work): Promise<SizeRow> {
  const opened = await openBench(work.kit, program);
  if (opened.status !== "ok") return failedRow(contender, program, opened);
  using bench = opened.value;
  const before = await bench.unoptimised();
  if (before.status !== "ok") return failedRow(contender, program, before);
  const { list, sizes, ...prediction } = await predictionOf(contender, bench, work);
  const after = await bench.measure(printPassList(list ?? presets.Oz));
  return {
    ...emptyRow(contender, program),
    ...outcomeOf(prediction, after),
    promptTokens: prediction.promptTokens,
    seconds: prediction.seconds,
    predictedBefore: sizes?.before ?? null,
    measuredBefore: score(before.value, "size"),
    predictedAfter: sizes?.after ?? null,
    measuredAfter: after.status === "ok" ? score(after.value, "size") : null,
  };
}

interface Prediction {
  /** Undefined where none was named. */
  readonly list?: PassList | undefined;
  readonly sizes?: TuneSizes | undefined;
  readonly status: Status;
  readonly problem: string;
  readonly promptTokens: number | null;
  readonly seconds: number;
}

function predictionOf(contender: Contender, bench: Bench, work: Work): Promise<Prediction> {
  return contender.kind === "rival"
    ? predictionOfRival(contender.rival, bench, work)
    : predictionOfModel(contender.model, bench, work);
}

/** Sizes of a program's parts do not add up to its own, so only one that fits as a whole is asked about. */
async function predictionOfModel(
  model: Extract<Contender, { kind: "model" }>["model"],
  bench: Bench,
  { kit }: Work,
): Promise<Prediction> {
  const { parts, ...asked } = await askTune(kit, bench, {
    model,
    count: 1,
    inParts: false,
    sizes: true,
  });
  const reading = parts[0]?.[0];
  if (asked.status !== "ok" || (reading?.sizes && reading.list)) return { ...asked, ...reading };
  const missing = reading?.sizes ? "no list that can be run" : "no sizes";
  const problem = asked.problem === "" ? `the model's answer holds ${missing}` : asked.problem;
  return { ...asked, ...reading, status: "unparsed", problem };
}

async function predictionOfRival(
  rival: Rival,
  bench: Bench,
  { kit, predictors }: Work,
): Promise<Prediction> {
  const none = { problem: "", promptTokens: null, seconds: 0 };
  const predictor = predictors[rival];
  if (predictor === undefined)
    return { ...none, status: "refused", problem: `${rival} predicts no sizes` };
  const normal = await kit.pool.normalize(bench.module);
  if (normal.status !== "ok")
    return { ...none, status: STATUS_OF_FAILURE[normal.status], problem: describeFailure(normal) };
  const started = performance.now();
  const sizes = predictor(normal.value.text);
  return { ...none, sizes, status: "ok", seconds: (performance.now() - started) / 1000 };
}

function outcomeOf(
  { status, problem }: Prediction,
  after: Outcome<Measurement>,
): Pick<SizeRow, "status" | "problem"> {
  if (status !== "ok" || after.status === "ok") return { status, problem: asProblem(problem) };
  return { status: STATUS_OF_FAILURE[after.status], problem: asProblem(describeFailure(after)) };
}

function failedRow(
  contender: Contender,
  program: Program,
  failure: Exclude<Outcome<unknown>, { status: "ok" }>,
): SizeRow {
  const status = STATUS_OF_FAILURE[failure.status];
  return { ...emptyRow(contender, program), status, problem: asProblem(describeFailure(failure)) };
}

/** Where a program cannot be measured `measuredBefore` is 0: such a module is none (programs.ts), unless the machine fails later. */
function emptyRow(contender: Contender, program: Program): SizeRow {
  return {
    suite: "size",
    ...rowHead(contender, program, { promptTokens: null, seconds: 0 }),
    status: "ok",
    problem: "",
    predictedBefore: null,
    measuredBefore: 0,
    predictedAfter: null,
    measuredAfter: null,
  };
}
