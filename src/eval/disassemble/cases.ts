/**
 * Cases of disassembly: single functions of programs built with -Oz, for both targets, by their length. IR and assembly of one
 * are made as training's are (dataset/lone-function.ts): each case can be answered.
 */

import { bareUnit } from "../../dataset/disassemble.ts";
import { loneFunction } from "../../dataset/lone-function.ts";
import { foreignTo } from "../../dataset/retarget.ts";
import { type Source, failed, rngFor } from "../../dataset/source.ts";
import { type Unit, symbolsOf } from "../../dataset/unit.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { cutFunction } from "../../tasks/fit.ts";
import type { Program } from "../program.ts";
import {
  type CaseKit,
  type Cases,
  type Opening,
  drawCases,
  nominalTokens,
} from "../program-source.ts";
import type { Case } from "../suite.ts";
import { type Bucket, type Places, placesOf } from "./places.ts";

export interface DisassembleCase extends Case {
  /** The function's, as assembly writes it. */
  readonly name: string;
  readonly architecture: Architecture;
  /** Cut out (tasks/assembly-cut.ts): what is asked about, and what is to come back. */
  readonly assembly: string;
  /** As LLVM prints the function by itself: the form that the published weights know. */
  readonly listing: string;
  /** The wanted answer, in normal form. */
  readonly ir: string;
}

export interface DisassembleCaseOptions extends Pick<Opening, "isKnown"> {
  /** By rising length; a function goes into the first that takes it. */
  readonly buckets?: readonly Bucket[];
  /** Functions of one program, in each bucket and for each target. */
  readonly perProgram?: number;
}

/** The published test has functions of every length; up to 512 tokens is the main set. Cases for each target. */
const BUCKETS: readonly Bucket[] = [
  { maxTokens: 512, cases: 200 },
  { maxTokens: 2048, cases: 30 },
  { maxTokens: 8192, cases: 15 },
];
const PER_PROGRAM = 2;
/** Of one program and target: a long function is not looked for among thousands. */
const MAX_LOOKED_AT = 8;
/** As the published programs are built. */
const PASSES = "default<Oz>";

/** Length is the buckets' business. */
export function disassembleCases(
  kit: CaseKit,
  programs: readonly Program[],
  { buckets = BUCKETS, perProgram = PER_PROGRAM, isKnown }: DisassembleCaseOptions = {},
): Promise<Cases<DisassembleCase>> {
  const draw: Draw = { places: placesOf(buckets, perProgram), seen: new Set() };
  return drawCases(kit, programs, {
    isKnown,
    isFull: () => draw.places.isFull(),
    casesOf: (program, source) => casesOf(draw, program, source),
  });
}

interface Draw {
  readonly places: Places;
  /** Assembly that is a case: copied sources give the same again. */
  readonly seen: Set<string>;
}

type Made = DisassembleCase | { readonly left: string };

async function* casesOf(draw: Draw, program: Program, source: Source): AsyncGenerator<Made> {
  const { unit, other, architecture } = source;
  draw.places.nextProgram();
  yield* casesFor(draw, program, { source, unit, architecture });
  const foreign = foreignTo(architecture);
  if ("why" in other) yield { left: `no ${foreign}: ${other.why}` };
  else yield* casesFor(draw, program, { source, unit: other, architecture: foreign });
}

interface Target {
  readonly source: Source;
  readonly unit: Unit;
  readonly architecture: Architecture;
}

async function* casesFor(
  draw: Draw,
  program: Program,
  { source, unit, architecture }: Target,
): AsyncGenerator<Made> {
  const { pool } = source;
  const built = await bareUnit(pool, unit, PASSES);
  if (built.status !== "ok") return yield failed(built);
  using made = built.value;
  // The same draw for both targets: mostly the same functions.
  const symbols = rngFor(source, "disassemble cases").shuffle(symbolsOf(made.text));
  for (const symbol of symbols.slice(0, MAX_LOOKED_AT)) {
    if (!draw.places.hasPlace(architecture)) return;
    const found = await caseOf({ ir: made.text, symbol }, { program, pool, architecture });
    yield "left" in found ? found : place(draw, found);
  }
}

/** The case, once it has its place, or why there is none. */
function place({ places, seen }: Draw, found: DisassembleCase): Made {
  const { architecture, assembly } = found;
  if (seen.has(assembly)) return { left: "repeats another case" };
  const free = places.placeFor(architecture, nominalTokens(assembly));
  if (free === "too long") return { left: "longer than every bucket" };
  if (free === "taken") return { left: "not drawn: enough of its length" };
  free.take();
  seen.add(assembly);
  return found;
}

interface Where {
  readonly pool: Pool;
  readonly program: Program;
  readonly architecture: Architecture;
}

async function caseOf(
  { ir, symbol }: { ir: string; symbol: string },
  { pool, program, architecture }: Where,
): Promise<Made> {
  const name = symbol.slice(1);
  if (name.startsWith('"')) return { left: "name in quotes" };
  const alone = await loneFunction(pool, cutFunction(ir, symbol) ?? "", { name, architecture });
  if ("left" in alone) return alone;
  return {
    id: `${program.id} ${name} ${architecture}`,
    package: program.package,
    language: program.language,
    bytes: Buffer.byteLength(alone.assembly),
    name,
    architecture,
    ...alone,
  };
}
