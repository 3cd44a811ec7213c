/**
 * Stage 3, disassembly: assembly in, the IR that it was made from out; of whole modules and of single functions, for both
 * architectures. Each module is optimised by one way drawn for each architecture, so that all levels occur. The IR is without what
 * no assembly tells (tasks/bare-ir.ts); the assembly is made from that IR.
 */

import type { Outcome } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import { bareIr, bareWithTriple, bodyFirst } from "../tasks/bare-ir.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { disassemble } from "../tasks/disassemble.ts";
import { cutFunction } from "../tasks/fit.ts";
import type { Rng } from "../base/rng.ts";
import { loneFunction } from "./lone-function.ts";
import { foreignTo } from "./retarget.ts";
import type { Draft, Made } from "./row.ts";
import { type Source, drawCoreset, drawRandom, failed, printed, rngFor } from "./source.ts";
import { type Unit, assemblyOf, openUnit, optimise, symbolsOf } from "./unit.ts";

/** Of one module and architecture. */
const MAX_FUNCTIONS = 40;
/** Begin, task, architecture, assembly, IR, end. */
const MARK_TOKENS = 6;
const PAIR_TOO_LONG = "assembly and IR longer than the context";

/** How programs are built, most often for size, as those of the published test are; then what the tuner makes of them. */
const LEVELS = [
  ...Array.from({ length: 4 }, () => "default<Oz>"),
  "default<O2>",
  "default<O2>",
  "default<O1>",
];

function drawLevel(source: Source, rng: Rng): string {
  const at = rng.int(LEVELS.length + 2);
  if (at === LEVELS.length) return printed(drawCoreset(source, rng));
  return LEVELS[at] ?? printed(drawRandom(source, rng));
}

export async function* disassembleRows(source: Source): AsyncGenerator<Made> {
  const { unit, other, architecture } = source;
  const rng = rngFor(source, "disassemble");
  yield* pairsOf(source, unit, { architecture, passes: drawLevel(source, rng), rng });
  const foreign = foreignTo(architecture);
  const passes = drawLevel(source, rng);
  if ("why" in other) yield { left: `no ${foreign}: ${other.why}` };
  else yield* pairsOf(source, other, { architecture: foreign, passes, rng });
}

interface How {
  readonly architecture: Architecture;
  readonly passes: string;
  readonly rng: Rng;
}

async function* pairsOf(source: Source, unit: Unit, how: How): AsyncGenerator<Made> {
  const optimised = await bareUnit(source.pool, unit, how.passes);
  if (optimised.status !== "ok") return yield failed(optimised);
  using made = optimised.value;
  const symbols = symbolsOf(made.text);
  const whole = await modulePair(source, how, { unit: made, symbols });
  if (whole !== undefined) yield whole;
  // The one function of a module that fits is the module.
  if (whole !== undefined && symbols.length < 2) return;
  for (const symbol of how.rng.shuffle(symbols).slice(0, MAX_FUNCTIONS))
    yield await functionPair(source, how, { ir: made.text, symbol });
}

/** Undefined where it does not fit. */
async function modulePair(
  { pool, countTokens, context }: Source,
  how: How,
  { unit, symbols }: { unit: Unit; symbols: readonly string[] },
): Promise<Made | undefined> {
  const ir = bareIr(unit.text);
  const room = context - MARK_TOKENS - countTokens(ir);
  if (room <= 0) return undefined;
  const listing = await assemblyOf(pool, unit);
  if (listing.status !== "ok") return failed(listing);
  const assembly = cleanAssembly(listing.value, how.architecture);
  if (countTokens(assembly) > room) return undefined;
  return pair(how, "module", { assembly, ir: bodyFirst(ir), symbols });
}

/** The optimised module without what no assembly tells, and loaded so: its assembly is that of the text. */
export async function bareUnit(pool: Pool, unit: Unit, passes: string): Promise<Outcome<Unit>> {
  const optimised = await optimise(pool, unit, passes);
  if (optimised.status !== "ok") return optimised;
  using made = optimised.value;
  return openUnit(pool, bareWithTriple(made.text));
}

/** What cannot fit is not given to LLVM. */
async function functionPair(
  { pool, countTokens, context }: Source,
  how: How,
  { ir, symbol }: { ir: string; symbol: string },
): Promise<Made> {
  const cut = cutFunction(ir, symbol) ?? "";
  const room = context - MARK_TOKENS - countTokens(bareIr(cut));
  if (room <= 0) return { left: PAIR_TOO_LONG };
  const { architecture } = how;
  const alone = await loneFunction(pool, cut, { name: symbol.slice(1), architecture });
  if ("left" in alone) return alone;
  if (countTokens(alone.assembly) > room) return { left: PAIR_TOO_LONG };
  const { assembly, ir: whole } = alone;
  return pair(how, "function", { assembly, ir: bodyFirst(bareIr(whole)), symbols: [symbol] });
}

const pair = (
  { architecture, passes }: How,
  part: "module" | "function",
  { assembly, ir, symbols }: { assembly: string; ir: string; symbols: readonly string[] },
): Draft => ({
  part,
  architecture,
  teaches: "ir",
  passes,
  prompt: disassemble.compact.prompt({ assembly, architecture }),
  answer: disassemble.compact.target({ ir }),
  symbols,
});
