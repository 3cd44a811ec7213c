// Train or test, decided for a whole package by the hash of its name alone: the answer never changes when
// packages come and go, and no two files of one program end up on both sides.
import { hash } from "node:crypto";

export type Split = "train" | "test";

const TEST_PERCENT = 20;

export function splitOf(packageName: string): Split {
  const head = Number.parseInt(hash("sha256", packageName).slice(0, 8), 16);
  return head % 100 < TEST_PERCENT ? "test" : "train";
}
