/** What the commands share in talking to a person: colours, one status line, tables. */

import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours `text` when `stream` is a terminal that wants colours (NO_COLOR and FORCE_COLOR are honoured by Node). */
export function paint(
  style: Style,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return styleText(style, text, { stream, validateStream: true });
}

export interface StatusLine {
  show(text: string): void;
  clear(): void;
}

const REDRAW_MS = 80;

/** One line on standard error, redrawn in place; nothing when that is no terminal. */
export function statusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  let drawn = 0;
  return {
    show(text) {
      const now = performance.now();
      if (!stream.isTTY || now - drawn < REDRAW_MS) return;
      drawn = now;
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}`);
    },
    clear() {
      if (stream.isTTY && drawn > 0) stream.write("\r\u001b[K");
    },
  };
}

export type Align = "left" | "right";

/** Rows as aligned columns, two spaces apart; colour codes take no width. */
export function table(rows: readonly (readonly string[])[], aligns: readonly Align[]): string {
  const widths = aligns.map((_, column) =>
    Math.max(0, ...rows.map((row) => stripVTControlCharacters(row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    aligns
      .map((align, column) => pad(row[column] ?? "", widths[column] ?? 0, align))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

function pad(cell: string, width: number, align: Align): string {
  const room = " ".repeat(Math.max(0, width - stripVTControlCharacters(cell).length));
  return align === "left" ? cell + room : room + cell;
}
