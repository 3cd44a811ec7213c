/** From the rows in results/evaluation/ its report, and the main tables in the README. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../src/base/files.ts";
import { readFinished } from "../../src/eval/finished.ts";
import { llmc } from "../command.ts";
import { blockOf, readmeBlock } from "./readme-block.ts";
import { ROOT } from "./sample.ts";

export const RESULTS = join(ROOT, "results/evaluation");
const README = join(ROOT, "README.md");

export async function publish(): Promise<void> {
  const title = "The shipped models on packages that no training stage saw";
  for (const name of ["report.md", "report.html"])
    llmc("report", RESULTS, "-o", join(RESULTS, name), "--title", title);
  const readme = readFileSync(README, "utf8");
  const block = readmeBlock((await readFinished(RESULTS)).tables);
  writeFileAtomic(
    README,
    readme.replace(blockOf(readme), () => block),
  );
}
