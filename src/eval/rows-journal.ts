/**
 * The rows of an evaluation as they come: an append-only file, one JSON line each. A row is known by a key over all that it
 * depends on, so a run that was stopped, or has got another contender, does only what is not there.
 */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import { type Row, rowSchema } from "./row.ts";

export interface RowsJournal {
  find(key: string): Row | undefined;
  add(key: string, row: Row): void;
}

/** Changes when a row's meaning does. */
const ROWS_VERSION = 1;

const lineSchema = z.object({ v: z.literal(ROWS_VERSION), key: z.string(), row: rowSchema });

export function openRows(path: string): RowsJournal {
  const known = new Map<string, Row>();
  for (const value of readJsonLines(path)) {
    const line = lineSchema.safeParse(value);
    if (line.success) known.set(line.data.key, line.data.row);
  }
  const append = jsonLineAppender(path);
  return {
    find: (key) => known.get(key),
    add(key, row) {
      known.set(key, row);
      append({ v: ROWS_VERSION, key, row });
    },
  };
}

/** Of whatever a row depends on; values in a fixed order. */
export const rowKey = (parts: readonly unknown[]): string => contentHash(JSON.stringify(parts));
