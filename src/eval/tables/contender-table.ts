/** The table that most tables are: one row a contender, one column a measure, the best first, published numbers after them. */

import { mean } from "../../base/stats.ts";
import type { SumStatistic } from "../metrics/bootstrap.ts";
import { estimateOfSums } from "../metrics/bootstrap.ts";
import { publishedRows } from "../published.ts";
import type { Row } from "../row.ts";
import type { Cell, Column, Table } from "../table.ts";
import type { Compared } from "./compared.ts";

export interface Measure<R extends Row> extends Column {
  /** Unique in a table, and what published numbers name it by. */
  readonly key: string;
  /** Of one contender's rows; undefined where there is nothing to tell. */
  readonly of: (rows: readonly R[]) => Cell | undefined;
  /** Errors and losses: the least is the best. */
  readonly isLessBetter?: boolean;
}

export interface ContenderTable<R extends Row> extends Pick<Table, "id" | "title" | "about"> {
  readonly measures: readonly Measure<R>[];
  /** Keys of measures that order the contenders; the next one decides between equals, at last the name. */
  readonly rank: readonly string[];
}

type MeasureOptions = Omit<Column, "title"> & { readonly isLessBetter?: boolean };

/** A measure that is a statistic of sums; percent with two digits unless told otherwise. */
export function measured<R extends Row>(
  [key, title]: readonly [key: string, title: string],
  statistic: SumStatistic<R>,
  options: MeasureOptions = { digits: 2, unit: "%" },
): Measure<R> {
  return { key, title, ...options, of: (rows) => estimateOfSums(rows, statistic) };
}

/** How many of the rows. */
export const counted = <R extends Row>(
  [key, title]: readonly [key: string, title: string],
  isSo: (row: R) => boolean,
): Measure<R> => ({ key, title, of: (rows) => rows.filter(isSo).length });

/** What describes the contenders instead of judging them: without an interval. */
export const described = <R extends Row>(
  [key, title]: readonly [key: string, title: string],
  value: (row: R) => number,
): Measure<R> => ({ key, title, digits: 1, of: (rows) => mean(rows.map(value)) });

/** None where there is no case to compare on. */
export function contenderTable<R extends Row>(
  compared: Compared<R>,
  spec: ContenderTable<R>,
): Table[] {
  const { id, title, measures } = spec;
  if (compared.cases.length === 0) return [];
  const ranking = measures.flatMap((measure, index) =>
    spec.rank.includes(measure.key) ? [{ measure, index }] : [],
  );
  ranking.sort((a, b) => spec.rank.indexOf(a.measure.key) - spec.rank.indexOf(b.measure.key));
  const rows = [...compared.rows].map(([name, own]) => ({
    name,
    cells: measures.map((measure) => measure.of(own)),
  }));
  rows.sort((a, b) => {
    for (const { measure, index } of ranking) {
      const order = compareCells(a.cells[index], b.cells[index], measure.isLessBetter);
      if (order !== 0) return order;
    }
    return 0;
  });
  const keys = measures.map(({ key }) => key);
  return [
    withoutEmptyColumns({
      id,
      title,
      about: `${spec.about} ${compared.about}`,
      columns: measures.map((measure) => columnOf(measure, measure.title)),
      rows: [...rows, ...publishedRows(id, keys)],
    }),
  ];
}

/** A column that no row fills, such as k = 50 where all tried 20 lists, tells nothing. */
function withoutEmptyColumns(table: Table): Table {
  const isFilled = (_: unknown, at: number): boolean =>
    table.rows.some(({ cells }) => cells[at] !== undefined);
  return {
    ...table,
    columns: table.columns.filter(isFilled),
    rows: table.rows.map((row) => ({ ...row, cells: row.cells.filter(isFilled) })),
  };
}

export const columnOf = ({ digits, unit }: Column, title: string): Column => ({
  title,
  ...(digits !== undefined && { digits }),
  ...(unit !== undefined && { unit }),
});

/** Better before worse, and both before nothing. */
export function compareCells(
  a: Cell | undefined,
  b: Cell | undefined,
  isLessBetter = false,
): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return isLessBetter ? x - y : y - x;
}

const numberOf = (cell: Cell | undefined): number | undefined =>
  typeof cell === "object" ? cell.value : typeof cell === "number" ? cell : undefined;
