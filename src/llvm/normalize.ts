/**
 * The normal form of a module: the IR as a model sees it. Runs inside a worker process; what goes and what stays is
 * told in normalize-text.ts.
 */

import type { Engine } from "./engine.ts";
import { definedFunctions, functionSize, irOf, parseModule } from "./module.ts";
import { type Outcome, ok } from "./outcome.ts";
import { normalizeText } from "./normalize-text.ts";

export interface NormalForm {
  /** The module's IR text in normal form: parses as it stands. */
  readonly text: string;
  /** Of all defined functions, debug intrinsics not counted. */
  readonly instructions: number;
  /** Defined functions in module order. */
  readonly functions: readonly NormalFunction[];
}

export interface NormalFunction {
  /** The symbol as it was in the input module. */
  readonly name: string;
  /** Of its normal form without the names that do not matter; the same in every module and process (normalize-hash.ts). */
  readonly hash: string;
  readonly instructions: number;
  readonly blocks: number;
}

/** `bitcode`, not text: LLVM's text parser refuses to discard value names. */
export function normalizeModule(engine: Engine, bitcode: Uint8Array): Outcome<NormalForm> {
  const parsed = parseModule(engine, bitcode, "module", { discardValueNames: true });
  if (parsed.status !== "ok") return parsed;
  using module = parsed.value;
  engine.llvm.stripDebugInfo(module.pointer);
  const sizes = [...definedFunctions(module)].map((fn) => functionSize(module, fn));
  const normal = normalizeText(irOf(module));
  return ok({
    text: normal.text,
    instructions: sizes.reduce((sum, { instructions }) => sum + instructions, 0),
    functions: normal.functions.map(({ name, hash }, index) => {
      const { instructions = 0, blocks = 0 } = sizes[index] ?? {};
      return { name, hash, instructions, blocks };
    }),
  });
}
