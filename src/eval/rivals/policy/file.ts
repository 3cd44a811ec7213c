/** policy.json: the fitted policy, and what it was made from. Made by tools/make-rivals.ts. */

import { readFileSync } from "node:fs";
import { z } from "zod";
import { pack, packedSchema, unpack } from "../../../base/packed.ts";
import type { Standard } from "../../../base/standard.ts";
import { FEATURE_NAMES } from "../../../tasks/features/features.ts";
import { checkFeatures, madeFromSchema, roundStandard } from "../fitted.ts";
import type { Perceptron } from "./perceptron.ts";

/** The perceptron's outputs are in the order of the lists. */
const fileSchema = madeFromSchema.extend({
  /** How it was trained, chosen on packages held out of the training ones. */
  training: z.object({ steps: z.number(), power: z.number(), seed: z.number() }),
  featureNames: z.array(z.string()),
  means: z.array(z.number()),
  deviations: z.array(z.number()),
  layers: z.array(z.object({ weights: packedSchema, biases: packedSchema })),
});
type File = z.infer<typeof fileSchema>;

export type PolicyMadeFrom = Omit<File, "featureNames" | "means" | "deviations" | "layers">;

export interface Policy {
  readonly madeFrom: PolicyMadeFrom;
  readonly standard: Standard;
  readonly perceptron: Perceptron;
}

/** A hundredth of what weights are on average (0.05); 16 bits of it reach to 16. */
const WEIGHT_STEP = 2 ** -11;

export function writePolicy({ madeFrom, standard, perceptron }: Policy): string {
  const file = {
    ...madeFrom,
    featureNames: [...FEATURE_NAMES],
    ...roundStandard(standard),
    layers: perceptron.map(({ weights, biases }) => {
      return { weights: pack(weights, WEIGHT_STEP), biases: pack([biases], WEIGHT_STEP) };
    }),
  } satisfies File;
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Throws where `text` is not what `writePolicy` wrote, or was written when modules had other features. */
export function readPolicy(text: string): Policy {
  const { featureNames, means, deviations, layers, ...madeFrom } = fileSchema.parse(
    JSON.parse(text),
  );
  checkFeatures(featureNames, "the policy knows", "it");
  const perceptron = layers.map(({ weights, biases }) => {
    return { weights: unpack(weights), biases: unpack(biases)[0] ?? [] };
  });
  return { madeFrom, standard: { means, deviations }, perceptron };
}

let shipped: Policy | undefined;

/** Read when it is first asked for. */
export function shippedPolicy(): Policy {
  shipped ??= readPolicy(readFileSync(new URL("./policy.json", import.meta.url), "utf8"));
  return shipped;
}
