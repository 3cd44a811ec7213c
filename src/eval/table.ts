/**
 * A table as the report shows it: rows of named cells, each number with its interval. Made of rows alone, so two runs of the
 * same evaluation give the same.
 */

export interface Table {
  /** Unique in a report, fit for an address: flag-tuning-by-language. */
  readonly id: string;
  readonly title: string;
  /** What is measured, in which unit, and what counts; one or two sentences. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

export interface Column {
  readonly title: string;
  /** How numbers are written: digits after the point, and a unit behind. */
  readonly digits?: number;
  readonly unit?: string;
}

export interface TableRow {
  readonly name: string;
  /** Said by others, not measured here: what differs goes into `note`. */
  readonly isPublished?: boolean;
  readonly note?: string;
  /** In the order of `columns`; undefined where there is nothing to tell. */
  readonly cells: readonly (Cell | undefined)[];
}

export type Cell = string | number | Estimate;

/** With its 95 % bootstrap interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
