/** What the files of fitted rivals have in common (rivals.json, policy/policy.json): what they were made from, rounding, a check. */

import { z } from "zod";
import type { Standard } from "../../base/standard.ts";
import { FEATURE_NAMES } from "../../tasks/features/features.ts";

export const madeFromSchema = z.object({
  madeBy: z.string(),
  llvm: z.string(),
  /** The coreset. */
  lists: z.array(z.string()),
  /** Hash of the file of labels. */
  labels: z.string(),
  modules: z.number(),
  packages: z.number(),
});

/** Seven digits, as many as a float of 32 bits has. */
export const rounded = (value: number): number => Number(value.toPrecision(7));

export const roundStandard = ({ means, deviations }: Standard) => ({
  means: means.map(rounded),
  deviations: deviations.map(rounded),
});

/** Throws where modules have other features now. `what` knows the old ones ("the policy knows"), and `again` ("it") is to be made. */
export function checkFeatures(names: readonly string[], what: string, again: string): void {
  if (names.join("\n") === FEATURE_NAMES.join("\n")) return;
  throw new Error(
    `${what} ${names.length} features, and not the ${FEATURE_NAMES.length} of today: make ${again} again with \`node tools/make-rivals.ts\``,
  );
}
