/** What looks over a model's shoulder while it writes the IR of one function: LLVM's parser, and what the assembly says for certain. */

import type { Pool } from "../llvm/pool.ts";
import type { Model, Monitor } from "../model/model.ts";
import { mayEnd } from "../tasks/ir-end.ts";
import { firstContradiction } from "../tasks/ir-facts.ts";
import { extentOfAssembly, firstOvergrowth } from "../tasks/code-growth.ts";
import { symbolIn } from "../tasks/ir-text.ts";
import { firstOf, firstWrong } from "../verify/ir-monitor.ts";

export interface MonitoredFunction {
  /** As assembly writes it. */
  readonly name: string;
  /** The function's, cut out (assembly-cut.ts). */
  readonly assembly: string;
}

/** Undefined for the published dialect, which writes prose around its code. */
export function functionMonitor(
  pool: Pool,
  { dialect }: Pick<Model, "dialect">,
  { name, assembly }: MonitoredFunction,
): Monitor | undefined {
  if (dialect !== "compact") return undefined;
  const asked = extentOfAssembly(assembly);
  return {
    name: `function ${name}, LLVM ${pool.toolchain.major}`,
    async look(text, isEnd, stands) {
      if (isEnd && !mayEnd(text, [])) return text.length;
      const contradiction = firstContradiction("disassemble", assembly, text);
      const overgrowth = firstOvergrowth("disassembled", asked, text);
      return firstOf(
        stands,
        otherName(text, name),
        contradiction,
        overgrowth,
        await firstWrong(pool, text, stands),
      );
    },
  };
}

/** Where a function of another name is defined. */
function otherName(text: string, name: string): number | undefined {
  const symbols = [`@${name}`, `@"${name}"`];
  for (const { 0: head, index } of text.matchAll(/^define .*$/gm))
    if (!symbols.includes(symbolIn(head))) return index + Math.max(0, head.indexOf("@"));
  return undefined;
}
