/** Observable Plot, with a document to draw on outside of a browser. */

import type { PlotOptions } from "@observablehq/plot";

type PlotDocument = NonNullable<PlotOptions["document"]>;

/** Loaded when needed: they take a quarter of a second. */
export async function loadPlotting() {
  const [Plot, { Window }] = await Promise.all([import("@observablehq/plot"), import("happy-dom")]);
  // happy-dom's document does what Plot asks of one; its types are not the browser's.
  return { Plot, document: new Window().document as unknown as PlotDocument };
}
