/** Does IR compile back to the assembly it was made from? */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { isSameCode } from "./same-code.ts";
import { describeWay, generate, waysOf } from "./ways.ts";

export interface RoundTripQuestion {
  readonly name: string;
  readonly architecture: Architecture;
  /** The function's assembly as assembly-cut.ts cuts it out. */
  readonly wanted: string;
  /** The IR, and the same as the pool holds it. */
  readonly ir: string;
  readonly module: LoadedModule;
  /** The assembly is the pool's own, and so is the only way that can give it. */
  readonly isOurs?: boolean | undefined;
}

export interface ComesBack {
  /** How code was generated. */
  readonly way: string;
  /** The IR that it was generated from: as asked about, but for size attributes. */
  readonly ir: string;
}

/** Undefined where no way gives the same assembly. Failures are those of the first way. */
export async function roundTrip(
  pool: Pool,
  question: RoundTripQuestion,
): Promise<Outcome<ComesBack | undefined>> {
  const { name, architecture, wanted, isOurs } = question;
  const tried = new Set<string>();
  for (const way of waysOf(question.ir).slice(0, isOurs === true ? 1 : undefined)) {
    const made = await generate(pool, question, way);
    if (made.status !== "ok") {
      if (way === "for size") return made;
      continue;
    }
    const { assembly, ir } = made.value;
    const got = assemblyFunctions(assembly, architecture).cut(name);
    if (got === undefined || tried.has(got)) continue;
    tried.add(got);
    if (!(await isSameCode(pool.toolchain, { wanted, got, architecture }))) continue;
    return way === "for size" ? asThePoolHasIt(pool, question) : ok({ way: describeWay(way), ir });
  }
  return ok(undefined);
}

async function asThePoolHasIt(
  pool: Pool,
  { module }: RoundTripQuestion,
): Promise<Outcome<ComesBack>> {
  const printed = await pool.emit(module, "", "ir");
  if (printed.status !== "ok") return printed;
  const text = Buffer.from(printed.value).toString("utf8");
  return ok({ way: "for size", ir: text.replaceAll(/^(?:; ModuleID|source_filename) .*\n/gm, "") });
}
