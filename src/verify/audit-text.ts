/** The audit as people and programs read it: docs/pass-audit.md and src/passes/generated/audit-N.ts. */

import type { AuditedPass, PassAudit } from "../passes/audit.ts";
import { classify } from "../passes/classify.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** `command`: how it was made, to be able to make it again. */
export function auditMarkdown(audit: PassAudit, command: string): string {
  const rows = Object.entries(audit.passes).map(([name, result]) => ({
    name,
    result,
    kind: classify(name).kind,
  }));
  const bad = rows.filter(({ result }) => result.status !== "safe");
  const against = bad.filter(({ kind }) => kind === "transform");
  const badPairs = audit.pairs.filter(({ status }) => status !== "safe");
  const suites = Object.entries(audit.suites)
    .map(([name, programs]) => `${name} (${programs} programs)`)
    .join(", ");
  return `# The audit of the passes

LLVM ${audit.llvmVersion}, suites: ${suites}. Made by \`${command}\`; not written by hand.

Each pass was run alone (mandatory inlining apart; in every spelling that searches use), before -Oz, inside it at a third and at two thirds, and
after it; a list that fails on a few programs is not followed further. *breaks*: a program did something else than at
-O0, died, hung or no longer linked. *crashes*: LLVM died, refused, or made invalid IR. *hangs*: LLVM did not end.
Safe means that these programs found nothing.

${rows.length} passes tried, ${rows.length - bad.length} safe, ${bad.length} not. Of the passes not known to be
unsafe before, ${against.length === 0 ? "none has evidence against it" : `these have evidence against them: ${against.map(({ name }) => `\`${name}\``).join(", ")}`}. A pass that breaks programs is refused; one that LLVM only
fails with is left alone by searches.

## Passes with evidence against them

${markdownTable(
  ["pass", "kind", "found", "evidence"],
  bad.map(({ name, kind, result }) => [`\`${name}\``, kind, result.status, result.evidence ?? ""]),
)}

## Pairs of the shipped lists

${audit.pairs.length} pairs tried, ${badPairs.length} not safe.
${
  badPairs.length === 0
    ? ""
    : `\n${markdownTable(
        ["pair", "found", "evidence"],
        badPairs.map(({ pair, status, evidence }) => [`\`${pair}\``, status, evidence ?? ""]),
      )}\n`
}
## All passes

${markdownTable(
  ["pass", "kind", "found", "lists", "programs"],
  rows.map(({ name, kind, result }) => [
    `\`${name}\``,
    kind,
    result.status,
    `${result.lists}`,
    `${result.programs}`,
  ]),
)}
`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** The name of the constant is that of the file: audit22. */
export function auditModule(audit: PassAudit): string {
  const major = Number.parseInt(audit.llvmVersion, 10);
  const passes = Object.entries(audit.passes).map(
    ([name, result]) => `    ${key(name)}: ${row(result)},`,
  );
  const pairs = audit.pairs.map(
    ({ pair, ...result }) => `    { pair: ${JSON.stringify(pair)}, ${row(result).slice(2)},`,
  );
  return `// Written by \`llmc passes audit\`; do not edit.

import type { PassAudit } from "../audit.ts";

export const audit${major}: PassAudit = {
  llvmVersion: ${JSON.stringify(audit.llvmVersion)},
  suites: ${JSON.stringify(audit.suites)},
  passes: {
${passes.join("\n")}
  },
  pairs: [
${pairs.join("\n")}
  ],
};
`;
}

const key = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name : JSON.stringify(name));

function row({ status, evidence, lists, programs }: AuditedPass): string {
  const told = evidence === undefined ? "" : ` evidence: ${JSON.stringify(evidence)},`;
  return `{ status: "${status}",${told} lists: ${lists}, programs: ${programs} }`;
}
