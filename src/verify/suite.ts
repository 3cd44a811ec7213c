/**
 * A suite: programs that show by their exit code and output whether they were compiled right. Where they come from is
 * the suite's affair (this repository, a Debian package, a generator); what is done with them is the same for all.
 */

import type { Toolchain } from "../llvm/toolchain.ts";

export type Language = "c" | "c++";

export interface Program {
  /** Unique in its suite: "pr12345.c". */
  readonly name: string;
  readonly path: string;
  readonly language: Language;
  /** clang flags, without an optimisation level. */
  readonly flags: readonly string[];
  /** Hash of what the program includes besides its own text and the system's headers. */
  readonly includes: string;
  /** CPU time that one run may take. */
  readonly timeLimitSeconds: number;
}

export type Programs =
  | { readonly status: "available"; readonly programs: readonly Program[] }
  /** `why` says what is missing and how to get it. */
  | { readonly status: "unavailable"; readonly why: string };

export interface SuiteContext {
  readonly toolchain: Toolchain;
  /** Folder for what is fetched or generated; survives between runs. */
  readonly cache: string;
  /** How many programs, for a suite that makes them. */
  readonly count: number;
  readonly seed: number;
  readonly onProgress?: ((message: string) => void) | undefined;
}

export interface Suite {
  readonly name: string;
  readonly about: string;
  programs(context: SuiteContext): Promise<Programs>;
}
