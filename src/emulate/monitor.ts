/** What looks over a model's shoulder while it writes what a pass list makes of IR: LLVM, and what the question says for certain. */

import type { Pool } from "../llvm/pool.ts";
import type { Model, Monitor } from "../model/model.ts";
import { keepsFunctions } from "../passes/keeps-functions.ts";
import { registryFor } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import type { CodeKind } from "../tasks/dialect.ts";
import { firstForeignName } from "../tasks/assembly-facts.ts";
import { labelsIn } from "../tasks/assembly-slips.ts";
import { definedIn, mayEnd } from "../tasks/ir-end.ts";
import { firstContradiction } from "../tasks/ir-facts.ts";
import { extentOfIr, firstOvergrowth } from "../tasks/code-growth.ts";
import { MARKS } from "../tasks/marks.ts";
import { firstWrongAssembly } from "../verify/assembly-monitor.ts";
import { firstOf, firstWrong } from "../verify/ir-monitor.ts";

export interface MonitoredEmulation {
  /** What the passes are run on. */
  readonly ir: string;
  readonly passes: PassList;
  readonly want: CodeKind;
  readonly triple: string;
}

/** As a monitor looks, at code alone. */
type Judge = Monitor["look"];

/** Undefined for the published dialect, which writes prose around its code. */
export function codeMonitor(
  pool: Pool,
  { dialect }: Pick<Model, "dialect">,
  asked: MonitoredEmulation,
): Monitor | undefined {
  if (dialect !== "compact") return undefined;
  const { want } = asked;
  const judge = JUDGES[want](pool, asked);
  return {
    name: `${want}, LLVM ${pool.toolchain.major}`,
    async look(text, isEnd, stands) {
      const start = text.indexOf(MARKS[want]);
      if (start < 0) return isEnd ? text.length : undefined;
      const code = start + MARKS[want].length;
      const at = await judge(text.slice(code), isEnd, stands - code);
      return at === undefined ? undefined : code + at;
    },
  };
}

const JUDGES: Readonly<Record<CodeKind, (pool: Pool, asked: MonitoredEmulation) => Judge>> = {
  ir(pool, asked) {
    const { ir: question } = asked;
    const kept = keptBy(pool, asked);
    const extent = extentOfIr(question);
    return async (ir, isEnd, stands) => {
      if (isEnd && !mayEnd(ir, kept)) return ir.length;
      return firstOf(
        stands,
        firstContradiction("emulate", question, ir),
        firstOvergrowth("emulated ir", extent, ir),
        await firstWrong(pool, ir, stands),
      );
    };
  },
  assembly(pool, asked) {
    const { ir: question, triple } = asked;
    const kept = keptBy(pool, asked).map((symbol) => symbol.slice(1));
    const extent = extentOfIr(question);
    return async (assembly, isEnd, stands) => {
      const there = new Set(isEnd ? labelsIn(assembly) : []);
      if (isEnd && !kept.every((symbol) => there.has(symbol))) return assembly.length;
      return firstOf(
        stands,
        firstForeignName(question, assembly),
        firstOvergrowth("emulated assembly", extent, assembly),
        await firstWrongAssembly(pool, assembly, { triple, isEnd, stands }),
      );
    };
  },
};

/** Symbols of functions that the answer has to have. */
function keptBy({ toolchain }: Pool, { ir, passes, want }: MonitoredEmulation): string[] {
  if (!keepsFunctions(passes, registryFor(toolchain.major))) return definedIn(ir, "kept");
  return definedIn(ir, want === "ir" ? "all" : "emitted");
}
