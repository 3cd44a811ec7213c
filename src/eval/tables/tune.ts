/** Flag tuning: bytes saved over -Oz, by how many lists were tried. */

import { mean } from "../../base/stats.ts";
import { geometricSaving, meanSaving, totalSaving } from "../metrics/saving.ts";
import type { TuneRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns } from "./breakdown.ts";
import { compare } from "./compared.ts";
import type { Compared } from "./compared.ts";
import { contenderTable, counted, described, measured } from "./contender-table.ts";
import type { Measure } from "./contender-table.ts";
import { potentialTable } from "./tune-potential.ts";
import type { BestSizes } from "./tune-potential.ts";
import { afterBest, afterFirst, OBJECTIVES } from "./tune-sizes.ts";
import type { Objective } from "./tune-sizes.ts";

const BUDGETS = [1, 5, 10, 50] as const;

const FALL_BACK =
  "With -Oz to fall back on: a case for which nothing smaller was found counts as -Oz.";
const ONE_SHOT =
  "One shot: the first list as it is, larger than -Oz or not; where there is none that LLVM runs, the program stays at -Oz.";

/** `known`: the best size known of a case from elsewhere (labels), for the potential. */
export function tuneTables(rows: readonly TuneRow[], known: BestSizes): Table[] {
  const compared = compare(rows);
  return [
    ...oneShotTable(compared),
    ...budgetTables(compared),
    ...potentialTable(compared, { rows, known }),
    ...instructionTable(compared),
    ...publishedTable(compared),
    ...breakdowns(compared, {
      id: "tune",
      title: "Flag tuning",
      about: `Percent of the bytes saved over -Oz, mean of the programs, the best of all lists. ${FALL_BACK}`,
      measure: withFallBack("mean", "size", Infinity),
    }),
  ];
}

const SAVINGS = { total: totalSaving, mean: meanSaving, geomean: geometricSaving } as const;
type Average = keyof typeof SAVINGS;
const AVERAGES = ["total", "mean", "geomean"] as const;

const oneShot = (average: Average, objective: Objective): Measure<TuneRow> =>
  measured(
    [`one shot, ${average}`, `one shot, ${average}`],
    SAVINGS[average]((row: TuneRow) => afterFirst(row, OBJECTIVES[objective])),
  );

const withFallBack = (average: Average, objective: Objective, k: number): Measure<TuneRow> =>
  measured(
    [`fall-back, ${average}`, `with fall-back, ${average}`],
    SAVINGS[average]((row: TuneRow) => afterBest(row, OBJECTIVES[objective], k)),
  );

/** Of the first list against -Oz. */
function outcomes(objective: Objective): Measure<TuneRow>[] {
  const of = OBJECTIVES[objective];
  const change = (row: TuneRow): number | undefined => {
    const first = of.lists(row)[0];
    return typeof first === "number" ? Math.sign(of.oz(row) - first) : undefined;
  };
  return [
    counted(["improved", "improved"], (row) => change(row) === 1),
    counted(["same", "same"], (row) => change(row) === 0),
    counted(["regressed", "regressed"], (row) => change(row) === -1),
    counted(["none", "no list that runs"], (row) => change(row) === undefined),
  ];
}

const oneShotTable = (compared: Compared<TuneRow>): Table[] =>
  contenderTable(compared, {
    id: "tune",
    title: "Flag tuning: the first answer",
    about: `Percent of the bytes saved over -Oz (all allocated sections but .bss). ${ONE_SHOT} Then the same with -Oz to fall back on.`,
    measures: [
      ...AVERAGES.map((average) => oneShot(average, "size")),
      ...AVERAGES.map((average) => withFallBack(average, "size", 1)),
      ...outcomes("size"),
    ],
    rank: ["one shot, mean", "fall-back, mean"],
  });

/** One table for each way to average, by compilations. */
function budgetTables(compared: Compared<TuneRow>): Table[] {
  const compilations = described(
    ["compilations", "lists tried, mean"],
    (row: TuneRow) => row.sizes.length,
  );
  return AVERAGES.flatMap((average) =>
    contenderTable(compared, {
      id: `tune-compilations-${average}`,
      title: `Flag tuning by compilations: ${AVERAGE_TITLES[average]}`,
      about: `Percent of the bytes saved over -Oz with the best of the first k lists, that of -Oz not counted. ${FALL_BACK} Empty where no program was given so many lists. ${UNREADABLE}`,
      measures: [
        ...BUDGETS.map((k) => atBudget(average, k)),
        atBudget(average),
        compilations,
        unreadable,
      ],
      rank: ["all", "at 1", "one shot"],
    }),
  );
}

const UNREADABLE = "The last column: a model's answers that hold no list that can be run.";

/** Of the programs that a model was asked about; empty for rivals. */
const unreadable: Measure<TuneRow> = {
  key: "unreadable",
  title: "answers without a list, mean",
  digits: 1,
  of: (rows) => {
    const asked = rows.filter(({ promptTokens }) => promptTokens !== null);
    return asked.length === 0 ? undefined : mean(asked.map((row) => row.unreadable));
  },
};

const AVERAGE_TITLES: Readonly<Record<Average, string>> = {
  total: "of all bytes together",
  mean: "mean of the programs",
  geomean: "geometric mean",
};

function atBudget(average: Average, k?: number): Measure<TuneRow> {
  const measure = withFallBack(average, "size", k ?? Infinity);
  const isUsed = (rows: readonly TuneRow[]): boolean =>
    k === undefined || k === 1 || rows.some((row) => row.sizes.length >= k);
  return {
    ...measure,
    key: k === undefined ? "all" : `at ${k}`,
    title: k === undefined ? "all lists" : `k = ${k}`,
    of: (rows) => (isUsed(rows) ? measure.of(rows) : undefined),
  };
}

/** Bytes and instructions are two measures of one thing: beside each other, each with its own best list, never mixed. */
const instructionTable = (compared: Compared<TuneRow>): Table[] =>
  contenderTable(compared, {
    id: "tune-instructions",
    title: "Flag tuning: IR instructions beside bytes",
    about:
      "Percent saved over -Oz; of bytes the mean of the programs. Many published systems count IR instructions: they are not bytes and compare with nothing but instructions. With fall-back: the best of all lists by that very measure, else -Oz.",
    measures: [
      { ...oneShot("mean", "size"), key: "bytes", title: "bytes, one shot" },
      {
        ...withFallBack("mean", "size", Infinity),
        key: "bytes, best",
        title: "bytes, with fall-back",
      },
      ...AVERAGES.map((average) => asInstructions(oneShot(average, "instructions"))),
      ...AVERAGES.map((average) => asInstructions(withFallBack(average, "instructions", Infinity))),
    ],
    rank: ["one shot, mean", "fall-back, mean", "bytes"],
  });

const asInstructions = (measure: Measure<TuneRow>): Measure<TuneRow> => ({
  ...measure,
  title: `instructions, ${measure.title}`,
});

const publishedTable = (compared: Compared<TuneRow>): Table[] =>
  contenderTable(compared, {
    id: "tune-published",
    title: "Flag tuning by published size, beside published numbers",
    about: `Percent of .text + .data saved over -Oz: what others measured, and nothing else here is measured by. ${ONE_SHOT} With fall-back: the first list or -Oz, whichever is smaller.`,
    measures: [
      ...AVERAGES.map((average) => oneShot(average, "published")),
      ...AVERAGES.map((average) => withFallBack(average, "published", 1)),
      ...outcomes("published"),
    ],
    rank: ["one shot, mean", "fall-back, mean"],
  });
