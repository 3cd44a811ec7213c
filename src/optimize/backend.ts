/**
 * How a module becomes the object that the user gets: code generation by clang with the user's own flags, at -Oz for the
 * baseline and from optimised IR for the answer, so both are what their build would link. The pool's own objects are for
 * measuring: LLVM's C API cannot say `-ffunction-sections`, and it puts static constructors into `.ctors`, which no
 * linker of today runs.
 */

import { type Source, compileAtOz, lowerBitcode } from "../llvm/clang.ts";
import type { EmitKind } from "../llvm/module.ts";
import type { Outcome } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import type { Input } from "./inputs.ts";

export interface Backend {
  /** The module as `clang -Oz` makes it. */
  baseline(as: EmitKind): Promise<Outcome<Uint8Array>>;
  /** The module as the pass list makes it. */
  build(passes: string, as: EmitKind): Promise<Outcome<Uint8Array>>;
}

export function backendFor(pool: Pool, module: LoadedModule, input: Input): Backend {
  const isSource = input.kind === "source";
  // A source's flags name its target; IR names its own, and clang would take the host's.
  const flags = isSource ? input.flags : [`--target=${module.info.triple}`, ...input.flags];
  const source: Source = { path: input.path, flags, cwd: input.cwd };
  const build: Backend["build"] = async (passes, as) => {
    const bitcode = await pool.emit(module, passes, "bitcode");
    return bitcode.status === "ok"
      ? lowerBitcode(pool.toolchain, source, { bitcode: bitcode.value, as })
      : bitcode;
  };
  return {
    build,
    baseline: (as) =>
      isSource ? compileAtOz(pool.toolchain, source, as) : build(printPassList(presets.Oz), as),
  };
}
