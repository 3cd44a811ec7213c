/**
 * The rivals that learn, as shipped: rivals.json, made by tools/make-rivals.ts from labelled training modules. None of them asks a
 * language model or runs a pass: features (features.ts) go in, an order of the coreset's lists or two sizes come out.
 */

import { readFileSync } from "node:fs";
import type { TuneSizes } from "../../tasks/tune.ts";
import { predict } from "./boosting.ts";
import type { Features } from "../../tasks/features/features.ts";
import { type RivalsData, readRivals } from "./file.ts";
import type { SizeModel } from "./fit.ts";
import { nearestGains } from "./nearest.ts";
import { orderLists } from "./order.ts";
import { predictRidge } from "./ridge.ts";

export interface Rivals {
  /** All lists of the coreset by index, best first. */
  readonly nearest: (features: Features) => number[];
  readonly valuePrediction: (features: Features) => number[];
  readonly sizes: (features: Features) => TuneSizes;
}

let shipped: RivalsData | undefined;

/** `coreset`: its lists as text. Throws where one of them is none that the file was made for. */
export function loadRivals(coreset: readonly string[]): Rivals {
  shipped ??= readRivals(readFileSync(new URL("./rivals.json", import.meta.url), "utf8"));
  return rivalsOf(shipped, coreset);
}

/** `coreset`: the lists of `data` in any order, or some of them: another LLVM leaves some out. */
export function rivalsOf(
  { madeFrom, gains, sizes }: RivalsData,
  coreset: readonly string[],
): Rivals {
  const strange = coreset.find((passes) => !madeFrom.lists.includes(passes));
  if (strange !== undefined)
    throw new Error(
      `the learned rivals were made for another coreset: "${strange}" is not among its ${madeFrom.lists.length} lists (LLVM ${madeFrom.llvm}); make them again with \`node tools/make-rivals.ts\``,
    );
  const places = new Map(coreset.map((passes, place) => [passes, place]));
  const ranked = (expected: readonly number[]): number[] =>
    orderLists(expected, gains.together).flatMap((k) => places.get(madeFrom.lists[k] ?? "") ?? []);
  return {
    nearest: (features) => ranked(nearestGains(gains.neighbours, features)),
    valuePrediction: (features) => ranked(predict(gains.trees, features)),
    sizes: (features) => predictSizes(sizes, features),
  };
}

/** Bytes of all allocated sections but .bss, without any pass and under -Oz. */
export function predictSizes(model: SizeModel, features: Features): TuneSizes {
  const line = predictRidge(model.linear, features);
  const [before = 0, after = 0] = predict(model.trees, features).map((rest, k) =>
    Math.round(Math.expm1(rest + (line[k] ?? 0))),
  );
  return { before, after };
}
