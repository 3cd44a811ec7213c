/** Flag tuning: what more compilations buy, and how savings are spread over programs. */

import { mean, quantile, savedPercent } from "../../base/stats.ts";
import type { TuneRow } from "../row.ts";
import { compare } from "../tables/compared.ts";
import type { Compared } from "../tables/compared.ts";
import { afterBest, afterFirst, OBJECTIVES } from "../tables/tune-sizes.ts";
import type { BeforeAfter } from "../metrics/saving.ts";
import type { Drawing, Looks, Plotted, Point, Series, Spread } from "./draw.ts";

/** Compilations at which a line has a point, as far as lists were tried. */
const BUDGETS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000];
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export function tunePlots(rows: readonly TuneRow[], looks: Looks, draw: Drawing): Plotted[] {
  const compared = compare(rows);
  return compared.cases.length === 0
    ? []
    : [compilationPlot(compared, looks, draw), spreadPlot(compared, looks, draw)];
}

const saved = ({ before, after }: BeforeAfter): number => savedPercent(before, after);

function compilationPlot(compared: Compared<TuneRow>, looks: Looks, draw: Drawing): Plotted {
  const series = [...compared.rows]
    .map(([name, rows]): Series => ({ look: looks(name), points: savingPoints(rows) }))
    .toSorted((a, b) => lastOf(b) - lastOf(a));
  const most = series.reduce((end, { points }) => Math.max(end, points.at(-1)?.x ?? 1), 2);
  return {
    id: "tune-compilations",
    title: "Saving against compilations",
    about: `Mean of the programs' savings over -Oz with the best of the first k lists, -Oz to fall back on. A dot alone: a contender with one list. ${compared.about}`,
    legend: series.map(({ look }) => look),
    svg: draw.lines(series, {
      x: "compilations",
      y: "percent saved",
      scale: "log",
      ticks: TICKS.filter((tick) => tick <= most),
    }),
  };
}

function savingPoints(rows: readonly TuneRow[]): Point[] {
  const most = rows.reduce((count, { sizes }) => Math.max(count, sizes.length), 1);
  const budgets = [...BUDGETS.filter((k) => k < most), most];
  return budgets.map((k) => ({
    x: k,
    y: mean(rows.map((row) => saved(afterBest(row, OBJECTIVES.size, k)))),
  }));
}

const lastOf = ({ points }: Series): number => points.at(-1)?.y ?? 0;

function spreadPlot(compared: Compared<TuneRow>, looks: Looks, draw: Drawing): Plotted {
  const spreads = [...compared.rows]
    .map(([name, rows]): Spread => {
      const values = rows.map((row) => saved(afterFirst(row, OBJECTIVES.size)));
      const [low = 0, from = 0, middle = 0, to = 0, high = 0] = [0.05, 0.25, 0.5, 0.75, 0.95].map(
        (q) => quantile(values, q),
      );
      return { look: looks(name), low, from, middle, to, high };
    })
    .toSorted((a, b) => b.middle - a.middle || b.from - a.from);
  return {
    id: "tune-spread",
    title: "Distribution of savings",
    about:
      "Of the programs, one shot and without fall-back: the line from 5 to 95 % of them, the bar from 25 to 75 %, the mark at the median. Left of 0 the object grew.",
    legend: [],
    svg: draw.spreads(spreads, "percent saved over -Oz"),
  };
}
