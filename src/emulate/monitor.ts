/** What looks over a model's shoulder while it writes what a pass list makes of IR: LLVM's parser, and what that does not see. */

import { firstWrong } from "../verify/ir-monitor.ts";
import type { Pool } from "../llvm/pool.ts";
import type { Model, Monitor } from "../model/model.ts";
import type { CodeKind } from "../tasks/dialect.ts";
import { MARKS } from "../tasks/marks.ts";

/** Undefined for assembly, and for the published dialect, which writes prose around its code. */
export function irMonitor(
  pool: Pool,
  { dialect }: Pick<Model, "dialect">,
  want: CodeKind,
): Monitor | undefined {
  if (dialect !== "compact" || want !== "ir") return undefined;
  return {
    name: "ir",
    async look(text) {
      const start = text.indexOf(MARKS.ir);
      if (start < 0) return undefined;
      const code = start + MARKS.ir.length;
      const at = await firstWrong(pool, text.slice(code));
      return at === undefined ? undefined : code + at;
    },
  };
}
