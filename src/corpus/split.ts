// Train, valid or test, decided for a whole package by the hash of its name alone: the answer never changes when
// packages come and go, and no two files of one program end up on different sides.
import { hash } from "node:crypto";

export const SPLITS = ["train", "valid", "test"] as const;
export type Split = (typeof SPLITS)[number];

const TEST_PERCENT = 20;
/** Of all packages. Taken out of what was training once; `test` is what it was when the first coreset was made. */
const VALID_PERCENT = 5;

export function splitOf(packageName: string): Split {
  const head = Number.parseInt(hash("sha256", packageName).slice(0, 8), 16) % 100;
  if (head < TEST_PERCENT) return "test";
  return head < TEST_PERCENT + VALID_PERCENT ? "valid" : "train";
}
