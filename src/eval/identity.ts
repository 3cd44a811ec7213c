/** What an answer depends on besides the question, as one hash: rows of other weights, lists or labels are not taken for these. */

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";

/** Of a model by its name (model/open.ts): the file's bytes, or the address. */
export async function modelIdentity(name: string): Promise<string> {
  const path = name.replace(/^replay:/, "");
  if (!existsSync(path)) return name;
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest("hex").slice(0, 32);
}
