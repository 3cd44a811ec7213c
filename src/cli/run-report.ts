/** What `llmc report` does: rows in, a page or Markdown out. */

import { writeFileAtomic } from "../base/files.ts";
import { type Evaluation, readEvaluation } from "../eval/evaluation-file.ts";
import { readFinished } from "../eval/finished.ts";
import { reportMarkdown } from "../eval/report/markdown.ts";
import { reportPage } from "../eval/report/page.ts";
import { evalPlots } from "../eval/report/plots.ts";
import type { Row } from "../eval/row.ts";
import { timeTables } from "../eval/tables/all.ts";
import { CommandError, EXIT } from "./context.ts";

export interface ReportOptions {
  output?: string;
  title: string;
  json: boolean;
}

export async function runReport(
  folder: string,
  { output, title, json }: ReportOptions,
): Promise<void> {
  if (output !== undefined && !/\.(?:html|md)$/.test(output))
    throw new CommandError(`-o ${output}: want a name that ends in .html or .md`, EXIT.usage);
  const evaluation = evaluationIn(folder);
  const { rows, tables } = await readFinished(folder, evaluation);
  if (json) process.stdout.write(`${JSON.stringify({ evaluation, tables }, null, 2)}\n`);
  if (output === undefined) {
    if (!json) process.stdout.write(reportMarkdown(tables));
    return;
  }
  const about = aboutOf(evaluation, rows);
  const text = output.endsWith(".md")
    ? `# ${title}\n\n${about}\n\n${reportMarkdown(tables)}`
    : reportPage({
        title,
        about,
        tables: [...tables, ...timeTables(rows)],
        plots: await evalPlots(rows),
        provenance: provenanceOf(evaluation),
      });
  writeFileAtomic(output, text);
  if (!json) process.stdout.write(`written to ${output}\n`);
}

function evaluationIn(folder: string): Evaluation {
  try {
    return readEvaluation(folder);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), EXIT.usage);
  }
}

function aboutOf({ programs, packages, cases, isWhole }: Evaluation, rows: readonly Row[]): string {
  const asked = Object.entries(cases).map(([suite, count]) => `${suite} ${count}`);
  const part = isWhole ? "" : " The run was interrupted: not every contender has every case.";
  return `Programs: ${programs}, ${packages} packages. Cases: ${asked.join(", ")}. ${rows.length} rows.${part}`;
}

function provenanceOf(evaluation: Evaluation): [string, string][] {
  const { llvm, version, seed, coreset, settings, unusable, contenders, leftOut } = evaluation;
  const models = contenders.filter(({ kind }) => kind === "model");
  return [
    ["LLVM", llvm],
    ["llmc", version],
    ["Seed", `${seed}`],
    ["Coreset", coreset],
    [
      "Settings",
      Object.entries(settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    ],
    ...models.map(({ name, identity }): [string, string] => [`Model ${name}`, identity]),
    ["Programs that could not be used", unusableText(unusable)],
    ...Object.entries(leftOut)
      .filter(([, counts]) => Object.keys(counts).length > 0)
      .map(([suite, counts]): [string, string] => [
        `No case of ${suite}`,
        Object.entries(counts)
          .map(([why, count]) => `${why}: ${count}`)
          .join("; "),
      ]),
  ];
}

const MAX_TOLD = 20;

function unusableText(unusable: Evaluation["unusable"]): string {
  if (unusable.length === 0) return "none";
  const told = unusable.slice(0, MAX_TOLD).map(({ id, problem }) => `${id}: ${problem}`);
  const more = unusable.length > MAX_TOLD ? [`and ${unusable.length - MAX_TOLD} more`] : [];
  return `${unusable.length}: ${[...told, ...more].join("; ")}`;
}
