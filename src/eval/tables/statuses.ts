/** What became of every case: no suite leaves one out. And how long it took. */

import { mean, quantile, sum } from "../../base/stats.ts";
import { STATUSES } from "../row.ts";
import type { Row } from "../row.ts";
import type { Table } from "../table.ts";
import { byText } from "./compared.ts";

/** Of all rows of a suite, compared or not. */
export function statusTable(
  rows: readonly Row[],
  { id, title }: Pick<Table, "id" | "title">,
): Table[] {
  if (rows.length === 0) return [];
  const cases = new Set(rows.map((row) => row.case)).size;
  return [
    {
      id: `${id}-statuses`,
      title: `${title}: what became of each case`,
      about: `Cases by how they ended, of ${cases}. “No row”: others have one, this contender was not asked.`,
      columns: [{ title: "cases" }, ...[...STATUSES, "no row"].map((name) => ({ title: name }))],
      rows: contendersOf(rows).map(([name, own]) => ({
        name,
        cells: [
          own.length,
          ...STATUSES.map((status) => own.filter((row) => row.status === status).length),
          cases - own.length,
        ],
      })),
    },
  ];
}

/** Apart from the other tables: no two runs give the same. */
export function timeTable(
  rows: readonly Row[],
  { id, title }: Pick<Table, "id" | "title">,
): Table[] {
  if (rows.length === 0) return [];
  return [
    {
      id: `${id}-times`,
      title: `${title}: time`,
      about:
        "Wall clock of this machine, not reproducible: the contender's own seconds for a case, measuring and checking aside.",
      columns: [
        { title: "cases" },
        { title: "all together", digits: 1, unit: "s" },
        ...["mean", "median", "90 %", "longest"].map((name) => ({
          title: name,
          digits: 3,
          unit: "s",
        })),
      ],
      rows: contendersOf(rows).map(([name, own]) => {
        const times = own.map((row) => row.seconds);
        const marks = [0.5, 0.9, 1].map((q) => quantile(times, q));
        return { name, cells: [own.length, sum(times), mean(times), ...marks] };
      }),
    },
  ];
}

const contendersOf = (rows: readonly Row[]): [string, Row[]][] =>
  [...Map.groupBy(rows, ({ contender }) => contender)].toSorted(([a], [b]) => byText(a, b));
