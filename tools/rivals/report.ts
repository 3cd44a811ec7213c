/** How good the learned rivals are on the test split, from labels alone: nothing is compiled. */

import { mean, savedPercent, sum } from "../../src/base/stats.ts";
import { predict } from "../../src/eval/rivals/boosting.ts";
import type { RivalsData } from "../../src/eval/rivals/file.ts";
import { nearestGains } from "../../src/eval/rivals/nearest.ts";
import { orderLists } from "../../src/eval/rivals/order.ts";
import { fitRidge, predictRidge } from "../../src/eval/rivals/ridge.ts";
import { predictSizes } from "../../src/eval/rivals/rivals.ts";
import { parsePassList } from "../../src/passes/parse.ts";
import type { Policy } from "../../src/eval/rivals/policy/file.ts";
import { policyStrategy } from "../../src/eval/rivals/policy/policy.ts";
import type { Scored } from "../../src/tuner/strategy.ts";
import { estimate } from "../../src/eval/metrics/bootstrap.ts";
import { pearson } from "../../src/eval/metrics/correlation.ts";
import type { LabelledCase } from "./cases.ts";
import type { Gathered } from "./gather.ts";

interface Known {
  readonly cases: readonly LabelledCase[];
  readonly gathered: readonly Gathered[];
}

const COMPILATIONS = [1, 3, 5, 10, 20, 50];
const RIDGE_PENALTY = 300;

interface Fitted extends RivalsData {
  readonly policy: Policy;
}

/** Markdown. */
export function rivalsReport(data: Fitted, { cases, gathered }: Known): string {
  const test = cases.filter(({ split }) => split === "test");
  const tried = triedBy(data, cases);
  const {
    madeFrom,
    policy: { madeFrom: policy },
  } = data;
  const packages = new Set(test.map((one) => one.package)).size;
  return `# Rivals that learn

LLVM ${madeFrom.llvm}, made by \`node tools/make-rivals.ts\`. Fitted to ${madeFrom.modules} labelled training modules of ${madeFrom.packages} packages; held against
the ${test.length} labelled modules of ${packages} test packages. Nothing is compiled for it: all sizes are those of the labels (tools/coreset/labels.parquet, labels-seed.parquet), under
the ${madeFrom.lists.length} lists of the shipped coreset.

Percent saved over -Oz, total bytes / mean of modules; under each number of compilations with -Oz to fall back on. *First is best*:
modules of which no other list of the coreset makes a smaller object than the first tried. Orders are made for falling back: they aim at
what a list adds when it helps, and not at doing no harm. *By saving alone* orders lists by what each is expected to save, without asking
what it adds to those before it. The *perceptron* has no order: it chooses each list by the module's features and by what the lists before it
have saved on the module. Its ${policy.training.steps} steps and the power ${policy.training.power} of its target (a list is wanted as that power of what it adds to the best so far)
were chosen on a fifth of the training packages, held out; then it was trained on all of them.

${savingTable(test, tried)}

What each saves more than the coreset as it stands: mean of modules, percentage points, with 95 % bootstrap intervals over packages.

${gainTable(test, tried)}

## Sizes, predicted from features

Bytes of all allocated sections but .bss. Fitted to ${madeFrom.sizeModules} training modules: the labelled ones, and others of up to 150 KB of bitcode. MAPE: mean
of |predicted - measured| / measured. Correlation: Pearson's, of logarithms.

${sizeTable(data, test, gathered)}
`;
}

type Order = (asked: LabelledCase) => readonly number[];

/** By the name of an order and by test module: sizes under the lists in that order, bytes. */
type Tried = ReadonlyMap<string, readonly (readonly number[])[]>;

function triedBy(data: Fitted, cases: readonly LabelledCase[]): Tried {
  const training = cases.filter(({ split }) => split === "train");
  const test = cases.filter(({ split }) => split === "test");
  const orders = Object.entries(ordersBy(data, training));
  return new Map(
    orders.map(([name, order]) => {
      return [name, test.map((one) => order(one).map((list) => one.sizes[list] ?? Infinity))];
    }),
  );
}

const AS_IT_STANDS = "coreset, as it stands";
const ORACLE = "oracle: the best list first";

function ordersBy(data: Fitted, training: readonly LabelledCase[]): Record<string, Order> {
  const { neighbours, trees, together } = data.gains;
  const ridge = fitRidge(
    training.map((one) => one.features),
    training.map((one) => one.gains),
    RIDGE_PENALTY,
  );
  const places = [...data.madeFrom.lists.keys()];
  return {
    [AS_IT_STANDS]: () => places,
    "nearest neighbours (shipped)": ({ features }) =>
      orderLists(nearestGains(neighbours, features), together),
    "nearest neighbours, by saving alone": ({ features }) =>
      descending(nearestGains(neighbours, features)),
    "ridge regression": ({ features }) => orderLists(predictRidge(ridge, features), together),
    "boosted trees (shipped: value prediction)": ({ features }) =>
      orderLists(predict(trees, features), together),
    "boosted trees, by saving alone": ({ features }) => descending(predict(trees, features)),
    "perceptron (shipped: the policy)": (asked) => policyOrder(data.policy, asked),
    [ORACLE]: ({ sizes }) => descending(sizes.map((size) => -size)),
  };
}

/** As the strategy itself chooses, told the labels' sizes one by one. */
function policyOrder(policy: Policy, { features, oz, sizes }: LabelledCase): number[] {
  const lists = policy.madeFrom.lists.map((passes) => {
    const parsed = parsePassList(passes);
    if (!parsed.ok) throw new Error(`the policy's "${passes}" is no pass list`);
    return parsed.list;
  });
  const run = policyStrategy(features, policy)({ coreset: { lists }, baseline: oz });
  const order: number[] = [];
  let batch = run.next([]);
  while (batch.done !== true) {
    const results = batch.value.map((list): Scored => {
      const number = lists.indexOf(list);
      order.push(number);
      const size = sizes[number] ?? Infinity;
      return { list, value: size === Infinity ? undefined : size };
    });
    batch = run.next(results);
  }
  return order;
}

const descending = (values: readonly number[]): number[] =>
  [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);

function savingTable(test: readonly LabelledCase[], tried: Tried): string {
  const row = (name: string, sizes: readonly (readonly number[])[]): string[] => {
    const saved = (after: readonly number[]): string => {
      const before = test.map(({ oz }) => oz);
      const each = before.map((oz, index) => savedPercent(oz, after[index] ?? oz));
      return `${savedPercent(sum(before), sum(after)).toFixed(2)} / ${mean(each).toFixed(2)}`;
    };
    const isBest = (own: readonly number[]): boolean => own[0] === Math.min(...own);
    const best = (100 * sizes.filter(isBest).length) / sizes.length;
    return [
      name,
      saved(sizes.map(([first = Infinity]) => first)),
      ...COMPILATIONS.map((k) => saved(test.map((one, index) => bestOf(one, sizes[index], k)))),
      `${best.toFixed(1)} %`,
    ];
  };
  const counts = COMPILATIONS.map((k) => `${k}`);
  return table(
    ["order of the coreset's lists", "one shot, no fall-back", ...counts, "first is best"],
    [...tried].map(([name, sizes]) => row(name, sizes)),
  );
}

/** Under the best of the first `count` lists and -Oz. */
function bestOf({ oz }: LabelledCase, sizes: readonly number[] | undefined, count: number): number {
  return Math.min(oz, ...(sizes ?? []).slice(0, count));
}

function gainTable(test: readonly LabelledCase[], tried: Tried): string {
  const usual = tried.get(AS_IT_STANDS);
  const others = [...tried].filter(([name]) => name !== AS_IT_STANDS && name !== ORACLE);
  const cell = (sizes: readonly (readonly number[])[], count: number): string => {
    const differences = test.map((one, index) => {
      const [ours, theirs] = [bestOf(one, sizes[index], count), bestOf(one, usual?.[index], count)];
      return {
        package: one.package,
        points: savedPercent(one.oz, ours) - savedPercent(one.oz, theirs),
      };
    });
    const found = estimate(differences, (items) => mean(items.map(({ points }) => points)));
    if (typeof found !== "object") return "";
    return `${found.value.toFixed(2)} (${found.low.toFixed(2)} to ${found.high.toFixed(2)})`;
  };
  return table(
    ["order of the coreset's lists", ...COMPILATIONS.map((k) => `${k}`)],
    others.map(([name, sizes]) => [name].concat(COMPILATIONS.map((k) => cell(sizes, k)))),
  );
}

function sizeTable(
  { sizes }: RivalsData,
  test: readonly LabelledCase[],
  gathered: readonly Gathered[],
): string {
  const labelled = new Set(test.map((one) => one.module));
  const others = gathered.filter((one) => one.split === "test" && !labelled.has(one.module));
  const row = (name: string, modules: readonly Gathered[]): string[] => {
    const pairs = (which: "before" | "after"): { x: number; y: number }[] =>
      modules.map((one) => ({ x: one[which], y: predictSizes(sizes, one.features)[which] }));
    const error = (some: readonly { x: number; y: number }[]): string =>
      mean(some.map(({ x, y }) => Math.abs(y - x) / x)).toFixed(3);
    const likeness = (some: readonly { x: number; y: number }[]): string =>
      pearson(some.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))).toFixed(3);
    const both = [pairs("before"), pairs("after")];
    return [name, `${modules.length}`, ...both.map(error), ...both.map(likeness)];
  };
  return table(
    [
      "test modules",
      "count",
      "MAPE, no pass",
      "MAPE, -Oz",
      "correlation, no pass",
      "correlation, -Oz",
    ],
    [row("labelled, 2.5 to 9 KB of bitcode", test), row("others, up to 150 KB", others)],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, k) => (k === 0 ? "---|" : "---:|")).join("")}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
