/** Code-size prediction: predicted against real sizes, and whether a predicted saving can be believed. */

import { mean, savedPercent } from "../../base/stats.ts";
import type { SizeRow } from "../row.ts";
import { compare } from "../tables/compared.ts";
import type { Compared } from "../tables/compared.ts";
import type { Drawing, Look, Looks, Plotted, Point, Series } from "./draw.ts";

/** So that a page of many contenders stays one to read; the first by name. */
const MAX_CLOUDS = 12;
/** Of one cloud, evenly picked: more hide each other. */
const MAX_POINTS = 300;
/** Groups of equally many cases. */
const CALIBRATION_GROUPS = 10;
/** Predicted growth beyond doubling would leave nothing to be seen of the rest. */
const LEAST_SAVING = -100;

const BEFORE: Look = { name: "without any pass", colour: "#4269d0", dash: "none" };
const AFTER: Look = { name: "with the pass list", colour: "#ff725c", dash: "none" };

export function sizePlots(rows: readonly SizeRow[], looks: Looks, draw: Drawing): Plotted[] {
  const compared = compare(rows);
  const clouds = [...compared.rows]
    .flatMap(([name, own], number) => cloudPlot({ name, number, rows: own }, draw))
    .slice(0, MAX_CLOUDS);
  return [...calibrationPlot(compared, looks, draw), ...clouds];
}

interface Cloud {
  readonly name: string;
  readonly number: number;
  readonly rows: readonly SizeRow[];
}

function cloudPlot({ name, number, rows }: Cloud, draw: Drawing): Plotted[] {
  const series: Series[] = [
    { look: BEFORE, points: pointsOf(rows, (row) => [row.measuredBefore, row.predictedBefore]) },
    { look: AFTER, points: pointsOf(rows, (row) => [row.measuredAfter, row.predictedAfter]) },
  ];
  if (series.every(({ points }) => points.length === 0)) return [];
  return [
    {
      id: `size-${number}`,
      title: `Predicted against real sizes: ${name}`,
      about: "Bytes of the object. On the dotted line the prediction is right.",
      legend: series.map(({ look }) => look),
      svg: draw.lines(series, {
        x: "measured bytes",
        y: "predicted bytes",
        scale: "log",
        isBothLog: true,
        isCloud: true,
        hasDiagonal: true,
      }),
    },
  ];
}

/** A logarithmic axis has no place for 0. */
function pointsOf(
  rows: readonly SizeRow[],
  sizes: (row: SizeRow) => readonly [x: number | null, y: number | null],
): Point[] {
  const points = rows.flatMap((row) => {
    const [x, y] = sizes(row);
    return x === null || y === null || x <= 0 || y <= 0 ? [] : [{ x, y }];
  });
  const step = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => index % step === 0);
}

function calibrationPlot(compared: Compared<SizeRow>, looks: Looks, draw: Drawing): Plotted[] {
  const series = [...compared.rows]
    .map(([name, rows]): Series => ({ look: looks(name), points: calibration(rows) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return [];
  return [
    {
      id: "size-calibration",
      title: "Calibration: predicted against real savings",
      about: `Cases in ${CALIBRATION_GROUPS} groups by predicted saving, the means of each; predictions below ${LEAST_SAVING} % are drawn there. On the dotted line savings come as predicted.`,
      legend: series.map(({ look }) => look),
      svg: draw.lines(series, {
        x: "predicted percent saved",
        y: "real percent saved",
        hasDiagonal: true,
      }),
    },
  ];
}

function calibration(rows: readonly SizeRow[]): Point[] {
  const pairs = rows
    .flatMap(({ predictedBefore, predictedAfter, measuredBefore, measuredAfter }): Point[] =>
      predictedBefore === null || predictedAfter === null || measuredAfter === null
        ? []
        : [
            {
              x: Math.max(LEAST_SAVING, savedPercent(predictedBefore, predictedAfter)),
              y: savedPercent(measuredBefore, measuredAfter),
            },
          ],
    )
    .toSorted((a, b) => a.x - b.x);
  const groups = Math.min(CALIBRATION_GROUPS, pairs.length);
  return Array.from({ length: groups }, (_, group) => {
    const end = Math.floor(((group + 1) * pairs.length) / groups);
    const members = pairs.slice(Math.floor((group * pairs.length) / groups), end);
    return { x: mean(members.map(({ x }) => x)), y: mean(members.map(({ y }) => y)) };
  });
}
