/** A fair comparison: contenders are compared on the cases that all of them have rows for, and each table says how many. */

import type { Row } from "../row.ts";

export interface Compared<R extends Row = Row> {
  /** By contender, in the order of names; each has the same cases, in the order of their ids. */
  readonly rows: ReadonlyMap<string, readonly R[]>;
  /** In order. */
  readonly cases: readonly string[];
  /** A sentence for a table: how many cases, of how many. */
  readonly about: string;
}

/** Of rows of one kind, in any order. */
export function compare<R extends Row>(rows: readonly R[]): Compared<R> {
  const byContender = Map.groupBy(rows, ({ contender }) => contender);
  const haveIt = new Map<string, number>();
  for (const row of rows) haveIt.set(row.case, (haveIt.get(row.case) ?? 0) + 1);
  const isCommon = (name: string): boolean => haveIt.get(name) === byContender.size;
  const cases = [...haveIt.keys()].filter(isCommon).toSorted(byText);
  return {
    rows: new Map(
      [...byContender]
        .toSorted(([a], [b]) => byText(a, b))
        .map(([name, own]) => [name, inOrder(own.filter((row) => isCommon(row.case)))]),
    ),
    cases,
    about: aboutCases(cases.length, haveIt.size, byContender.size),
  };
}

export const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const inOrder = <R extends Row>(rows: readonly R[]): R[] =>
  rows.toSorted((a, b) => byText(a.case, b.case) || byText(a.contender, b.contender));

function aboutCases(common: number, all: number, contenders: number): string {
  if (contenders === 1) return `${all} ${all === 1 ? "case" : "cases"}.`;
  const of = common === all ? "" : ` of ${all}`;
  return `On the ${common}${of} cases that all ${contenders} contenders have rows for.`;
}
