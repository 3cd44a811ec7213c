/** rivals.json: the fitted rivals, and what they were made from. */

import { z } from "zod";
import { pack, packedSchema, unpack } from "../../base/packed.ts";
import type { Boosted } from "./boosting.ts";
import { FEATURE_NAMES } from "../../tasks/features/features.ts";
import { checkFeatures, madeFromSchema, rounded, roundStandard } from "./fitted.ts";
import { type GainModels, type SizeModel, togetherOf } from "./fit.ts";
import type { Tree, TreeNode } from "./tree.ts";

const standardSchema = z.object({ means: z.array(z.number()), deviations: z.array(z.number()) });
const boostedSchema = z.object({
  start: z.array(z.number()),
  /** Nodes of each tree. */
  lengths: z.array(z.int().nonnegative()),
  /** By node: the feature that it asks for, or -1 of a leaf, and its right child. */
  splits: packedSchema,
  /** By split. */
  thresholds: z.array(z.number()),
  /** By leaf. */
  leaves: packedSchema,
});
type PackedTrees = z.infer<typeof boostedSchema>;

const rivalsMadeFromSchema = madeFromSchema.extend({ sizeModules: z.number() });
export type MadeFrom = z.infer<typeof rivalsMadeFromSchema>;

const fileSchema = z.object({
  madeFrom: rivalsMadeFromSchema,
  featureNames: z.array(z.string()),
  standard: standardSchema,
  features: packedSchema,
  gains: packedSchema,
  meanGains: z.array(z.number()),
  gainTrees: boostedSchema,
  sizeStandard: standardSchema,
  sizeStart: z.array(z.number()),
  sizeWeights: z.array(z.array(z.number())),
  sizeTrees: boostedSchema,
});

export interface RivalsData {
  readonly madeFrom: MadeFrom;
  readonly gains: GainModels;
  readonly sizes: SizeModel;
}

/** Steps: of standardised features, of percents, of logarithms. All are far below what the numbers are good for. */
const FEATURE_STEP = 0.025;
const GAIN_STEP = 0.125;
const LEAF_STEP = 0.002;
const LOG_STEP = 0.00001;

export function writeRivals({ madeFrom, gains, sizes }: RivalsData): string {
  const { neighbours, trees } = gains;
  const file = {
    madeFrom,
    featureNames: [...FEATURE_NAMES],
    standard: roundStandard(neighbours.standard),
    features: pack(neighbours.features, FEATURE_STEP),
    gains: pack(neighbours.gains, GAIN_STEP),
    meanGains: neighbours.meanGains.map(rounded),
    gainTrees: packTrees(trees, LEAF_STEP),
    sizeStandard: roundStandard(sizes.linear.standard),
    sizeStart: sizes.linear.start.map(rounded),
    sizeWeights: sizes.linear.weights.map((row) => row.map(rounded)),
    sizeTrees: packTrees(sizes.trees, LOG_STEP),
  } satisfies z.infer<typeof fileSchema>;
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Throws where `text` is not what `writeRivals` wrote, or was written when modules had other features. */
export function readRivals(text: string): RivalsData {
  const file = fileSchema.parse(JSON.parse(text));
  checkFeatures(file.featureNames, "the learned rivals know", "them");
  const { meanGains } = file;
  const [standard, features, known] = [file.standard, unpack(file.features), unpack(file.gains)];
  return {
    madeFrom: file.madeFrom,
    gains: {
      neighbours: { standard, features, gains: known, meanGains },
      trees: unpackTrees(file.gainTrees),
      together: togetherOf(known),
    },
    sizes: {
      linear: { standard: file.sizeStandard, start: file.sizeStart, weights: file.sizeWeights },
      trees: unpackTrees(file.sizeTrees),
    },
  };
}

const LEAF = -1;

function packTrees({ start, trees }: Boosted, step: number): PackedTrees {
  const nodes = trees.flat();
  return {
    start: start.map(rounded),
    lengths: trees.map((tree) => tree.length),
    splits: pack(
      nodes.map((node) => ("values" in node ? [LEAF, 0] : [node.feature, node.right])),
      1,
    ),
    thresholds: nodes.flatMap((node) => ("values" in node ? [] : [rounded(node.threshold)])),
    leaves: pack(
      nodes.flatMap((node) => ("values" in node ? [node.values] : [])),
      step,
    ),
  };
}

function unpackTrees({ start, lengths, splits, thresholds, leaves }: PackedTrees): Boosted {
  const values = unpack(leaves).values();
  const cuts = thresholds.values();
  const nodes = unpack(splits).map(([feature = LEAF, right = 0]): TreeNode => {
    if (feature === LEAF) return { values: values.next().value ?? [] };
    return { feature, threshold: cuts.next().value ?? 0, right };
  });
  let place = 0;
  const trees = lengths.map((length): Tree => nodes.slice(place, (place += length)));
  return { start, trees };
}
