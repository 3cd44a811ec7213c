/** What an answer depends on besides the question, as one hash: rows of other weights, lists or labels are not taken for these. */

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Rival } from "./suite.ts";

/** What a learned rival was fitted to is all in its file. */
const FITTED: Readonly<Partial<Record<Rival, string>>> = {
  "expected improvement": "../tuner/savings-prior.json",
  "nearest neighbour": "./rivals/rivals.json",
  "value prediction": "./rivals/rivals.json",
  "perceptron": "./rivals/policy/policy.json",
};

/** Of a rival: the coreset, and what the learned ones were fitted to. */
export function rivalIdentity(rival: Rival, coreset: string): Promise<string> {
  const file = FITTED[rival];
  return file === undefined
    ? Promise.resolve(coreset)
    : modelIdentity(fileURLToPath(new URL(file, import.meta.url)));
}

/** Of a model by its name (model/open.ts): the file's bytes, or the address. */
export async function modelIdentity(name: string): Promise<string> {
  const path = name.replace(/^replay:/, "");
  if (!existsSync(path)) return name;
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest("hex").slice(0, 32);
}
