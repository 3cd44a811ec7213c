/** The work of a search, and the answer where none is done or none pays. Apart from the search, which is slow to load. */

import type { Made } from "./cache.ts";

export interface Improvement {
  /** Appears in messages. */
  readonly source: string;
  /** -Oz or -Os. */
  readonly level: string;
  /** File with the module that clang hands to its optimiser. */
  readonly bitcode: string;
  readonly flags: readonly string[];
  /** The object that the user's own command made. */
  readonly baseline: Buffer;
  /** What a program loads of it. */
  readonly baselineBytes: number;
  /** Folder for files that go when this is done. */
  readonly scratch: string;
}

/** Below this a list saves some ten bytes, and the search takes as long as on any small module. */
const MIN_SEARCH_BYTES = 256;

export function isWorthSearching({ baselineBytes }: Improvement, budget: number): boolean {
  return budget > 0 && baselineBytes >= MIN_SEARCH_BYTES;
}

/** The user's own object. */
export function keptObject({ baseline, baselineBytes }: Improvement): Made {
  const verdict = "same as clang";
  return { baselineBytes, bytes: baselineBytes, passes: "", verdict, object: baseline };
}
