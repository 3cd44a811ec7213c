/** Tables as Markdown, for a repository: GitHub's tables, notes below them. */

import type { Table, TableRow } from "../table.ts";
import { cellText, notesOf } from "./format.ts";

export const NOTHING =
  "There is nothing to show: no row of an evaluation was given. Run `llmc eval` first.";

export function reportMarkdown(tables: readonly Table[]): string {
  if (tables.length === 0) return `${NOTHING}\n`;
  return `${tables.map(tableMarkdown).join("\n\n")}\n`;
}

function tableMarkdown({ title, about, columns, rows }: Table): string {
  const { marks, list } = notesOf(rows);
  const name = (row: TableRow, mark: string | undefined): string =>
    [
      row.name,
      ...(row.isPublished ? ["*(published)*"] : []),
      ...(mark ? [`<sup>${mark}</sup>`] : []),
    ].join(" ");
  const body = rows.map((row, index) =>
    line([
      name({ ...row, name: escaped(row.name) }, marks[index]),
      ...columns.map((column, at) => {
        const { value, interval } = cellText(row.cells[at], column);
        return escaped([value, interval].filter(Boolean).join(" "));
      }),
    ]),
  );
  const notes = list.map(({ mark, note }) => `<sup>${mark}</sup> ${escaped(note)}`);
  return [
    `## ${title}`,
    "",
    about,
    "",
    line(["", ...columns.map((column) => escaped(column.title))]),
    line(["---", ...columns.map(() => "---:")]),
    ...body,
    ...notes.flatMap((note) => ["", note]),
  ].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Names are others': what would end a cell or begin a tag is made harmless. */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replaceAll(/\s+/g, " ");
