/** The software-engineering suites: what compiler training costs of what a model knew of programming. */

import { passAtK } from "../metrics/pass-at-k.ts";
import { meanOf } from "../metrics/ratios.ts";
import type { CodeRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns } from "./breakdown.ts";
import { byText, compare } from "./compared.ts";
import { contenderTable, measured } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";

const SAMPLES = [1, 10, 100] as const;

export const codeTables = (rows: readonly CodeRow[]): Table[] =>
  [...Map.groupBy(rows, ({ benchmark }) => benchmark)]
    .toSorted(([a], [b]) => byText(a, b))
    .flatMap(([benchmark, own]) => benchmarkTables(benchmark, own));

function benchmarkTables(benchmark: string, rows: readonly CodeRow[]): Table[] {
  const compared = compare(rows);
  const [id, title] = [`code-${benchmark}`, `Programming: ${benchmark}`];
  return [
    ...contenderTable(compared, {
      id,
      title,
      about:
        "pass@k in percent: the chance that one of k samples passes the problem's tests, unbiased (arXiv 2107.03374), mean of the problems. Empty where fewer than k samples were drawn; a problem without any sample counts as failed.",
      measures: SAMPLES.map(passMeasure),
      rank: SAMPLES.map((k) => `pass@${k}`),
    }),
    ...breakdowns(compared, { id, title, about: "pass@1 in percent.", measure: passMeasure(1) }),
  ];
}

function passMeasure(k: number): Measure<CodeRow> {
  const measure = measured(
    [`pass@${k}`, `pass@${k}`],
    meanOf(({ passed }: CodeRow) =>
      passed.length === 0
        ? 0
        : 100 * passAtK({ n: passed.length, c: passed.filter(Boolean).length, k }),
    ),
    { digits: 1, unit: "%" },
  );
  const isDrawn = (rows: readonly CodeRow[]): boolean =>
    k === 1 || rows.some(({ passed }) => passed.length >= k);
  return { ...measure, of: (rows) => (isDrawn(rows) ? measure.of(rows) : undefined) };
}
