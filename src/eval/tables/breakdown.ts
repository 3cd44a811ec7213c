/** One measure of a suite by the kind of case: its size, language, package, length of prompt, and by stage of training. */

import { STAGES } from "../../dataset/stages.ts";
import type { Row } from "../row.ts";
import type { Table } from "../table.ts";
import { bucketOf, bucketTitle } from "./buckets.ts";
import { byText } from "./compared.ts";
import type { Compared } from "./compared.ts";
import { columnOf, compareCells } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";

export interface BreakdownSpec<R extends Row> {
  /** What ids begin with: tune, loss-ir. */
  readonly id: string;
  /** What titles begin with. */
  readonly title: string;
  /** What is measured, one sentence. */
  readonly about: string;
  readonly measure: Measure<R>;
}

interface Grouping {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Cases by group, in the order of the columns. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Only what tells more than the main table: a grouping of one group is left out. */
export function breakdowns<R extends Row>(compared: Compared<R>, spec: BreakdownSpec<R>): Table[] {
  return [
    ...bySize(compared, spec),
    ...groupTable(compared, spec, byProperty(compared, "language")),
    ...groupTable(compared, spec, byContext(compared)),
    ...packageTable(compared, spec),
    ...stageTable(compared, spec),
  ];
}

export function bySize<R extends Row>(compared: Compared<R>, spec: BreakdownSpec<R>): Table[] {
  const sizes = new Map(firstRows(compared).map((row) => [row.case, row.bytes]));
  return groupTable(compared, spec, {
    id: "size",
    title: "size",
    about: "By bytes of what the contender is given.",
    groups: bucketed(sizes),
  });
}

/** Contenders count the tokens of a prompt differently: a case counts where the longest of its prompts lies. */
function byContext<R extends Row>({ rows }: Compared<R>): Grouping {
  const longest = new Map<string, number>();
  for (const { case: name, promptTokens } of [...rows.values()].flat())
    if (promptTokens !== null)
      longest.set(name, Math.max(promptTokens, longest.get(name) ?? promptTokens));
  return {
    id: "context",
    title: "context length",
    about: "By tokens of the prompt, the longest of the contenders'.",
    groups: bucketed(longest),
  };
}

const firstRows = <R extends Row>({ rows }: Compared<R>): readonly R[] =>
  rows.values().next().value ?? [];

function byProperty<R extends Row>(
  compared: Compared<R>,
  property: "language" | "package",
): Grouping {
  const found = Map.groupBy(firstRows(compared), (row) => row[property]);
  const groups = [...found]
    .toSorted(([a], [b]) => byText(a, b))
    .map(([name, rows]) => [name, new Set(rows.map((row) => row.case))] as const);
  return { id: property, title: property, about: "", groups: new Map(groups) };
}

function bucketed(values: ReadonlyMap<string, number>): Map<string, Set<string>> {
  const found = Map.groupBy([...values], ([, value]) => bucketOf(value));
  return new Map(
    [...found]
      .toSorted(([a], [b]) => a - b)
      .map(([bucket, cases]) => [bucketTitle(bucket), new Set(cases.map(([name]) => name))]),
  );
}

function groupTable<R extends Row>(
  compared: Compared<R>,
  { id, title, about, measure }: BreakdownSpec<R>,
  by: Grouping,
): Table[] {
  if (by.groups.size < 2) return [];
  const columns = [...by.groups].map(([name, cases]) =>
    columnOf(measure, `${name} (${cases.size})`),
  );
  const rows = ranked(compared, measure).map(([name, own]) => ({
    name,
    cells: [
      measure.of(own),
      ...[...by.groups.values()].map((cases) =>
        measure.of(own.filter((row) => cases.has(row.case))),
      ),
    ],
  }));
  return [
    {
      id: `${id}-by-${by.id}`,
      title: `${title} by ${by.title}`,
      about: [about, by.about, "Cases in brackets.", compared.about].filter(Boolean).join(" "),
      columns: [columnOf(measure, "all"), ...columns],
      rows,
    },
  ];
}

/** Packages are many: one row each, the contenders beside each other, the best first. */
function packageTable<R extends Row>(
  compared: Compared<R>,
  { id, title, about, measure }: BreakdownSpec<R>,
): Table[] {
  const { groups } = byProperty(compared, "package");
  if (groups.size < 2) return [];
  const contenders = ranked(compared, measure);
  return [
    {
      id: `${id}-by-package`,
      title: `${title} by package`,
      about: `${about} ${compared.about}`,
      columns: [{ title: "cases" }, ...contenders.map(([name]) => columnOf(measure, name))],
      rows: [...groups].map(([name, cases]) => ({
        name,
        cells: [
          cases.size,
          ...contenders.map(([, own]) => measure.of(own.filter((row) => cases.has(row.case)))),
        ],
      })),
    },
  ];
}

/** Contenders named SIZE/STAGE: one row a size, one column a stage in the order of training. */
function stageTable<R extends Row>(
  compared: Compared<R>,
  { id, title, about, measure }: BreakdownSpec<R>,
): Table[] {
  const staged = [...compared.rows].flatMap(([name, own]) => {
    const at = name.lastIndexOf("/");
    const stage = STAGES.find((known) => known === name.slice(at + 1));
    return at < 0 || stage === undefined ? [] : [{ size: name.slice(0, at), stage, own }];
  });
  const stages = STAGES.filter((known) => staged.some(({ stage }) => stage === known));
  if (stages.length === 0) return [];
  const sizes = [...Map.groupBy(staged, ({ size }) => size)];
  return [
    {
      id: `${id}-by-stage`,
      title: `${title} by model size and training stage`,
      about: `${about} ${compared.about}`,
      columns: stages.map((stage) => columnOf(measure, stage)),
      rows: sizes.map(([name, members]) => ({
        name,
        cells: stages.map((stage) => {
          const member = members.find((each) => each.stage === stage);
          return member && measure.of(member.own);
        }),
      })),
    },
  ];
}

/** The best first, by the measure over all cases. */
function ranked<R extends Row>(
  { rows }: Compared<R>,
  measure: Measure<R>,
): (readonly [string, readonly R[]])[] {
  const values = new Map([...rows].map(([name, own]) => [name, measure.of(own)]));
  return [...rows].toSorted(([a], [b]) =>
    compareCells(values.get(a), values.get(b), measure.isLessBetter),
  );
}
