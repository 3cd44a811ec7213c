/** Random flat lists of 1 to 50 safe passes, as the published autotuner draws them (facts: 1 to 50 passes). */

import { randomPassList } from "../../passes/mutate.ts";
import { BATCH, type Strategy } from "../strategy.ts";

const MIN_LENGTH = 1;
const MAX_LENGTH = 50;

export const random: Strategy = function* ({ rng, registry }) {
  const draw = () =>
    randomPassList(rng, registry, { minLength: MIN_LENGTH, maxLength: MAX_LENGTH });
  while (true) yield Array.from({ length: BATCH }, draw);
};
