// What tools/make-registry.ts writes.

import type { PassLevel } from "../tree.ts";

export type GeneratedPass =
  | readonly [name: string, levels: readonly PassLevel[]]
  | readonly [name: string, levels: readonly PassLevel[], params: readonly string[]];

export interface GeneratedRegistry {
  readonly llvmVersion: number;
  readonly passes: readonly GeneratedPass[];
  readonly analyses: readonly (readonly [name: string, levels: readonly PassLevel[]])[];
  /** The expanded -Oz pipeline, without its trailing verify. */
  readonly oz: string;
}
