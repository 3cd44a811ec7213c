/**
 * Makes src/eval/rivals/rivals.json, the rivals that learn, and src/eval/rivals/policy/policy.json, the policy, from labels and the modules they
 * are of. `--help` says how to run it. The same labels, corpus and coreset give the same files.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files.ts";
import { contentHash } from "../src/base/hash.ts";
import { savedPercent } from "../src/base/stats.ts";
import { readRivals, writeRivals } from "../src/eval/rivals/file.ts";
import { fitGains, fitSizes } from "../src/eval/rivals/fit.ts";
import { fitPolicy } from "../src/eval/rivals/policy/fit/fit.ts";
import { readLabels } from "../src/label/parquet.ts";
import { makePool } from "../src/llvm/pool.ts";
import { findToolchain } from "../src/llvm/toolchain.ts";
import { type PolicyMadeFrom, readPolicy, writePolicy } from "../src/eval/rivals/policy/file.ts";
import { coresetFileSchema } from "../src/tuner/coreset.ts";
import { type LabelledCase, labelledCases } from "./rivals/cases.ts";
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
  --policy FILE    (default src/eval/rivals/policy/policy.json)
  --report FILE    where to write how good they are on the test split (default results/rivals.md)
`;

const { values } = parseArgs({
  options: {
    labels: { type: "string", default: join(ROOT, "build/labels-all.parquet") },
    corpus: { type: "string", default: join(ROOT, "build/corpus-db") },
    cache: { type: "string", default: join(ROOT, "build/rivals/gathered.jsonl") },
    out: { type: "string", default: join(ROOT, "src/eval/rivals/rivals.json") },
    policy: { type: "string", default: join(ROOT, "src/eval/rivals/policy/policy.json") },
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
  const madeFrom = {
    madeBy: "tools/make-rivals.ts",
    llvm: labels.llvm,
    lists,
    labels: contentHash(readFileSync(values.labels)),
    modules: training.length,
    packages: new Set(training.map((one) => one.package)).size,
  };
  const policy = policyText(training, madeFrom);
  write(values.policy, policy);
  const rivals = writeRivals({
    madeFrom: { ...madeFrom, sizeModules: sized.length },
    gains: fitGains(training),
    sizes: fitSizes(sized),
  });
  write(values.out, rivals);
  const read = { ...readRivals(rivals), policy: readPolicy(policy) };
  write(values.report, rivalsReport(read, { cases, gathered }));
}

function policyText(
  training: readonly LabelledCase[],
  madeFrom: Omit<PolicyMadeFrom, "training">,
): string {
  const modules = training.map(({ package: from, features, oz, sizes }) => {
    const saved = sizes.map((size) => (size === Infinity ? undefined : savedPercent(oz, size)));
    return { package: from, features, saved };
  });
  const { training: how, ...fitted } = fitPolicy(modules, say);
  return writePolicy({ madeFrom: { ...madeFrom, training: how }, ...fitted });
}

function write(path: string, text: string): void {
  writeFileAtomic(path, text);
  say(`${path}: ${text.length} bytes`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
