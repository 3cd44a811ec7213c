/** Code-size prediction: what the object will weigh, before and after the pass list that was named. */

import { relativeError } from "../../tasks/score.ts";
import { estimate } from "../metrics/bootstrap.ts";
import { pearson, spearman } from "../metrics/correlation.ts";
import type { Pair } from "../metrics/correlation.ts";
import { meanOf, percentOf } from "../metrics/ratios.ts";
import type { SizeRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns } from "./breakdown.ts";
import { compare } from "./compared.ts";
import { contenderTable, measured } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";

const ABOUT =
  "MAPE: mean of |predicted - measured| / measured; a missing number counts as an error of 1.";

export function sizeTables(rows: readonly SizeRow[]): Table[] {
  const compared = compare(rows);
  const after = errorOf(AFTER);
  return [
    ...contenderTable(compared, {
      id: "size",
      title: "Code-size prediction",
      about: `${ABOUT} Correlations are over the predicted cases alone. Before: the object without any pass; after: with the pass list named, -Oz where none was; where that list does not run there is nothing to compare with.`,
      measures: [errorOf(BEFORE), after, ...[BEFORE, AFTER].flatMap(correlationsOf)],
      rank: ["mape after", "mape before"],
    }),
    ...breakdowns(compared, {
      id: "size",
      title: "Code-size prediction",
      about: `${ABOUT} After the pass list.`,
      measure: after,
    }),
  ];
}

interface Side {
  readonly key: "before" | "after";
  readonly predicted: (row: SizeRow) => number | null;
  readonly measured: (row: SizeRow) => number | null;
}

const BEFORE: Side = {
  key: "before",
  predicted: (row) => row.predictedBefore,
  measured: (row) => row.measuredBefore,
};
const AFTER: Side = {
  key: "after",
  predicted: (row) => row.predictedAfter,
  measured: (row) => row.measuredAfter,
};

const errorOf = (side: Side): Measure<SizeRow> =>
  measured(
    [`mape ${side.key}`, `MAPE ${side.key}`],
    meanOf((row: SizeRow) => errorOn(side.predicted(row), side.measured(row))),
    { digits: 3, isLessBetter: true },
  );

/** Undefined where nothing was measured. */
export const errorOn = (predicted: number | null, actual: number | null): number | undefined =>
  actual === null ? undefined : predicted === null ? 1 : relativeError(predicted, actual);

function correlationsOf(side: Side): Measure<SizeRow>[] {
  const { key } = side;
  const correlation = (name: string, of: (pairs: readonly Pair[]) => number): Measure<SizeRow> => ({
    key: `${name} ${key}`,
    title: `${name} ${key}`,
    digits: 3,
    of: (rows) => {
      const pairs = rows.flatMap((row) => {
        const [x, y] = [side.predicted(row), side.measured(row)];
        return x === null || y === null ? [] : [{ x, y, package: row.package }];
      });
      return estimate(pairs, of);
    },
  });
  return [
    measured(
      [`predicted ${key}`, `predicted ${key}`],
      percentOf((row: SizeRow) => side.predicted(row) !== null),
      { digits: 1, unit: "%" },
    ),
    correlation("Pearson", pearson),
    correlation("Spearman", spearman),
  ];
}
