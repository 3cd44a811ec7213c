/** Loss curves of one or several runs as SVG, or as an HTML page that needs no script and no other file. */

import { escapeHtml } from "../base/html.ts";
import { loadPlotting } from "../base/plotting.ts";
import type { Curves } from "./curves.ts";

const WIDTH = 900;
const HEIGHT = 460;
const LINE_COLOURS = ["#4269d0", "#ff725c", "#3ca951", "#a463f2", "#efb118", "#9c6b4e"];

/** Lines are of training, dots of validation; dashes mark where the stages of the first run begin. */
export async function lossSvg(runs: readonly Curves[]): Promise<string> {
  const { Plot, document } = await loadPlotting();
  const names = [...new Set(runs.flatMap(({ starts }) => starts.map(({ run }) => run)))];
  const starts = runs[0]?.starts ?? [];
  const training = runs.flatMap((run) => run.training);
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 30,
    style: { background: "none", fontSize: "13px" },
    x: { label: "step" },
    y: { label: "loss, nats a token", grid: true, zero: false },
    color: { domain: names, range: LINE_COLOURS },
    marks: [
      Plot.ruleX(starts, {
        x: "step",
        stroke: "currentColor",
        strokeOpacity: 0.4,
        strokeDasharray: "4,4",
      }),
      Plot.text(starts, {
        x: "step",
        text: "stage",
        frameAnchor: "top",
        dy: -18,
        textAnchor: "start",
      }),
      Plot.lineY(training, { x: "step", y: "loss", stroke: "run", strokeWidth: 1.3 }),
      Plot.dot(
        runs.flatMap((run) => run.validation),
        { x: "step", y: "loss", fill: "run", r: 3.5 },
      ),
      ...(names.length > 1
        ? [
            Plot.text(lastPoints(runs), {
              x: "step",
              y: "loss",
              text: "run",
              fill: "run",
              dx: 6,
              textAnchor: "start",
            }),
          ]
        : []),
    ],
    marginRight: names.length > 1 ? 120 : 30,
  });
  // happy-dom leaves the namespace out, without which a file is no SVG.
  return svg.outerHTML.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
}

const lastPoints = (runs: readonly Curves[]): Curves["training"] =>
  runs.flatMap(({ training }) => training.slice(-1));

/** The plot and the numbers behind its ends. */
export async function lossPage(runs: readonly Curves[]): Promise<string> {
  const rows = runs.map((run) => {
    const [training, validation] = [run.training.at(-1), run.validation.at(-1)];
    const number = (value: number | undefined): string => value?.toFixed(4) ?? "–";
    const cells = [
      run.starts[0]?.run ?? "",
      String(training?.step ?? 0),
      number(training?.loss),
      number(validation?.loss),
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loss curves</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem; }
svg { max-width: 100%; height: auto; overflow: visible; }
td, th { padding: .2rem 1rem .2rem 0; text-align: left; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>Loss curves</h1>
<p>Lines: training. Dots: validation, on the stage's own rows.</p>
${await lossSvg(runs)}
<table><thead><tr><th>run</th><th>steps</th><th>last loss</th><th>last validation loss</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>
</body>
</html>
`;
}
