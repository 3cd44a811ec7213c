/**
 * What guessing costs: the cross-entropy of the learned tokens of a folder of shards for one who knows how often each token
 * occurs among the learned tokens of another folder, and nothing else. A model that reads its prompt must do better.
 */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const HEADER_BYTES = 32;

/** Nats a token. `vocabulary`: counts start at one, so that no token is impossible. */
export function chanceLoss(train: string, valid: string, vocabulary: number): number {
  const counts = new Float64Array(vocabulary).fill(1);
  for (const id of learnedTokens(train)) counts[id] = (counts[id] ?? 0) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [nats, tokens] = [0, 0];
  for (const id of learnedTokens(valid)) {
    nats -= Math.log((counts[id] ?? 1) / total);
    tokens++;
  }
  if (tokens === 0)
    throw new Error(`${valid}: no token in it is to be learned; want validation rows`);
  return nats / tokens;
}

/** Ids of the tokens that are learned, in order; trainer/README.md, "Shards". */
function* learnedTokens(folder: string): Generator<number> {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".tokens"))
    .toSorted()) {
    const tokens = readFileSync(join(folder, file));
    const maskPath = join(folder, file.replace(/tokens$/, "mask"));
    const mask = existsSync(maskPath) ? readFileSync(maskPath) : undefined;
    for (let at = HEADER_BYTES, i = 0; at < tokens.length; at += 2, i++)
      if (mask === undefined || mask[HEADER_BYTES + i] === 1) yield tokens.readUInt16LE(at);
  }
}
