/** All tables of an evaluation, suite by suite, from its rows alone: in any order they give the same. */

import { elsewhereTable } from "../published.ts";
import type { Row, RowOf } from "../row.ts";
import { SUITES } from "../suite.ts";
import type { SuiteName } from "../suite.ts";
import type { Table } from "../table.ts";
import { codeTables } from "./code.ts";
import { inOrder } from "./compared.ts";
import { disassembleTables } from "./disassemble.ts";
import { emulateTables } from "./emulate.ts";
import { lossTables } from "./loss.ts";
import { sizeTables } from "./size.ts";
import { statusTable, timeTable } from "./statuses.ts";
import { SUITE_TITLES } from "./titles.ts";
import type { BestSizes } from "./tune-potential.ts";
import { tuneTables } from "./tune.ts";

export interface TableOptions {
  /** The best size known of a case of flag tuning from elsewhere (labels). */
  readonly known?: BestSizes;
}

/** Two runs of one evaluation give the same. */
export const evalTables = (
  rows: readonly Row[],
  { known = new Map() }: TableOptions = {},
): Table[] => {
  if (rows.length === 0) return [];
  const tables = SUITES.flatMap((suite) => [
    ...suiteTables(inOrder(rows), suite, known),
    ...statusTable(ofSuite(rows, suite), namesOf(suite)),
  ]);
  return [...tables, elsewhereTable()];
};

/** Wall clock, so no two runs give the same. */
export const timeTables = (rows: readonly Row[]): Table[] =>
  SUITES.flatMap((suite) => timeTable(inOrder(ofSuite(rows, suite)), namesOf(suite)));

const namesOf = (suite: SuiteName): Pick<Table, "id" | "title"> => ({
  id: suite,
  title: SUITE_TITLES[suite],
});

const ofSuite = <Name extends SuiteName>(rows: readonly Row[], suite: Name): RowOf<Name>[] =>
  rows.filter((row): row is RowOf<Name> => row.suite === suite);

function suiteTables(rows: readonly Row[], suite: SuiteName, known: BestSizes): Table[] {
  switch (suite) {
    case "tune":
      return tuneTables(ofSuite(rows, suite), known);
    case "size":
      return sizeTables(ofSuite(rows, suite));
    case "disassemble":
      return disassembleTables(ofSuite(rows, suite));
    case "emulate":
      return emulateTables(ofSuite(rows, suite));
    case "loss":
      return lossTables(ofSuite(rows, suite));
    case "code":
      return codeTables(ofSuite(rows, suite));
    default:
      return suite satisfies never;
  }
}
