/** One table of the page: in a box of its own that scrolls, its first column standing still, notes below. */

import { escapeHtml } from "../../base/html.ts";
import type { Column, Table, TableRow } from "../table.ts";
import { cellText, notesOf } from "./format.ts";

/** Numbers stand right, words left. */
const TEXT = ' class="text"';

export function htmlTable({ id, title, about, columns, rows }: Table): string {
  const { marks, list } = notesOf(rows);
  const head = columns.map((column, at) => {
    const isText = rows.some(({ cells }) => typeof cells[at] === "string");
    return `<th scope="col"${isText ? TEXT : ""}>${escapeHtml(column.title)}</th>`;
  });
  const body = rows.map((row, index) => htmlRow(row, columns, marks[index] ?? ""));
  const notes = list.map(({ mark, note }) => `<li><sup>${mark}</sup> ${prose(note)}</li>`);
  return `<section class="table" id="${escapeHtml(id)}">
<h3>${escapeHtml(title)}</h3>
<p class="about">${prose(about)}</p>
<div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table>
<thead><tr><th scope="col"></th>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>
${notes.length === 0 ? "" : `<ul class="notes">${notes.join("\n")}</ul>\n`}</section>`;
}

/** A browser would break -Oz after its hyphen. */
export const prose = (text: string): string =>
  escapeHtml(text).replaceAll(/-O\w/g, '<span class="flag">$&</span>');

function htmlRow(row: TableRow, columns: readonly Column[], mark: string): string {
  const cells = columns.map((column, at) => {
    const { value, interval } = cellText(row.cells[at], column);
    const below = interval === "" ? "" : `<small>${interval}</small>`;
    return `<td${typeof row.cells[at] === "string" ? TEXT : ""}>${escapeHtml(value)}${below}</td>`;
  });
  const tag = row.isPublished ? ' <span class="tag">published</span>' : "";
  const sup = mark === "" ? "" : `<sup>${mark}</sup>`;
  const kind = row.isPublished ? ' class="published"' : "";
  return `<tr${kind}><th scope="row">${escapeHtml(row.name)}${tag}${sup}</th>${cells.join("")}</tr>`;
}
