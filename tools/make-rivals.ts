/**
 * Makes src/eval/rivals/rivals.json, the rivals that learn, from labels and the modules they are of. `--help` says how to run it. The same
 * labels, corpus and coreset give the same file.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files.ts";
import { contentHash } from "../src/base/hash.ts";
import { readRivals, writeRivals } from "../src/eval/rivals/file.ts";
import { fitGains, fitSizes } from "../src/eval/rivals/fit.ts";
import { readLabels } from "../src/label/parquet.ts";
import { makePool } from "../src/llvm/pool.ts";
import { findToolchain } from "../src/llvm/toolchain.ts";
import { coresetFileSchema } from "../src/tuner/coreset.ts";
import { labelledCases } from "./rivals/cases.ts";
import { gather } from "./rivals/gather.ts";
import { rivalsReport } from "./rivals/report.ts";

const ROOT = join(import.meta.dirname, "..");
const HELP = `Usage: node tools/make-rivals.ts [option...]

  --labels FILE    what \`llmc label merge\` wrote; the shipped ones are made from
                   \`llmc label merge tools/coreset/labels.parquet tools/coreset/labels-seed.parquet --partly\`
                   (default build/labels-all.parquet)
  --corpus FOLDER  where the labelled modules are (default build/corpus-db)
  --cache FILE     features and sizes that were gathered are kept here and not gathered again: remove it when features
                   change (default build/rivals/gathered.jsonl)
  --out FILE       (default src/eval/rivals/rivals.json)
  --report FILE    where to write how good they are on the test split (default results/rivals.md)
`;

const { values } = parseArgs({
  options: {
    labels: { type: "string", default: join(ROOT, "build/labels-all.parquet") },
    corpus: { type: "string", default: join(ROOT, "build/corpus-db") },
    cache: { type: "string", default: join(ROOT, "build/rivals/gathered.jsonl") },
    out: { type: "string", default: join(ROOT, "src/eval/rivals/rivals.json") },
    report: { type: "string", default: join(ROOT, "results/rivals.md") },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const labels = await readLabels(values.labels);
  const coresetText = readFileSync(join(ROOT, "src/tuner/coreset.json"), "utf8");
  const { lists } = coresetFileSchema.parse(JSON.parse(coresetText));
  const found = findToolchain(`${Number.parseInt(labels.llvm, 10)}`);
  if (found.status !== "found") throw new Error(found.message);
  using pool = makePool(found.toolchain, 2);
  const gathered = await gather(labels, { corpus: values.corpus, pool, cache: values.cache, say });
  const cases = labelledCases(gathered, labels, lists);
  const training = cases.filter(({ split }) => split === "train");
  const sized = gathered.filter(({ split }) => split === "train");
  say(`fitting to ${training.length} labelled modules and ${sized.length} sizes`);
  const text = writeRivals({
    madeFrom: {
      madeBy: "tools/make-rivals.ts",
      llvm: labels.llvm,
      lists,
      labels: contentHash(readFileSync(values.labels)),
      modules: training.length,
      packages: new Set(training.map((one) => one.package)).size,
      sizeModules: sized.length,
    },
    gains: fitGains(training),
    sizes: fitSizes(sized),
  });
  writeFileAtomic(values.out, text);
  say(`${values.out}: ${text.length} bytes`);
  writeFileAtomic(values.report, rivalsReport(readRivals(text), { cases, gathered }));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
