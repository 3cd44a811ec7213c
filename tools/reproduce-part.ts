/**
 * Part of `npm run reproduce` made again: what folders of `llmc eval` hold takes the place of the same suite's rows of the same contenders in
 * results/evaluation/, and report and README are written anew. A suite takes hours; a change seldom touches all of them.
 *
 *   node tools/reproduce-part.ts FOLDER...
 *
 * The cases must be those that are there: ask with the settings of tools/reproduce.ts.
 */

import { readEvaluation, writeEvaluation } from "../src/eval/evaluation-file.ts";
import type { Row } from "../src/eval/row.ts";
import { readRows, writeRows } from "../src/eval/row-files.ts";
import { RESULTS, publish } from "./reproduce/publish.ts";

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write("want: folders that llmc eval wrote\n");
  process.exit(2);
}

const placeOf = ({ suite, contender }: Row): string => `${suite}, ${contender}`;
const casesOf = (rows: readonly Row[]): string =>
  rows
    .map((row) => row.case)
    .toSorted()
    .join("\n");

const rows = Map.groupBy(await readRows(RESULTS), placeOf);
const evaluation = readEvaluation(RESULTS);
const contenders = new Map(evaluation.contenders.map((one) => [one.name, one]));
for (const folder of folders) {
  for (const [place, made] of Map.groupBy(await readRows(folder), placeOf)) {
    const old = rows.get(place) ?? made;
    if (casesOf(old) !== casesOf(made))
      throw new Error(
        `${folder}: the ${made.length} rows of ${place} are of other cases than the ${old.length} in ${RESULTS}; want the settings of tools/reproduce.ts`,
      );
    rows.set(place, made);
    process.stderr.write(`${place}: ${made.length} rows\n`);
  }
  for (const one of readEvaluation(folder).contenders) contenders.set(one.name, one);
}
await writeRows(RESULTS, [...rows.values()].flat());
writeEvaluation(RESULTS, { ...evaluation, contenders: [...contenders.values()] });
await publish();
