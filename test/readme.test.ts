import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEvaluation } from "../src/eval/evaluation-file.ts";
import { readRows } from "../src/eval/row-files.ts";
import { evalTables } from "../src/eval/tables/all.ts";
import { blockOf, readmeBlock } from "../tools/reproduce/readme-block.ts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(ROOT, "results/evaluation");

test("README.md shows what the committed evaluation says", async () => {
  const known = new Map(Object.entries(readEvaluation(RESULTS).known));
  const tables = evalTables(await readRows(RESULTS), { known });
  expect(blockOf(readFileSync(join(ROOT, "README.md"), "utf8"))).toBe(readmeBlock(tables));
}, 60_000);
