/** Compiler emulation: what `opt` would give, said by a model. */

import { bleu, meanOf, percentOf } from "../metrics/ratios.ts";
import type { EmulateRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns } from "./breakdown.ts";
import { compare } from "./compared.ts";
import type { Compared } from "./compared.ts";
import { contenderTable, measured } from "./contender-table.ts";
import { errorOn } from "./size.ts";

const WANTS = [
  ["ir", "IR"],
  ["assembly", "assembly"],
] as const;

export function emulateTables(rows: readonly EmulateRow[]): Table[] {
  const compared = compare(rows);
  return [
    ...WANTS.flatMap(([want, name]) =>
      mainTable(compare(rows.filter((row) => row.want === want)), {
        id: `emulate-${want}`,
        title: `Compiler emulation, asked for ${name}`,
      }),
    ),
    ...breakdowns(compared, {
      id: "emulate",
      title: "Compiler emulation",
      about: "Percent of the answers that are exactly what the compiler gives.",
      measure: EXACT,
    }),
  ];
}

const PERCENT = { digits: 1, unit: "%" };
const EXACT = measured(
  ["exact", "exact"],
  percentOf((row: EmulateRow) => row.isExact),
  PERCENT,
);

const mainTable = (compared: Compared<EmulateRow>, names: Pick<Table, "id" | "title">): Table[] =>
  contenderTable(compared, {
    ...names,
    about:
      "Of all cases, those without an answer among them, which count as empty answers for BLEU. Models write with a monitor, which sends them back within a line that cannot stand; alone: without it. Compiles: LLVM makes an object of it that has every function that the compiler's has. Slips of IR in numbers of values, lengths of arrays and declarations are mended before it is compiled; as written: without that. MAPE: mean of |predicted - measured| / measured of the sizes that are said with the code; a missing number counts as an error of 1.",
    measures: [
      measured(
        ["compiles", "compiles"],
        percentOf((row: EmulateRow) => row.compiles),
        PERCENT,
      ),
      measured(
        ["compiles as written", "compiles as written"],
        percentOf((row: EmulateRow) => row.compiles && !row.isMended),
        PERCENT,
      ),
      EXACT,
      measured(
        ["bleu", "BLEU"],
        bleu((row: EmulateRow) => row.bleu),
        { digits: 3 },
      ),
      mape("bytes", (row) => errorOn(row.predictedBytes, row.measuredBytes)),
      mape("instructions", (row) => errorOn(row.predictedInstructions, row.measuredInstructions)),
    ],
    rank: ["exact", "bleu", "compiles"],
  });

const mape = (of: string, error: (row: EmulateRow) => number | undefined) =>
  measured([`mape ${of}`, `MAPE of ${of}`], meanOf(error), { digits: 3, isLessBetter: true });
