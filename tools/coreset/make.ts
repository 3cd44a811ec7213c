/**
 * Makes src/tuner/coreset.json from labels (`llmc label`, `llmc label merge`): of the lists that were tried on every
 * module and judged correct, greedily those whose first k save most on the training modules. `--help` says how to run it.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readJsonLines, writeFileAtomic } from "../../src/base/files.ts";
import { coresetOf } from "../../src/label/coreset.ts";
import { readLabels } from "../../src/label/parquet.ts";
import { checkPassList } from "../../src/passes/check.ts";
import { registryFor } from "../../src/passes/registry.ts";
import { coresetFileSchema, type CoresetFile } from "../../src/tuner/coreset.ts";
import { formatRows } from "./format.ts";

const HELP = `Usage: node tools/coreset/make.ts [option...]

  --labels FILE   what \`llmc label merge\` wrote, with its -lists.parquet beside it (default tools/coreset/labels.parquet)
  --count N       pass lists chosen (default 100)
  --out FILE      (default src/tuner/coreset.json)

Lists in tools/coreset/rejected.jsonl ({"passes", "why"} a line) are not chosen: put there what
\`llmc verify --coreset --suite all\` finds wrong, and run this again.
`;

const { values } = parseArgs({
  options: {
    labels: { type: "string", default: join(import.meta.dirname, "labels.parquet") },
    count: { type: "string", default: "100" },
    out: { type: "string", default: join(import.meta.dirname, "../../src/tuner/coreset.json") },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await main(values.labels);

async function main(labelsFile: string): Promise<void> {
  const labels = await readLabels(labelsFile);
  const chosen = coresetOf(labels, { count: Number(values.count), isUsable: usable(labels.llvm) });
  const file = coresetFileSchema.parse({
    madeBy: "tools/coreset/make.ts",
    llvmVersion: labels.llvm,
    seed: 0, // the choice from labels draws nothing
    objective: "size",
    trainingPackages: [...chosen.packages],
    trainingSavings: chosen.savings.map((value) => Math.round(value * 1000) / 1000),
    lists: [...chosen.lists],
  } satisfies Record<keyof CoresetFile, unknown>);
  const { lists, ...head } = file;
  writeFileAtomic(values.out, formatRows(head, "lists", lists));
  say(`${chosen.modules} training modules of ${chosen.packages.length} packages`);
  for (const k of [1, 5, 10, 20, 50, 100])
    say(`first ${k}: ${file.trainingSavings[k - 1] ?? "-"} % mean saving on training modules`);
}

const rejectedSchema = z.object({ passes: z.string(), why: z.string() });

/** Accepted by the registry as it is now, and not among the lists that a full verification found wrong. */
function usable(llvm: string): (passes: string) => boolean {
  const registry = registryFor(Number.parseInt(llvm, 10));
  const rejected = readJsonLines(join(import.meta.dirname, "rejected.jsonl")).map(
    (line) => rejectedSchema.parse(line).passes,
  );
  return (passes) => checkPassList(passes, registry).ok && !rejected.includes(passes);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
