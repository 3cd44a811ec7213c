/**
 * Makes src/tuner/savings-prior.json: how much each of the coreset's lists saves on labelled training modules, and how these savings go
 * together. `--help` says how to run it.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../../src/base/files.ts";
import { mean, savedPercent } from "../../src/base/stats.ts";
import type { Labels } from "../../src/label/labels.ts";
import { readLabels } from "../../src/label/parquet.ts";
import { printPassList } from "../../src/passes/print.ts";
import { registryFor } from "../../src/passes/registry.ts";
import { loadCoreset } from "../../src/tuner/coreset.ts";
import {
  type PriorFile,
  SAVED_BOUNDS,
  boundedSaving,
  nameInPrior,
  priorFileSchema,
} from "../../src/tuner/expected-improvement.ts";
import { formatRows } from "./format.ts";

const HELP = `Usage: node tools/coreset/make-prior.ts [option...]

  --labels FILE   what \`llmc label merge --partly\` made of tools/coreset/labels*.parquet, with its -lists.parquet beside it
  --out FILE      (default src/tuner/savings-prior.json)
`;

async function main(path: string): Promise<void> {
  const labels = await readLabels(path);
  const lists = loadCoreset(registryFor(Number.parseInt(labels.llvm, 10))).lists.map(printPassList);
  const savings = savingsOf(labels, lists);
  const means = lists.map((_, list) => mean(savings.map((row) => row[list] ?? 0)));
  const centred = savings.map((row) => row.map((saved, list) => saved - (means[list] ?? 0)));
  const file: PriorFile = priorFileSchema.parse({
    madeBy: "tools/coreset/make-prior.ts",
    llvmVersion: labels.llvm,
    modules: savings.length,
    lists: lists.map(nameInPrior),
    means: means.map(rounded),
    covariance: lists.map((_, a) =>
      lists
        .slice(0, a + 1)
        .map((__, b) => rounded(mean(centred.map((row) => (row[a] ?? 0) * (row[b] ?? 0))))),
    ),
  } satisfies PriorFile);
  const { covariance, ...head } = file;
  writeFileAtomic(values.out, formatRows(head, "covariance", covariance));
  process.stderr.write(
    `${savings.length} training modules, ${lists.length} lists: ${values.out}\n`,
  );
}

/** By training module and list of the coreset. Throws where the labels lack a list. */
function savingsOf({ lists, rows }: Labels, coreset: readonly string[]): number[][] {
  const ids = coreset.map((passes) => {
    const id = lists.findIndex((list) => list.isBroadcast && list.passes === passes);
    if (id < 0)
      throw new Error(
        `the labels know no sizes under the coreset's "${passes}"; want labels of all its lists`,
      );
    return id;
  });
  return rows
    .filter(({ split, oz }) => split === "train" && oz[0] > 0)
    .map(({ oz, sizes }) =>
      ids.map((id) => {
        const size = sizes[id];
        return size ? boundedSaving(savedPercent(oz[0], size[0])) : SAVED_BOUNDS.least;
      }),
    );
}

/** Labels are of some thousand modules: the third digit behind the point is noise. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const { values } = parseArgs({
  options: {
    labels: { type: "string" },
    out: {
      type: "string",
      default: join(import.meta.dirname, "../../src/tuner/savings-prior.json"),
    },
    help: { type: "boolean", default: false },
  },
});
if (values.help || values.labels === undefined) process.stdout.write(HELP);
else await main(values.labels);
