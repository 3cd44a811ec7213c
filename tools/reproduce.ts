/**
 * The evaluation of the shipped models on the committed sample of the test split (test/corpus), beside all rivals: rows and report
 * into results/evaluation/, the main tables into the README. What is done is not done again: a run that was stopped goes on.
 *
 *   npm run reproduce [-- --model models/tuner-q8_0.gguf] [--programs 160] [--out build/evaluation]
 */

import { copyFileSync, globSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { makeFolder } from "../src/base/files.ts";
import { llmc } from "./command.ts";
import { RESULTS, publish } from "./reproduce/publish.ts";
import { ROOT, evalSample } from "./reproduce/sample.ts";

/** Less of everything than `llmc eval` takes by itself: an hour of two cores is what there is. */
const BUDGETS = {
  "--per-package": 99,
  "--compilations": 50,
  "--search": 100,
  "--functions": 100,
  "--candidates": 8,
  "--emulations": 100,
  "--texts": 16,
};

const { values } = parseArgs({
  options: {
    model: { type: "string", multiple: true },
    programs: { type: "string", default: "160" },
    out: { type: "string", default: join(ROOT, "build/evaluation") },
  },
});
const models =
  values.model ?? globSync("models/*.gguf", { cwd: ROOT }).map((name) => join(ROOT, name));
const named = models.map((text) =>
  text.includes("=") ? text : `${basename(text, ".gguf")}=${text}`,
);

const started = performance.now();
const labels = join(ROOT, "tools/coreset/labels.parquet");
const sample = ["--labels", labels, "--count", values.programs];
llmc(...evalSample(named, BUDGETS), ...sample, "--optimize", "--alone", "-o", values.out);
makeFolder(RESULTS);
for (const old of globSync("rows-*.parquet", { cwd: RESULTS })) rmSync(join(RESULTS, old));
for (const name of ["evaluation.json", ...globSync("rows-*.parquet", { cwd: values.out })])
  copyFileSync(join(values.out, name), join(RESULTS, name));
await publish();
const minutes = (performance.now() - started) / 60_000;
process.stdout.write(`results/evaluation/ and README.md written, ${minutes.toFixed(1)} minutes\n`);
