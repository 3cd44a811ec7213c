/** The statistics of a corpus as tables of text, for the terminal and the page alike. */

import type { CorpusStats, Group } from "./stats.ts";

export interface StatsTable {
  readonly title: string;
  /** None for the first table, which is pairs of name and value. */
  readonly head: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

/** The first column of each table is a name, the others are numbers. */
export function statsTables(stats: CorpusStats): readonly StatsTable[] {
  return [
    { title: "corpus", head: undefined, rows: facts(stats) },
    groupTable("splits", "split", stats.bySplit),
    groupTable("languages", "language", stats.byLanguage),
    {
      title: "removed",
      head: ["why", "modules", "functions"],
      rows: stats.removed.map(({ why, modules, functions }) => [
        why,
        ...[modules, functions].map(number),
      ]),
    },
    {
      title: "sizes",
      head: ["", "min", "10 %", "median", "90 %", "99 %", "max"],
      rows: stats.sizes.map(({ of, min, p10, median, p90, p99, max }) => [
        of,
        ...[min, p10, median, p90, p99, max].map(number),
      ]),
    },
    groupTable("packages", "package", stats.byPackage),
  ];
}

function facts({ total, leak, lastRun }: CorpusStats): string[][] {
  const speed =
    lastRun === undefined
      ? []
      : [["modules a second, last run", (lastRun.modules / lastRun.seconds).toFixed(1)]];
  return [
    ["packages", number(total.packages)],
    ["modules", `${number(total.kept)} kept of ${number(total.modules)}`],
    ["functions", `${number(total.functions)}, ${number(total.distinctFunctions)} distinct`],
    ["instructions", number(total.instructions)],
    ["characters of the normal form", number(total.characters)],
    ["bitcode bytes", number(total.bitcodeBytes)],
    [
      "test functions that training has too",
      `${number(leak.inTrain)} of ${number(leak.functions)}`,
    ],
    ...speed,
  ];
}

const groupTable = (title: string, name: string, groups: readonly Group[]): StatsTable => ({
  title,
  head: [name, "packages", "modules", "functions", "distinct", "instructions", "characters"],
  rows: groups.map((row) => [
    row.name,
    ...[
      row.packages,
      row.modules,
      row.functions,
      row.distinctFunctions,
      row.instructions,
      row.characters,
    ].map(number),
  ]),
});

const number = (value: number): string => Math.round(value).toLocaleString("en");
