/**
 * Fits the policy of `eval/rivals/policy` to labelled training modules. How long it is trained and how sharply it prefers the best list is chosen on
 * packages that are held out of the training ones; then it is trained again on all of them.
 */

import { makeRng } from "../../../../base/rng.ts";
import { mean, placeOfLargest } from "../../../../base/stats.ts";
import { type Standard, standardOf } from "../../../../base/standard.ts";
import { outputsOf, type Perceptron } from "../perceptron.ts";
import { inputsOf, standardFeatures, stateOf, type Tried } from "../state.ts";
import { drawBatch, lossGradient, type PolicyCase, triedScores } from "./batch.ts";
import { descend, makeNetwork, perceptronOf } from "./network.ts";

export interface Training {
  readonly steps: number;
  /** A list is wanted as this power of what it adds to the best so far. */
  readonly power: number;
  readonly seed: number;
}

export interface TrainingSize {
  /** Widths of the hidden layers. */
  readonly hidden?: readonly number[];
  /** Samples a step. */
  readonly rows?: number;
}

/** `features` as they are counted. */
export interface LabelledModule extends PolicyCase {
  readonly package: string;
}

const HIDDEN = [128, 128];
const BATCH_ROWS = 512;
const RATE = 0.002;
const SEED = 1;
/** The power is chosen at the first of them. */
const STEPS = [200, 400] as const;
const POWERS = [2, 4, 8];
/** Of the packages. */
const HELD_OUT_SHARE = 0.2;
/** Compilations at which the choice is judged, each alike. */
const BUDGETS = [1, 3, 5, 10, 20];

export interface FittedPolicy {
  readonly standard: Standard;
  readonly perceptron: Perceptron;
  readonly training: Training;
}

/** `modules`: in any fixed order; of more than one package. `say` is told what the choice is made from. */
export function fitPolicy(
  modules: readonly LabelledModule[],
  say: (text: string) => void,
): FittedPolicy {
  const standard = standardOf(modules.map(({ features }) => features));
  const cases = modules.map((one) => {
    return { ...one, features: standardFeatures(one.features, standard) };
  });
  const training = chooseTraining(cases, say);
  return { standard, perceptron: trainPerceptron(cases, training), training };
}

function chooseTraining(cases: readonly LabelledModule[], say: (text: string) => void): Training {
  const packages = [...new Set(cases.map((one) => one.package))].toSorted();
  const drawn = makeRng(SEED).shuffle(packages);
  const heldOut = new Set(drawn.slice(0, Math.ceil(drawn.length * HELD_OUT_SHARE)));
  const judged = cases.filter((one) => heldOut.has(one.package));
  const rest = cases.filter((one) => !heldOut.has(one.package));
  const judge = (training: Training): Judged => {
    const saved = savedAt(trainPerceptron(rest, training), judged);
    const shown = saved.map((value) => value.toFixed(2)).join(" ");
    say(`held out, power ${training.power}, ${training.steps} steps: ${shown}`);
    return { training, value: mean(saved) };
  };
  const [steps, ...moreSteps] = STEPS;
  const sharp = bestOf(POWERS.map((power) => judge({ steps, power, seed: SEED })));
  const longer = moreSteps.map((count) => judge({ ...sharp.training, steps: count }));
  return bestOf([sharp, ...longer]).training;
}

interface Judged {
  readonly training: Training;
  /** Percent. */
  readonly value: number;
}

/** The first of them where some are equal. */
const bestOf = (all: readonly Judged[]): Judged =>
  all.reduce((best, one) => (one.value > best.value ? one : best));

/** By budget: percent saved on modules that were not trained on, mean. */
function savedAt(perceptron: Perceptron, cases: readonly PolicyCase[]): number[] {
  const most = Math.max(...BUDGETS);
  const orders = cases.map((one) => rollOut(perceptron, one, most));
  return BUDGETS.map((budget) =>
    mean(
      orders.map((tried) => Math.max(0, ...tried.slice(0, budget).map(({ saved }) => saved ?? 0))),
    ),
  );
}

/** The first `count` lists that the perceptron tries on a case whose savings are known. */
function rollOut(perceptron: Perceptron, { features, saved }: PolicyCase, count: number): Tried[] {
  const tried: Tried[] = [];
  const left = new Set(saved.keys());
  while (tried.length < count && left.size > 0) {
    const outputs = outputsOf(perceptron, stateOf(features, tried, saved.length));
    const list = placeOfLargest(outputs, left);
    left.delete(list);
    tried.push({ list, saved: saved[list] });
  }
  return tried;
}

/** `cases`: standardised; not empty. The same seed gives the same perceptron. */
export function trainPerceptron(
  cases: readonly PolicyCase[],
  { steps, power, seed }: Training,
  { hidden = HIDDEN, rows = BATCH_ROWS }: TrainingSize = {},
): Perceptron {
  const rng = makeRng(seed);
  const scores = triedScores(cases);
  const inputs = inputsOf(cases[0]?.features.length ?? 0, scores.length);
  const network = makeNetwork([inputs, ...hidden, scores.length], rng);
  for (let number = 1; number <= steps; number++) {
    const batch = drawBatch(cases, { rows, scores, power, rng });
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * (number - 1)) / steps));
    const gradientOf = (outputs: Float32Array): Float32Array => lossGradient(batch, outputs);
    descend(network, batch.inputs, { rows, number, rate, rng, gradientOf });
  }
  return perceptronOf(network);
}
