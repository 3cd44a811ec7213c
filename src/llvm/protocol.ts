/**
 * What the pool and a worker process say to each other, one message each way at a time, by Node's structured clone.
 * Modules are sent once and then named by a key; a worker that does not hold one answers `missing`.
 */

import type { Sections } from "./elf.ts";
import type { EmitKind } from "./module.ts";
import type { NormalForm } from "./normalize.ts";
import type { Outcome } from "./outcome.ts";
import type { Preparation } from "./prepare.ts";

export interface ModuleInfo extends Preparation {
  readonly triple: string;
  readonly functions: number;
  readonly instructions: number;
  /** Hash of the prepared bitcode; with the LLVM version it names all that is measured on this module. */
  readonly hash: string;
  readonly bitcode: Uint8Array;
}

export interface Measurement {
  readonly sections: Sections;
  /** IR instructions after the passes. */
  readonly instructions: number;
  /** Hash of the optimised module's bitcode. */
  readonly hash: string;
  /** Whether code was generated for this answer, or an equal module's known size was given. */
  readonly generated: boolean;
}

/** The key of what is about no module that a worker holds: any worker does it. */
export const NO_MODULE = "";

export type Request =
  | {
      readonly kind: "load";
      readonly key: string;
      readonly bytes: Uint8Array;
      readonly name: string;
    }
  /** Only parsed: what is wrong with it, if anything is. Nothing is kept. */
  | { readonly kind: "read"; readonly key: typeof NO_MODULE; readonly bytes: Uint8Array }
  /** A module that some worker loaded before; taken as it is, so that all workers start from the same bytes. */
  | {
      readonly kind: "hold";
      readonly key: string;
      readonly bitcode: Uint8Array;
      readonly hash: string;
    }
  /**
   * `steps`: the pass list, cut at top-level commas. Staged: states after a step are kept and shared between lists.
   * Fresh: parsed anew and run as one list, as `opt` does; this is the measure that counts.
   */
  | {
      readonly kind: "measure";
      readonly key: string;
      readonly steps: readonly string[];
      readonly fresh: boolean;
    }
  | { readonly kind: "emit"; readonly key: string; readonly passes: string; readonly as: EmitKind }
  | { readonly kind: "normalize"; readonly key: string };

export interface Replies {
  load: ModuleInfo;
  read: null;
  hold: null;
  measure: Measurement;
  emit: Uint8Array;
  normalize: NormalForm;
}

/** `missing`: this worker does not hold the module named by the request's key. */
export type Answer<T = unknown> = Outcome<T> | { readonly status: "missing" };

/** The first message of a worker: it is up, and which LLVM it loaded ("22.1.8"). */
export interface Hello {
  readonly llvmVersion: string;
}
