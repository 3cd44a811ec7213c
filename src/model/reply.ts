/** Replies as they are kept in files: recordings (replay.ts) and what an evaluation remembers. */

import { z } from "zod";
import type { ModelReply } from "./model.ts";

/** Without a probability rather than with one that is undefined. */
export const storedReply = z
  .object({
    text: z.string(),
    ended: z.boolean(),
    isLost: z.literal(true).optional(),
    logProbability: z.number().max(0).optional(),
    tokens: z.int().nonnegative(),
  })
  .transform(({ logProbability, isLost, ...reply }): ModelReply => ({
    ...reply,
    ...(isLost && { isLost }),
    ...(logProbability !== undefined && { logProbability }),
  }));
