/**
 * A module as the corpus holds it, and the rows of its Parquet files: one file a package, columns named as here, with
 * the bitcode as one more column.
 */

import { z } from "zod";
import type { Language } from "./recorder.ts";
import { SPLITS, type Split } from "./split.ts";

export interface CorpusModule {
  /** SHA-256 of the bitcode, hexadecimal. */
  readonly hash: string;
  readonly package: string;
  readonly version: string;
  /** The package's licences as its copyright file names them, joined by commas; "" where unknown. */
  readonly licence: string;
  /** Source file, relative to the package's root. */
  readonly path: string;
  readonly language: Language;
  readonly flags: readonly string[];
  readonly split: Split;
  readonly bitcodeBytes: number;
  /** Characters of the normal form. */
  readonly textBytes: number;
  readonly instructions: number;
  readonly functions: readonly CorpusFunction[];
}

export interface CorpusFunction {
  readonly name: string;
  /** Of the function in normal form: equal code under other names has the same. */
  readonly hash: string;
  readonly instructions: number;
  readonly blocks: number;
}

export type WithBitcode = CorpusModule & { readonly bitcode: Uint8Array };

/** What the manifest says besides. */
export interface Verdict {
  readonly kept: boolean;
  /** Why it is not kept; "" where it is. */
  readonly why: Why | "";
  /** Hash of the kept module that it repeats; "" where it repeats none. */
  readonly duplicateOf: string;
}

export const WHYS = [
  "exact duplicate",
  "near duplicate",
  "held-out path",
  "configure probe",
  "no function",
] as const;
export type Why = (typeof WHYS)[number];

const count = z.coerce.number().int().nonnegative();
const functionRow = z.object({
  name: z.string(),
  hash: z.string(),
  instructions: count,
  blocks: count,
});

/** A row as DuckDB gives it, `functions` as JSON text: reading that is five times as fast as nested values. */
const moduleRow = z.object({
  hash: z.string(),
  package: z.string(),
  version: z.string(),
  licence: z.string(),
  path: z.string(),
  language: z.string(),
  flags: z.array(z.string()),
  split: z.enum(SPLITS),
  bitcodeBytes: count,
  textBytes: count,
  instructions: count,
  functions: z.string(),
});

/** The columns of `moduleRow` in SQL. */
export const MODULE_COLUMNS =
  "hash, package, version, licence, path, language, flags, split, bitcodeBytes, textBytes, instructions, " +
  "to_json(functions)::VARCHAR AS functions";

export function parseModule(row: unknown): CorpusModule {
  const { functions, language, ...rest } = moduleRow.parse(row);
  return {
    ...rest,
    language: language as Language, // it was one when it was written
    functions: z.array(functionRow).parse(JSON.parse(functions)),
  };
}
