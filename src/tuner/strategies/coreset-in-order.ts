/** The coreset from its first list to its last, then nothing more. */

import { BATCH, type Strategy } from "../strategy.ts";

export const coresetInOrder: Strategy = function* ({ coreset: { lists } }) {
  for (let start = 0; start < lists.length; start += BATCH) yield lists.slice(start, start + BATCH);
};
