/** Kinds of plot, drawn by Observable Plot: series of points as lines, spreads, and pairs of numbers against the diagonal. */

import { loadPlotting } from "../../base/plotting.ts";

/** As the page takes it. */
export interface Plotted {
  /** Begins with the suite: tune-spread. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly legend: readonly Look[];
  readonly svg: string;
}

/** One name is drawn alike in all plots. */
export interface Look {
  readonly name: string;
  readonly colour: string;
  /** As SVG's stroke-dasharray. */
  readonly dash: string;
}

/** By the name of a contender. */
export type Looks = (name: string) => Look;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly look: Look;
  readonly points: readonly Point[];
}

/** Quantiles of one name's values. */
export interface Spread {
  readonly look: Look;
  readonly low: number;
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  readonly high: number;
}

interface Axes {
  readonly x: string;
  readonly y: string;
}

interface LineOptions extends Axes {
  readonly scale?: "log" | "linear";
  readonly ticks?: readonly number[];
  readonly tickText?: (tick: number) => string;
  /** With the line on which x and y are equal. */
  readonly hasDiagonal?: boolean;
  /** Dots without lines. */
  readonly isCloud?: boolean;
  /** Of y too. */
  readonly isBothLog?: boolean;
  readonly isPercent?: boolean;
}

export interface Drawing {
  readonly lines: (series: readonly Series[], options: LineOptions) => string;
  readonly spreads: (spreads: readonly Spread[], label: string) => string;
}

/** Narrow, so that letters are still to be read when a phone shows it; a desktop shows it larger. */
const WIDTH = 440;
const HEIGHT = 290;
const SPREAD_HEIGHT = 24;
const LETTER_WIDTH = 6.5;
const MAX_NAME = 22;

export async function loadDrawing(): Promise<Drawing> {
  const plotting = await loadPlotting();
  return {
    lines: (series, options) => drawLines(plotting, series, options),
    spreads: (spreads, label) => drawSpreads(plotting, spreads, label),
  };
}

type Plotting = Awaited<ReturnType<typeof loadPlotting>>;

const COMMON = {
  width: WIDTH,
  marginBottom: 40,
  className: "plot",
  style: { background: "none", fontSize: "12px" },
};

function drawLines(plotting: Plotting, series: readonly Series[], options: LineOptions): string {
  const { isBothLog } = options;
  const short = isBothLog ? { tickFormat: "~s" } : {};
  return plotting.Plot.plot({
    ...COMMON,
    document: plotting.document,
    height: HEIGHT,
    marginLeft: 52,
    x: {
      type: options.scale ?? "linear",
      label: options.x,
      labelOffset: 36,
      grid: options.ticks === undefined,
      ...short,
    },
    y: {
      type: isBothLog ? "log" : "linear",
      label: options.y,
      grid: true,
      ...short,
      ...(options.isPercent && { domain: [0, 100] }),
    },
    marks: [...tickMarks(plotting, options), ...lineMarks(plotting, series, options)],
  }).outerHTML;
}

/** An axis of our own: a logarithmic scale leaves ticks such as 64 without a number. */
function tickMarks({ Plot }: Plotting, { x, ticks, tickText }: LineOptions) {
  if (ticks === undefined) return [];
  const text = tickText ?? ((tick: number): string => tick.toLocaleString("en"));
  return [
    Plot.gridX(ticks),
    Plot.axisX(ticks, { text, label: `${x} →`, labelOffset: 36, labelArrow: "none" }),
  ];
}

/** Lines under dots: a line of one point would not be seen. */
function lineMarks(
  { Plot }: Plotting,
  series: readonly Series[],
  { isCloud, hasDiagonal }: LineOptions,
) {
  const xy = { x: "x", y: "y" } as const;
  const lines = series
    .filter(({ points }) => !isCloud && points.length > 1)
    .map(({ points, look }) => {
      const stroke = { stroke: look.colour, strokeWidth: 1.8, strokeDasharray: look.dash };
      return Plot.line(points, { ...xy, ...stroke });
    });
  const dot = isCloud ? { r: 1.8, fillOpacity: 0.55 } : { r: 2.4 };
  return [
    Plot.line(hasDiagonal ? diagonal(series) : [], { ...xy, ...DIAGONAL }),
    ...lines,
    ...series.map(({ points, look }) => Plot.dot(points, { ...xy, ...dot, fill: look.colour })),
  ];
}

const DIAGONAL = { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "2,3" };

function drawSpreads(
  { Plot, document }: Plotting,
  spreads: readonly Spread[],
  label: string,
): string {
  const names = spreads.map(({ look }) => look.name);
  const y = ({ look }: Spread): string => look.name;
  const colour = ({ look }: Spread): string => look.colour;
  const inset = { insetTop: 2, insetBottom: 2 };
  return Plot.plot({
    ...COMMON,
    document,
    height: 60 + spreads.length * SPREAD_HEIGHT,
    marginLeft: 14 + LETTER_WIDTH * Math.max(...names.map((name) => shortened(name).length)),
    x: { label, labelOffset: 36, grid: true },
    y: { label: null, domain: names, tickFormat: shortened, tickSize: 0 },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.5 }),
      Plot.ruleY(spreads, { y, x1: "low", x2: "high", stroke: colour, strokeWidth: 1.5 }),
      Plot.barX(spreads, { y, x1: "from", x2: "to", fill: colour, ...inset }),
      Plot.tickX(spreads, { y, x: "middle", stroke: "currentColor", strokeWidth: 2.5 }),
    ],
  }).outerHTML;
}

const shortened = (name: string): string =>
  name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;

/** From the least to the greatest of all numbers. */
function diagonal(series: readonly Series[]): Point[] {
  const numbers = series.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y]));
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  return numbers.length === 0 ? [] : [least, greatest].map((end) => ({ x: end, y: end }));
}
