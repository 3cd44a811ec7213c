/** What looks over a model's shoulder while it writes what a pass list makes of IR: LLVM's parser, and what the question says for certain. */

import { firstOf, firstWrong } from "../verify/ir-monitor.ts";
import type { Pool } from "../llvm/pool.ts";
import type { Model, Monitor } from "../model/model.ts";
import type { CodeKind } from "../tasks/dialect.ts";
import { definedIn, mayEnd } from "../tasks/ir-end.ts";
import { firstContradiction } from "../tasks/ir-facts.ts";
import { MARKS } from "../tasks/marks.ts";

/** `ir`: what the passes are run on. Undefined for assembly, and for the published dialect, which writes prose around its code. */
export function irMonitor(
  pool: Pool,
  { dialect }: Pick<Model, "dialect">,
  { ir: question, want }: { ir: string; want: CodeKind },
): Monitor | undefined {
  if (dialect !== "compact" || want !== "ir") return undefined;
  const kept = definedIn(question, "kept");
  return {
    name: `IR, LLVM ${pool.toolchain.major}`,
    async look(text, isEnd) {
      const start = text.indexOf(MARKS.ir);
      if (start < 0) return isEnd ? text.length : undefined;
      const code = start + MARKS.ir.length;
      const ir = text.slice(code);
      if (isEnd && !mayEnd(ir, kept)) return text.length;
      const contradiction = firstContradiction("emulate", question, ir);
      const at = firstOf(contradiction, await firstWrong(pool, ir));
      return at === undefined ? undefined : code + at;
    },
  };
}
