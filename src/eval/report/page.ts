/** The report as one HTML page without a script or another file, right for phones and desktops, light and dark. */

import { escapeHtml } from "../../base/html.ts";
import { SUITES } from "../suite.ts";
import type { Table } from "../table.ts";
import { SUITE_TITLES } from "../tables/titles.ts";
import type { Plotted } from "./draw.ts";
import { htmlTable, prose } from "./html-table.ts";
import { NOTHING } from "./markdown.ts";
import { STYLE } from "./style.ts";

export interface Report {
  readonly title: string;
  /** What was evaluated, for people; a paragraph. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly plots: readonly Plotted[];
  /** Name and value: LLVM, commit, seed, the programs that could not be used. */
  readonly provenance: readonly (readonly [name: string, value: string])[];
}

export function reportPage({ title, about, tables, plots, provenance }: Report): string {
  const parts = partsOf(tables, plots);
  const facts = provenance.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const links = parts.map((part) => `<li><a href="#part-${part.id}">${part.title}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${prose(about)}</p>
${facts.length === 0 ? "" : `<dl>${facts.join("\n")}</dl>`}
${parts.length === 0 ? `<p>${NOTHING}</p>` : `<p class="about">${INTERVALS}</p>`}
<nav aria-label="Suites"><ul>${links.join("\n")}</ul></nav>
${parts.map(partHtml).join("\n")}
</body>
</html>
`;
}

const INTERVALS =
  "In brackets: 95 % bootstrap intervals, drawing whole packages where there are 8 or more, else cases. Rows marked “published” are what others report and were not measured here.";

interface Part {
  readonly id: string;
  readonly title: string;
  readonly tables: readonly Table[];
  readonly plots: readonly Plotted[];
}

/** One for each suite and one for the rest. An id begins with its suite: tune-by-size. */
function partsOf(tables: readonly Table[], plots: readonly Plotted[]): Part[] {
  const suiteOf = ({ id }: { readonly id: string }): string => {
    const first = id.split("-", 1)[0];
    return SUITES.find((suite) => suite === first) ?? "rest";
  };
  const titles = [
    ...SUITES.map((id) => [id, SUITE_TITLES[id]] as const),
    ["rest", "Elsewhere"] as const,
  ];
  return titles
    .map(([id, title]) => ({
      id,
      title,
      tables: tables.filter((table) => suiteOf(table) === id),
      plots: plots.filter((plot) => suiteOf(plot) === id),
    }))
    .filter((part) => part.tables.length + part.plots.length > 0);
}

function partHtml({ id, title, tables, plots }: Part): string {
  const links = tables.map(
    (table) =>
      `<li><a href="#${escapeHtml(table.id)}">${escapeHtml(withoutStart(table.title, title))}</a></li>`,
  );
  const contents =
    tables.length < 2
      ? ""
      : `<nav class="tables" aria-label="${title}"><ul>${links.join("\n")}</ul></nav>\n`;
  const figures =
    plots.length === 0 ? "" : `<div class="plots">\n${plots.map(figure).join("\n")}\n</div>\n`;
  return `<section id="part-${id}">
<h2>${title}</h2>
${contents}${figures}${tables.map(htmlTable).join("\n")}
</section>`;
}

/** Under the heading “Disassembly” the link “Disassembly by size” need say no more than “by size”. */
function withoutStart(text: string, start: string): string {
  const rest = text.slice(start.length).replace(/^[:,]? /, "");
  return text.startsWith(start) && rest !== "" ? rest : text;
}

function figure({ id, title, about, legend, svg }: Plotted): string {
  const entries = legend.map(
    ({ name, colour, dash }) =>
      `<li><svg viewBox="0 0 17 8" aria-hidden="true"><line x1="0" x2="17" y1="4" y2="4" stroke="${colour}" stroke-width="3" stroke-dasharray="${dash}"/></svg>${escapeHtml(name)}</li>`,
  );
  const key = entries.length === 0 ? "" : `<ul class="legend">${entries.join("\n")}</ul>\n`;
  return `<figure id="plot-${escapeHtml(id)}"><figcaption>${escapeHtml(title)}</figcaption>
<p class="about">${prose(about)}</p>
${key}${svg}</figure>`;
}
