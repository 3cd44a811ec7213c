/** What an answer depends on besides the question, as one hash: rows of other weights, lists or labels are not taken for these. */

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Rival } from "./suite.ts";

/** Of a rival: the coreset, and what the learned ones were fitted to. */
export function rivalIdentity(rival: Rival, coreset: string): Promise<string> {
  const isLearned = rival === "nearest neighbour" || rival === "value prediction";
  return isLearned
    ? modelIdentity(fileURLToPath(new URL("./rivals/rivals.json", import.meta.url)))
    : Promise.resolve(coreset);
}

/** Of a model by its name (model/open.ts): the file's bytes, or the address. */
export async function modelIdentity(name: string): Promise<string> {
  const path = name.replace(/^replay:/, "");
  if (!existsSync(path)) return name;
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest("hex").slice(0, 32);
}
