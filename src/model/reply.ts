/** Replies as they are kept in files: recordings (replay.ts) and what an evaluation remembers. */

import { z } from "zod";
import type { ModelReply } from "./model.ts";

/** Without a probability rather than with one that is undefined. */
export const storedReply = z
  .object({
    text: z.string(),
    ended: z.boolean(),
    logProbability: z.number().max(0).optional(),
    tokens: z.int().nonnegative(),
  })
  .transform(({ logProbability, ...reply }): ModelReply =>
    logProbability === undefined ? reply : { ...reply, logProbability },
  );
