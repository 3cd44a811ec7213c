import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFinished } from "../src/eval/finished.ts";
import { blockOf, readmeBlock } from "../tools/reproduce/readme-block.ts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(ROOT, "results/evaluation");

test("README.md shows what the committed evaluation says", async () => {
  const { tables } = await readFinished(RESULTS);
  expect(blockOf(readFileSync(join(ROOT, "README.md"), "utf8"))).toBe(readmeBlock(tables));
}, 60_000);
