/** Disassembly: IR of assembly, taken by what the compiler shows of it. */

import { bleu, percentOf } from "../metrics/ratios.ts";
import type { DisassembleRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns, bySize } from "./breakdown.ts";
import { compare } from "./compared.ts";
import type { Compared } from "./compared.ts";
import { contenderTable, described, measured } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";

const TARGETS = ["x86_64", "aarch64"] as const;
const ABOUT =
  "Of all functions, those without an answer among them. Models write with a monitor, which sends them back within a line that cannot stand; alone: without it. Compiles: LLVM makes assembly of the IR (the published “round trip”), slips in numbers of values, lengths of arrays and declarations mended; as written: without that. Exact: the very same assembly. Equivalent: exact, or did the same as the machine code whenever both ran.";

export function disassembleTables(rows: readonly DisassembleRow[]): Table[] {
  const compared = compare(rows);
  const [id, title] = ["disassemble", "Disassembly"];
  return [
    ...mainTable(compared, { id, title }),
    ...breakdowns(compared, {
      id,
      title: `${title}, equivalent`,
      about: "Percent of the functions whose first answer is exact or equivalent.",
      measure: EQUIVALENT,
    }),
    ...bySize(compared, {
      id: `${id}-compiles`,
      title: `${title}, compiles`,
      about: "Percent of the functions whose first answer compiles.",
      measure: COMPILES,
    }),
    ...TARGETS.flatMap((target) => targetTables(rows, target)),
  ];
}

function targetTables(all: readonly DisassembleRow[], target: DisassembleRow["target"]): Table[] {
  const compared = compare(all.filter((row) => row.target === target));
  const [id, title] = [`disassemble-${target}`, `Disassembly of ${target}`];
  return [
    ...mainTable(compared, { id, title }),
    ...bySize(compared, {
      id,
      title: `${title}, equivalent`,
      about: "Percent of the functions whose first answer is exact or equivalent.",
      measure: EQUIVALENT,
    }),
  ];
}

type Verdict = DisassembleRow["verdicts"][number];
const isEquivalent = (verdict: Verdict): boolean => verdict === "exact" || verdict === "equivalent";
const PERCENT = { digits: 1, unit: "%" };

const percent = (
  key: string,
  title: string,
  isSo: (row: DisassembleRow) => boolean | undefined,
): Measure<DisassembleRow> => measured([key, title], percentOf(isSo), PERCENT);

const COMPILES = percent("compiles", "compiles", (row) => row.compiles[0] === true);
const EQUIVALENT = percent("equivalent", "equivalent", (row) =>
  row.verdicts.slice(0, 1).some(isEquivalent),
);
const BLEU = { digits: 3 };

const mainTable = (
  compared: Compared<DisassembleRow>,
  names: Pick<Table, "id" | "title">,
): Table[] =>
  contenderTable(compared, {
    ...names,
    about: `${ABOUT} BLEU compares the assembly that the first answer gives with the function's, and its IR with the IR the function came from; no answer counts as an empty one. Best of N: the best of all answers. Refined: where none of them is exact, they are taken on from, led by how far their code is from the function's; not for models alone.`,
    measures: [
      COMPILES,
      percent(
        "compiles as written",
        "compiles as written",
        (row) => row.compiles[0] === true && row.mended[0] === false,
      ),
      percent("exact", "exact", (row) => row.verdicts[0] === "exact"),
      EQUIVALENT,
      measured(
        ["bleu", "round-trip BLEU"],
        bleu((row: DisassembleRow) => row.roundTripBleu),
        BLEU,
      ),
      measured(
        ["bleu of compiled", "round-trip BLEU of those that compile"],
        bleu((row: DisassembleRow) => (row.compiles[0] === true ? row.roundTripBleu : undefined)),
        BLEU,
      ),
      measured(
        ["ir bleu", "IR BLEU"],
        bleu((row: DisassembleRow) => row.irBleu),
        BLEU,
      ),
      percent("best compiles", "best of N: compiles", (row) => row.compiles.includes(true)),
      percent("best exact", "best of N: exact", (row) => row.verdicts.includes("exact")),
      percent("best equivalent", "best of N: equivalent", (row) => row.verdicts.some(isEquivalent)),
      percent("refined exact", "refined: exact", ({ refined }) =>
        refined === null ? undefined : refined === "exact",
      ),
      percent("refined equivalent", "refined: equivalent", ({ refined }) =>
        refined === null ? undefined : isEquivalent(refined),
      ),
      described(["answers", "answers, mean"], (row: DisassembleRow) => row.verdicts.length),
    ],
    rank: ["equivalent", "compiles", "bleu", "best equivalent", "refined equivalent"],
  });
