/** The rows of a run that `llmc eval` has written, and their tables. */

import { type Evaluation, readEvaluation } from "./evaluation-file.ts";
import { readRows } from "./row-files.ts";
import type { Row } from "./row.ts";
import type { Table } from "./table.ts";
import { evalTables } from "./tables/all.ts";

interface Finished {
  readonly rows: readonly Row[];
  readonly tables: readonly Table[];
}

/** Throws an Error where the folder holds no run. */
export async function readFinished(
  folder: string,
  evaluation: Evaluation = readEvaluation(folder),
): Promise<Finished> {
  const rows = await readRows(folder);
  const tables = evalTables(rows, { known: new Map(Object.entries(evaluation.known)) });
  return { rows, tables };
}
