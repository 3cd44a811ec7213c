/** The plots of a report, from rows alone: what each shows is decided here, how it is drawn in draw.ts. */

import type { Row, RowOf } from "../row.ts";
import type { SuiteName } from "../suite.ts";
import { byText, inOrder } from "../tables/compared.ts";
import { lengthPlots } from "./disassemble-plots.ts";
import { loadDrawing } from "./draw.ts";
import type { Looks, Plotted } from "./draw.ts";
import { sizePlots } from "./size-plots.ts";
import { tunePlots } from "./tune-plots.ts";

/** The same rows in any order give the same plots. */
export async function evalPlots(rows: readonly Row[]): Promise<Plotted[]> {
  const draw = await loadDrawing();
  const looks = looksOf(rows);
  const ofSuite = <Name extends SuiteName>(suite: Name): RowOf<Name>[] =>
    inOrder(rows.filter((row): row is RowOf<Name> => row.suite === suite));
  return [
    ...tunePlots(ofSuite("tune"), looks, draw),
    ...sizePlots(ofSuite("size"), looks, draw),
    ...lengthPlots(ofSuite("disassemble"), looks, draw),
  ];
}

/** Observable's ten categorical colours, seen on white and on black. */
const COLOURS = [
  "#4269d0",
  "#efb118",
  "#ff725c",
  "#3ca951",
  "#a463f2",
  "#ff8ab7",
  "#6cc5b0",
  "#9c6b4e",
  "#97bbf5",
  "#9498a0",
];
/** After as many contenders as there are colours, the next dashes. */
const DASHES = ["none", "5,2", "2,2", "8,2,2,2"];

function looksOf(rows: readonly Row[]): Looks {
  const names = [...new Set(rows.map(({ contender }) => contender))].toSorted(byText);
  const looks = new Map(
    names.map((name, index) => [
      name,
      {
        name,
        colour: COLOURS[index % COLOURS.length] ?? "currentColor",
        dash: DASHES[Math.floor(index / COLOURS.length) % DASHES.length] ?? "none",
      },
    ]),
  );
  return (name) => looks.get(name) ?? { name, colour: "currentColor", dash: "none" };
}
