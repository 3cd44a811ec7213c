/** How good the learned rivals are on the test split, from labels alone: nothing is compiled. */

import { mean, savedPercent, sum } from "../../src/base/stats.ts";
import { predict } from "../../src/eval/rivals/boosting.ts";
import type { RivalsData } from "../../src/eval/rivals/file.ts";
import { nearestGains } from "../../src/eval/rivals/nearest.ts";
import { orderLists } from "../../src/eval/rivals/order.ts";
import { fitRidge, predictRidge } from "../../src/eval/rivals/ridge.ts";
import { predictSizes } from "../../src/eval/rivals/rivals.ts";
import { pearson } from "../../src/eval/metrics/correlation.ts";
import type { LabelledCase } from "./cases.ts";
import type { Gathered } from "./gather.ts";

interface Known {
  readonly cases: readonly LabelledCase[];
  readonly gathered: readonly Gathered[];
}

const COMPILATIONS = [1, 3, 5, 10, 20, 50];
const RIDGE_PENALTY = 300;

/** Markdown. */
export function rivalsReport(data: RivalsData, { cases, gathered }: Known): string {
  const test = cases.filter(({ split }) => split === "test");
  const orders = ordersBy(
    data,
    cases.filter(({ split }) => split === "train"),
  );
  const { madeFrom } = data;
  const head = [
    "order of the coreset's lists",
    "one shot, no fall-back",
    ...COMPILATIONS.map((k) => `${k}`),
    "first is best",
  ];
  return (
    [
      "# Rivals that learn",
      `LLVM ${madeFrom.llvm}, made by \`node tools/make-rivals.ts\`. Fitted to ${madeFrom.modules} labelled training modules of ${madeFrom.packages} packages; held against the ${test.length} labelled modules of ${new Set(test.map((one) => one.package)).size} test packages. Nothing is compiled: all sizes are those of the labels (tools/coreset/labels.parquet), under the ${madeFrom.lists.length} lists of the shipped coreset.`,
      "Percent saved over -Oz, total bytes / mean of modules; under each number of compilations with -Oz to fall back on. *First is best*: modules of which no other list of the coreset makes a smaller object than the first tried. Orders are made for falling back: they aim at what a list adds when it helps, and not at doing no harm. *By saving alone* orders lists by what each is expected to save, without asking what it adds to those before it.",
      table(
        head,
        Object.entries(orders).map(([name, order]) => savingRow(name, test, order)),
      ),
      "## Sizes, predicted from features",
      `Bytes of all allocated sections but .bss. Fitted to ${madeFrom.sizeModules} training modules: the labelled ones, and others of up to 150 KB of bitcode. MAPE: mean of |predicted - measured| / measured.`,
      table(
        [
          "modules",
          "count",
          "MAPE, no pass",
          "MAPE, -Oz",
          "correlation of logarithms, no pass",
          "correlation of logarithms, -Oz",
        ],
        sizeRows(data, test, gathered),
      ),
      "",
    ]
      .join("\n\n")
      .trimEnd() + "\n"
  );
}

type Order = (asked: LabelledCase) => readonly number[];

function ordersBy(data: RivalsData, training: readonly LabelledCase[]): Record<string, Order> {
  const { neighbours, trees, together } = data.gains;
  const ridge = fitRidge(
    training.map((one) => one.features),
    training.map((one) => one.gains),
    RIDGE_PENALTY,
  );
  const places = [...data.madeFrom.lists.keys()];
  return {
    "coreset, as it stands": () => places,
    "nearest neighbours (shipped)": ({ features }) =>
      orderLists(nearestGains(neighbours, features), together),
    "nearest neighbours, by saving alone": ({ features }) =>
      descending(nearestGains(neighbours, features)),
    "ridge regression": ({ features }) => orderLists(predictRidge(ridge, features), together),
    "boosted trees (shipped: value prediction)": ({ features }) =>
      orderLists(predict(trees, features), together),
    "boosted trees, by saving alone": ({ features }) => descending(predict(trees, features)),
    "oracle: the best list first": ({ sizes }) => descending(sizes.map((size) => -size)),
  };
}

const descending = (values: readonly number[]): number[] =>
  [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);

function savingRow(name: string, test: readonly LabelledCase[], order: Order): string[] {
  const tried = test.map((one) => order(one).map((list) => one.sizes[list] ?? Infinity));
  const saved = (sizeOf: (sizes: readonly number[], oz: number) => number): string => {
    const after = test.map(({ oz }, index) => sizeOf(tried[index] ?? [], oz));
    const before = test.map(({ oz }) => oz);
    const each = before.map((oz, index) => savedPercent(oz, after[index] ?? oz));
    return `${savedPercent(sum(before), sum(after)).toFixed(2)} / ${mean(each).toFixed(2)}`;
  };
  const isBest = (sizes: readonly number[]): boolean => sizes[0] === Math.min(...sizes);
  return [
    name,
    saved(([first = Infinity]) => first),
    ...COMPILATIONS.map((k) => saved((sizes, oz) => Math.min(oz, ...sizes.slice(0, k)))),
    `${((100 * tried.filter(isBest).length) / test.length).toFixed(1)} %`,
  ];
}

function sizeRows(
  { sizes }: RivalsData,
  test: readonly LabelledCase[],
  gathered: readonly Gathered[],
): string[][] {
  const labelled = new Set(test.map((one) => one.module));
  const others = gathered.filter((one) => one.split === "test" && !labelled.has(one.module));
  return [
    { name: "labelled, 2.5 to 9 KB of bitcode", modules: test },
    { name: "others, up to 150 KB", modules: others },
  ].map(({ name, modules }) => {
    const predicted = modules.map(({ features }) => predictSizes(sizes, features));
    const error = (which: "before" | "after"): string => {
      const errors = modules.map(
        (one, index) => Math.abs((predicted[index]?.[which] ?? 0) - one[which]) / one[which],
      );
      return mean(errors).toFixed(3);
    };
    const likeness = (which: "before" | "after"): string =>
      pearson(
        modules.map((one, index) => ({
          x: Math.log(one[which]),
          y: Math.log(predicted[index]?.[which] ?? 1),
        })),
      ).toFixed(3);
    return [
      name,
      `${modules.length}`,
      error("before"),
      error("after"),
      likeness("before"),
      likeness("after"),
    ];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, k) => (k === 0 ? "---|" : "---:|")).join("")}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
