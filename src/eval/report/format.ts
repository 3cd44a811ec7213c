/** Cells as text, for the page and for Markdown alike. */

import type { Cell, Column, TableRow } from "../table.ts";

export interface CellText {
  readonly value: string;
  /** "" where the cell has none. */
  readonly interval: string;
}

export function cellText(cell: Cell | undefined, column: Column): CellText {
  if (cell === undefined) return { value: "", interval: "" };
  if (typeof cell === "string") return { value: cell, interval: "" };
  const number = (value: number): string => numberText(value, column.digits ?? 0);
  const unit = column.unit === undefined ? "" : ` ${column.unit}`;
  if (typeof cell === "number") return { value: number(cell) + unit, interval: "" };
  return {
    value: number(cell.value) + unit,
    interval: `[${number(cell.low)}, ${number(cell.high)}]`,
  };
}

function numberText(value: number, digits: number): string {
  const text = value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return /[1-9]/.test(text) ? text : text.replace("-", ""); // no -0.00
}

export interface Notes {
  /** By row: the letter of its note, "" where it has none. */
  readonly marks: readonly string[];
  readonly list: readonly { readonly mark: string; readonly note: string }[];
}

/** Rows of one note share its letter. */
export function notesOf(rows: readonly TableRow[]): Notes {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  const markOf = (note: string): string => markAt(notes.indexOf(note));
  return {
    marks: rows.map(({ note }) => (note === undefined ? "" : markOf(note))),
    list: notes.map((note) => ({ mark: markOf(note), note })),
  };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

const markAt = (index: number): string =>
  (index < LETTERS.length ? "" : markAt(Math.floor(index / LETTERS.length) - 1)) +
  (LETTERS[index % LETTERS.length] ?? "");
