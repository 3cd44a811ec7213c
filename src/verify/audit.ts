/**
 * The audit: every transform pass on the suites, alone (in each spelling that searches use), inside -Oz at several places,
 * and in the pairs that shipped lists contain. What speaks against a pass is kept with the shortest list and the
 * smallest program that show it.
 */

import { statSync } from "node:fs";
import type { AuditStatus, AuditedPair, AuditedPass, PassAudit } from "../passes/audit.ts";
import { classify } from "../passes/classify.ts";
import { nestPassList } from "../passes/nest.ts";
import { NEEDS_PARAMS, searchParams } from "../passes/params.ts";
import { parsePassList } from "../passes/parse.ts";
import { ozTree } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import type { PassInfo, Registry } from "../passes/registry.ts";
import { type PassList, type PassNode, insertAt, walk, withParams } from "../passes/tree.ts";
import type { ListReports } from "./many-lists.ts";
import type { PreparedSuite } from "./run-suite.ts";

export const PLACES = ["alone", "before -Oz", "at a third", "at two thirds", "after -Oz"] as const;
export type AuditPlace = (typeof PLACES)[number];

export interface AuditCase {
  /** The pass, or the pair "a,b". */
  readonly subject: string;
  readonly place: AuditPlace | "pair";
  readonly passes: string;
}

/**
 * Transforms that searches use, and passes held to be unsafe, whether by evidence or because nobody has tried them.
 * Pipelines for link-time optimisation, which mean nothing without a level, are no passes.
 */
export function auditedPasses(registry: Registry): PassInfo[] {
  const isAudited = (name: string): boolean => {
    const { kind } = classify(name); // not the registry's kind, which follows from the last audit
    return (kind === "transform" || kind === "unsafe") && !NEEDS_PARAMS.has(name);
  };
  return [...registry.passes.values()].filter(
    ({ kind, name }) => kind !== "adaptor" && isAudited(name),
  );
}

export function casesOfPass(info: PassInfo, registry: Registry): AuditCase[] {
  const subject = info.name;
  const spellings = searchParams(info).map((params) => withParams({ name: subject }, params));
  const alone = spellings.map((node): AuditCase => ({
    subject,
    place: "alone",
    passes: printPassList(nestPassList([node], registry)),
  }));
  const [plain] = spellings;
  return plain === undefined ? [] : [...alone, ...casesInOz(plain, registry)];
}

function casesInOz(node: PassNode, registry: Registry): AuditCase[] {
  const oz = ozTree(registry.llvmVersion);
  const leaves = walk(oz).filter(({ node: { body } }) => body === undefined);
  const at = (share: number): PassList => {
    const path = leaves[Math.floor(leaves.length * share)]?.path;
    return path === undefined ? oz : insertAt(oz, path, [node]);
  };
  const lists: Record<Exclude<AuditPlace, "alone">, PassList> = {
    "before -Oz": [node, ...oz],
    "at a third": at(1 / 3),
    "at two thirds": at(2 / 3),
    "after -Oz": [...oz, node],
  };
  return PLACES.flatMap((place) =>
    place === "alone"
      ? []
      : [
          {
            subject: node.name,
            place,
            passes: printPassList(nestPassList(lists[place], registry)),
          },
        ],
  );
}

/** Passes that follow each other in one of the lists, each pair once. */
export function casesOfPairs(lists: readonly string[], registry: Registry): AuditCase[] {
  const pairs = new Map<string, AuditCase>();
  for (const text of lists) {
    const parsed = parsePassList(text);
    const leaves = parsed.ok
      ? walk(parsed.list)
          .map(({ node }) => node)
          .filter(({ body }) => body === undefined)
      : [];
    for (const [index, node] of leaves.slice(1).entries()) {
      const pair = [leaves[index] ?? node, node];
      const subject = printPassList(pair);
      pairs.set(subject, {
        subject,
        place: "pair",
        passes: printPassList(nestPassList(pair, registry)),
      });
    }
  }
  return [...pairs.values()];
}

/** What was found, from cases and the reports of their lists. */
export function summarise(
  cases: readonly AuditCase[],
  rows: readonly ListReports[],
  { llvmVersion, suites }: { llvmVersion: string; suites: readonly PreparedSuite[] },
): PassAudit {
  const byList = new Map(rows.map((row) => [row.passes, row]));
  const subjects = new Map<string, { place: AuditCase["place"]; rows: ListReports[] }>();
  for (const { subject, place, passes } of cases) {
    const row = byList.get(passes);
    if (row === undefined) continue; // not reached before the run was stopped
    const key = place === "pair" ? `pair ${subject}` : subject;
    const entry = subjects.get(key) ?? { place, rows: [] };
    entry.rows.push(row);
    subjects.set(key, entry);
  }
  const audited = [...subjects].map(([subject, { place, rows: own }]) => ({
    subject,
    place,
    result: judge(own, suites),
  }));
  const pairOf = (subject: string, result: AuditedPass): AuditedPair => ({
    pair: subject.slice("pair ".length),
    ...result,
  });
  return {
    llvmVersion,
    suites: Object.fromEntries(suites.map(({ name, programs }) => [name, programs.length])),
    passes: Object.fromEntries(
      audited
        .filter(({ place }) => place !== "pair")
        .map(({ subject, result }) => [subject, result]),
    ),
    pairs: audited
      .filter(({ place }) => place === "pair")
      .map(({ subject, result }) => pairOf(subject, result)),
  };
}

interface Finding {
  readonly status: AuditStatus;
  readonly passes: string;
  readonly program: string;
  readonly words: string;
}

const SEVERITY: Record<AuditStatus, number> = { breaks: 3, hangs: 2, crashes: 1, safe: 0 };

function judge(rows: readonly ListReports[], suites: readonly PreparedSuite[]): AuditedPass {
  const findings = rows.flatMap(findingsOf);
  const bytes = sourceBytes(suites);
  const [worst] = findings.toSorted(
    (a, b) =>
      SEVERITY[b.status] - SEVERITY[a.status] ||
      a.passes.length - b.passes.length ||
      (bytes.get(a.program) ?? 0) - (bytes.get(b.program) ?? 0),
  );
  const programs = rows
    .flatMap(({ reports }) => reports)
    .reduce((total, { run }) => total + run, 0);
  const tried = { lists: rows.length, programs };
  return worst === undefined
    ? { status: "safe", ...tried }
    : { status: worst.status, evidence: evidenceOf(worst), ...tried };
}

const MAX_WORDS = 160;
/** A list longer than this is -Oz with the pass inside. */
const MAX_LIST_CHARACTERS = 120;

function evidenceOf({ passes, program, words }: Finding): string {
  const list = passes.length > MAX_LIST_CHARACTERS ? "inside -Oz" : passes;
  return `${program} with ${list}: ${(words.split("\n")[0] ?? "").slice(0, MAX_WORDS)}`;
}

function findingsOf({ passes, reports }: ListReports): Finding[] {
  return reports.flatMap(({ suite, wrong, undecided }) => [
    ...wrong.map(({ program, counterexample }): Finding => ({
      status: "breaks",
      passes,
      program: `${suite}/${program}`,
      words: counterexample,
    })),
    ...undecided.flatMap(({ program, why, outcome }): Finding[] =>
      outcome === undefined
        ? []
        : [
            {
              status: outcome === "timeout" ? "hangs" : "crashes",
              passes,
              program: `${suite}/${program}`,
              words: why,
            },
          ],
    ),
  ]);
}

function sourceBytes(suites: readonly PreparedSuite[]): Map<string, number> {
  return new Map(
    suites.flatMap(({ name, programs }) =>
      programs.map(({ program }): [string, number] => [
        `${name}/${program.name}`,
        statSync(program.path).size,
      ]),
    ),
  );
}
