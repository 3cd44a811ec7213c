/**
 * What each training stage and size is worth: models as they were after each stage, asked for all tasks on one sample of the test
 * split, and one table of it, results/ablation.md. tools/ablation-train.ts makes them.
 *
 *   node tools/ablation.ts --model small-pretrain=run/pretrain.gguf --model ... [--note TEXT] [--out build/ablation]
 *
 * Cases are few, for many models are asked; results/evaluation has the shipped ones on many. What is done is not done again.
 */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files.ts";
import { readFinished } from "../src/eval/finished.ts";
import { cellText } from "../src/eval/report/format.ts";
import type { Table } from "../src/eval/table.ts";
import { ROOT, evalSample, optionsOf } from "./reproduce/sample.ts";

const BUDGETS = {
  "--count": 12,
  "--per-package": 1,
  "--compilations": 5,
  "--functions": 6,
  "--candidates": 1,
  "--emulations": 12,
  "--texts": 6,
  "--limit": 20,
};

/** Of each column: its title here, the table of the evaluation, and the column's title there. */
const COLUMNS = [
  ["flag tuning, saved at 1 list", "tune-compilations-total", "k = 1"],
  ["at 5 lists", "tune-compilations-total", "k = 5"],
  ["disassembly compiles", "disassemble", "compiles"],
  ["exact", "disassemble", "exact"],
  ["emulation compiles", "emulate-ir", "compiles"],
  ["exact", "emulate-ir", "exact"],
  ["IR, bits a character", "loss-ir", "bits per character"],
  ["assembly, bits a character", "loss-assembly", "bits per character"],
] as const;

const { values } = parseArgs({
  options: {
    model: { type: "string", multiple: true, default: [] },
    note: { type: "string", default: "" },
    out: { type: "string", default: join(ROOT, "build/ablation") },
  },
});
const names = values.model.map((text) => text.slice(0, text.lastIndexOf("=")));
if (names.length === 0 || names.includes("")) {
  process.stderr.write("want: --model NAME=FILE.gguf, once for each stage and size\n");
  process.exit(2);
}

/** Not sizes: a model that was not taught them goes on and on, as it does with code until the limit of seconds. */
const asked = ["--suite", "tune,disassemble,emulate,loss", "--rivals", "coreset,value prediction"];
const args = [...evalSample(values.model, BUDGETS), ...asked, "-o", values.out];
execFileSync(join(ROOT, "llmc"), args, { stdio: ["ignore", 2, 2] });

const { tables } = await readFinished(values.out);

function cell(name: string, id: string, title: string): string {
  const table: Table | undefined = tables.find((one) => one.id === id);
  const at = table?.columns.findIndex((column) => column.title === title) ?? -1;
  const column = table?.columns[at];
  const row = table?.rows.find((one) => one.name === name);
  if (column === undefined || row === undefined) return "–";
  const { value, interval } = cellText(row.cells[at], column);
  return [value === "" ? "–" : value, interval].filter((text) => text !== "").join(" ");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const rowOf = (name: string): string =>
  line([name].concat(COLUMNS.map(([, id, title]) => cell(name, id, title))));
const about = `Of \`llmc eval ${optionsOf(BUDGETS).join(" ")}\`, 95 % intervals by package. Made by \`node tools/ablation.ts\`.`;
const text = [
  `# Ablation by stage and size\n\n${about}\n`,
  ...(values.note === "" ? [] : [`${values.note}\n`]),
  line(["model, after"].concat(COLUMNS.map(([title]) => title))),
  line(["---"].concat(COLUMNS.map(() => "---:"))),
  ...[...names, "coreset", "value prediction"].map(rowOf),
  "",
].join("\n");
writeFileAtomic(join(ROOT, "results/ablation.md"), text);
process.stdout.write(text);
