/** The statistics of a corpus as one HTML page with plots: no script, no other file, right for phones and desktops. */

import { escapeHtml } from "../base/html.ts";
import { loadPlotting } from "../base/plotting.ts";
import { z } from "zod";
import type { Corpus } from "./store.ts";
import { statsTables } from "./stats-tables.ts";
import type { CorpusStats } from "./stats.ts";

/** Points of a histogram: so many rows suffice to see its shape, and the page stays small. */
const MAX_POINTS = 200_000;
const MAX_PACKAGES_SHOWN = 40;

const sizeRow = z.object({
  split: z.string(),
  bitcodeBytes: z.coerce.number(),
  instructions: z.coerce.number(),
});
type SizeRow = z.infer<typeof sizeRow>;

export async function statsPage(corpus: Corpus, stats: CorpusStats): Promise<string> {
  const rows = await corpus.query(
    `SELECT split, bitcodeBytes, instructions FROM manifest WHERE kept ORDER BY hash LIMIT ${MAX_POINTS}`,
  );
  const perFunction = await corpus.query(
    `SELECT split, bitcodeBytes, f.instructions AS instructions
     FROM (SELECT split, bitcodeBytes, unnest(functions) AS f FROM manifest WHERE kept)
     ORDER BY f.hash LIMIT ${MAX_POINTS}`,
  );
  const draw = await loadDrawing();
  const modules = z.array(sizeRow).parse(rows);
  const functions = z.array(sizeRow).parse(perFunction);
  const figures = [
    figure("Size of a module", draw.histogram(modules, "bitcodeBytes", "bytes of bitcode")),
    figure("Instructions of a module", draw.histogram(modules, "instructions", "instructions")),
    figure("Instructions of a function", draw.histogram(functions, "instructions", "instructions")),
    figure("Languages", draw.bars(stats.byLanguage, "modules")),
    figure("Kept, and why not", draw.bars(keptAndRemoved(stats), "modules")),
    figure(
      stats.byPackage.length > MAX_PACKAGES_SHOWN
        ? `The ${MAX_PACKAGES_SHOWN} packages with most modules`
        : "Modules of each package",
      draw.bars(stats.byPackage.slice(0, MAX_PACKAGES_SHOWN), "modules"),
    ),
  ];
  return page(stats, figures);
}

function keptAndRemoved({ total, removed }: CorpusStats): { name: string; modules: number }[] {
  return [
    { name: "kept", modules: total.kept },
    ...removed.map(({ why, modules }) => ({ name: why, modules })),
  ];
}

const figure = (title: string, svg: string): string =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;

interface Drawing {
  histogram(
    rows: readonly SizeRow[],
    column: "bitcodeBytes" | "instructions",
    label: string,
  ): string;
  bars(rows: readonly { name: string; modules: number }[], column: "modules"): string;
}

const WIDTH = 560;
const BAR_HEIGHT = 18;
const MARGIN_LEFT = 130;
const SPLIT_COLOURS = {
  domain: ["train", "valid", "test"],
  range: ["#4269d0", "#efb118", "#ff725c"],
};

async function loadDrawing(): Promise<Drawing> {
  const { Plot, document } = await loadPlotting();
  const common = {
    document,
    width: WIDTH,
    marginBottom: 40,
    style: { background: "none", fontSize: "12px" },
  };
  return {
    histogram: (rows, column, label) =>
      Plot.plot({
        ...common,
        height: 260,
        x: { type: "log", label, labelOffset: 36, tickFormat: "~s", grid: false },
        y: { grid: true, label: "count" },
        color: { ...SPLIT_COLOURS, legend: false },
        marks: [
          Plot.rectY(logBins(rows, column), {
            x1: "from",
            x2: "to",
            y: "count",
            fill: "split",
            insetLeft: 0.5,
            insetRight: 0.5,
          }),
          Plot.ruleY([0]),
        ],
      }).outerHTML,
    bars: (rows, column) =>
      Plot.plot({
        ...common,
        height: 50 + rows.length * BAR_HEIGHT,
        marginLeft: MARGIN_LEFT,
        x: { grid: true, label: column, tickFormat: "~s" },
        y: { label: null, domain: rows.map(({ name }) => name) },
        marks: [
          Plot.barX(rows, { x: column, y: "name", fill: "#4269d0" }),
          Plot.text(rows, { x: column, y: "name", text: column, textAnchor: "start", dx: 4 }),
          Plot.ruleX([0]),
        ],
        marginRight: 50,
      }).outerHTML,
  };
}

interface Bin {
  readonly split: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const BINS_PER_DECADE = 8;

/** Bins of equal width on a logarithmic axis, stacked by split. */
function logBins(rows: readonly SizeRow[], column: "bitcodeBytes" | "instructions"): Bin[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const bin = Math.floor(Math.log10(Math.max(1, row[column])) * BINS_PER_DECADE);
    const key = `${row.split}/${bin}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const edge = (bin: number): number => 10 ** (bin / BINS_PER_DECADE);
  return [...counts]
    .map(([key, count]) => {
      const [split = "", bin = "0"] = key.split("/");
      return { split, from: edge(Number(bin)), to: edge(Number(bin) + 1), count };
    })
    .toSorted(
      (a, b) => SPLIT_COLOURS.domain.indexOf(a.split) - SPLIT_COLOURS.domain.indexOf(b.split),
    );
}

/** The table of packages is left to its plot: hundreds of rows. */
const ONLY_PLOTTED = "packages";

function page(stats: CorpusStats, figures: readonly string[]): string {
  const [facts, ...rest] = statsTables(stats).filter(({ title }) => title !== ONLY_PLOTTED);
  const named = rest.map(
    (each) => `<h2>${escapeHtml(each.title)}</h2>\n${htmlTable(each.head, each.rows)}`,
  );
  const legend = SPLIT_COLOURS.domain
    .map((name, i) => `<span><i style="background:${SPLIT_COLOURS.range[i]}"></i>${name}</span>`)
    .join(" ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Corpus statistics</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Corpus</h1>
${htmlTable(facts?.head, facts?.rows ?? [])}
${named.join("\n")}
<h2>plots</h2>
<p class="legend">${legend}</p>
<main>
${figures.join("\n")}
</main>
</body>
</html>
`;
}

function htmlTable(
  head: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("");
  const top = head === undefined ? "" : `<thead><tr>${cells("th", head)}</tr></thead>`;
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<div class="wide"><table>${top}<tbody>${body}</tbody></table></div>`;
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 75rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; text-transform: capitalize; margin: 1.5rem 0 .4rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .8rem .2rem 0; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
.wide { overflow-x: auto; }
.legend span { margin-right: 1rem; } .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .3em; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
figure { margin: 0; } figure svg { max-width: 100%; height: auto; overflow: visible; }
figcaption { font-weight: 600; margin-bottom: .3rem; }
`;
