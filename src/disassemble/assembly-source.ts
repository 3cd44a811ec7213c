/** What everything here works on, whether it came as text or was made from an object. */

import type { Architecture } from "../tasks/dialect.ts";

export interface AssemblySource {
  readonly architecture: Architecture;
  /** Taken by LLVM's assembler. */
  readonly text: string;
  /** What an object has that the assembly does not. */
  readonly notes: readonly string[];
}
