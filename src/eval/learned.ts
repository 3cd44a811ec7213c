/** The rivals that learn (rivals/), as the suites of flag tuning and code-size prediction take them. */

import { printPassList } from "../passes/print.ts";
import type { Coreset } from "../tuner/coreset.ts";
import { featuresOf } from "../tasks/features/features.ts";
import { loadRivals } from "./rivals/rivals.ts";
import type { SizePredictor } from "./size/suite.ts";
import type { ListRanker, Ranked } from "./tune/offer.ts";

export interface Learned {
  readonly rankers: Readonly<Record<Ranked, ListRanker>>;
  readonly predictors: { readonly "value prediction": SizePredictor };
}

/** Throws where they were made for another coreset. */
export function openLearned(coreset: Coreset): Learned {
  const { nearest, valuePrediction, sizes } = loadRivals(coreset.lists.map(printPassList));
  return {
    rankers: {
      "nearest neighbour": (normal) => nearest(featuresOf(normal)),
      "value prediction": (normal) => valuePrediction(featuresOf(normal)),
    },
    predictors: { "value prediction": (normal) => sizes(featuresOf(normal)) },
  };
}
