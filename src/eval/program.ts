/** A program as the suites of IR take it: one module, from the corpus or from a user's folder. */

import type { Case } from "./suite.ts";

export interface Program extends Case {
  /** SHA-256, hexadecimal: of a corpus module's bitcode, of a user's own program as programs-folder.ts has it. */
  readonly hash: string;
  /** As clang gives it before any pass, for size (llvm-notes: -Oz -Xclang -disable-llvm-passes). */
  readonly bitcode: Uint8Array;
}

/** What was meant to be a program and is none: counted, and said in the report. */
export interface Unusable {
  /** The file or module. */
  readonly id: string;
  readonly problem: string;
}
