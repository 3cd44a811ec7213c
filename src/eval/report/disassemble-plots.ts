/** Disassembly: how round trips fare as functions get longer. */

import { mean } from "../../base/stats.ts";
import type { DisassembleRow } from "../row.ts";
import { bucketOf, bucketStart } from "../tables/buckets.ts";
import { compare } from "../tables/compared.ts";
import type { Drawing, Looks, Plotted, Point, Series } from "./draw.ts";

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly isSo: (row: DisassembleRow) => boolean;
}

const KINDS: readonly Kind[] = [
  {
    id: "disassemble-compiles",
    title: "Answers that compile, by length",
    isSo: (row) => row.compiles[0] === true,
  },
  {
    id: "disassemble-equivalent",
    title: "Exact or equivalent round trips, by length",
    isSo: ({ verdicts: [first] }) => first === "exact" || first === "equivalent",
  },
];

export function lengthPlots(
  rows: readonly DisassembleRow[],
  looks: Looks,
  draw: Drawing,
): Plotted[] {
  const compared = compare(rows);
  if (compared.cases.length === 0) return [];
  return KINDS.map(({ id, title, isSo }) => {
    const series = [...compared.rows].map(([name, own]): Series => ({
      look: looks(name),
      points: byLength(own, isSo),
    }));
    const starts = series.flatMap(({ points }) => points.map(({ x }) => x));
    return {
      id,
      title,
      about: `Percent of the functions, of the first answers; by the bytes of the assembly, each point from its length up to the next. ${compared.about}`,
      legend: series.map(({ look }) => look),
      svg: draw.lines(series, {
        x: "bytes of assembly, from",
        y: "percent",
        scale: "log",
        ticks: [...new Set(starts)].toSorted((a, b) => a - b),
        tickText: (tick) => (tick === bucketStart(0) ? "0" : tick.toLocaleString("en")),
        isPercent: true,
      }),
    };
  });
}

function byLength(
  rows: readonly DisassembleRow[],
  isSo: (row: DisassembleRow) => boolean,
): Point[] {
  return [...Map.groupBy(rows, ({ bytes }) => bucketOf(bytes))]
    .toSorted(([a], [b]) => a - b)
    .map(([bucket, members]) => ({
      x: bucketStart(bucket),
      y: 100 * mean(members.map((row) => Number(isSo(row)))),
    }));
}
