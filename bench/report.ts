/** Results of a benchmark: JSON for programs and Markdown for people, with commit and machine, in results/. */

import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "../src/base/files.ts";

const FOLDER = join(import.meta.dirname, "../results");

export interface Provenance {
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly llvm: string;
}

export function provenance(llvm: string): Provenance {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  const isChanged = git("status", "--porcelain", "--", "src", "bench") !== "";
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    commit: git("rev-parse", "--short", "HEAD") + (isChanged ? " with changes" : ""),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${gib} GiB`,
    node: process.versions.node,
    llvm,
  };
}

/** Writes results/NAME.json and results/NAME.md. */
export function writeResults(
  name: string,
  data: { provenance: Provenance } & Record<string, unknown>,
  markdown: string,
): void {
  const { commit, date, machine, node, llvm } = data.provenance;
  const head = `Commit ${commit}, ${date}, ${machine}, Node ${node}, LLVM ${llvm}. Made by \`npm run bench -- ${name}\`.\n\n`;
  writeFileAtomic(join(FOLDER, `${name}.json`), `${JSON.stringify(data, null, 1)}\n`);
  writeFileAtomic(join(FOLDER, `${name}.md`), `# ${name}\n\n${head}${markdown}`);
  process.stderr.write(`wrote results/${name}.md and .json\n`);
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return (
    [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join(
      "\n",
    ) + "\n"
  );
}

export function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
