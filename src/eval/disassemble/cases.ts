/**
 * Cases of disassembly: single functions of programs built with -Oz, for both targets, by their length. The IR of one is
 * what training has (dataset/disassemble.ts). Its assembly is made from that IR alone, so that each case can be answered: in
 * the assembly of the whole module a third of the functions hold what no IR of the function gives (pieces that the machine outliner
 * shares, calls and addresses that know their target to be in the module).
 */

import type { Pool } from "../../llvm/pool.ts";
import { bareUnit } from "../../dataset/disassemble.ts";
import { foreignTo } from "../../dataset/retarget.ts";
import { type Counts, count } from "../../dataset/row.ts";
import { type Source, failed, rngFor } from "../../dataset/source.ts";
import { type Unit, assemblyOf, openUnit, symbolsOf } from "../../dataset/unit.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { cutFunction } from "../../tasks/fit.ts";
import type { Program, Unusable } from "../program.ts";
import { type CaseKit, inDrawnOrder, nominalTokens, openProgram } from "../program-source.ts";
import type { Case } from "../suite.ts";
import { type Places, type Bucket, placesOf } from "./places.ts";

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

export interface DisassembleCases {
  readonly cases: readonly DisassembleCase[];
  readonly unusable: readonly Unusable[];
  /** Targets and functions that were looked at and are no case, by reason. */
  readonly leftOut: Readonly<Counts>;
}

export interface DisassembleCaseOptions {
  /** By rising length; a function goes into the first that takes it. */
  readonly buckets?: readonly Bucket[];
  /** Functions of one program, in each bucket and for each target. */
  readonly perProgram?: number;
  readonly isKnown?: ((functionHash: string) => boolean) | undefined;
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

export async function disassembleCases(
  kit: CaseKit,
  programs: readonly Program[],
  { buckets = BUCKETS, perProgram = PER_PROGRAM, isKnown }: DisassembleCaseOptions = {},
): Promise<DisassembleCases> {
  const unusable: Unusable[] = [];
  const draw: Draw = {
    places: placesOf(buckets, perProgram),
    cases: [],
    leftOut: {},
    seen: new Set(),
  };
  for (const program of inDrawnOrder(programs, kit.seed)) {
    if (draw.places.isFull()) break;
    using stack = new DisposableStack();
    const context = Number.POSITIVE_INFINITY; // length is the buckets' business
    const source = await openProgram(kit, program, { context, isKnown, stack });
    if ("left" in source) unusable.push({ id: program.id, problem: source.left });
    else await drawFrom(draw, program, source);
  }
  return { cases: draw.cases, unusable, leftOut: draw.leftOut };
}

interface Draw {
  readonly places: Places;
  readonly cases: DisassembleCase[];
  readonly leftOut: Counts;
  /** Assembly that is a case: copied sources give the same again. */
  readonly seen: Set<string>;
}

async function drawFrom(draw: Draw, program: Program, source: Source): Promise<void> {
  const { unit, other, architecture } = source;
  draw.places.nextProgram();
  await drawFor(draw, program, { source, unit, architecture });
  const foreign = foreignTo(architecture);
  if ("why" in other) count(draw.leftOut, `no ${foreign}: ${other.why}`);
  else await drawFor(draw, program, { source, unit: other, architecture: foreign });
}

interface Target {
  readonly source: Source;
  readonly unit: Unit;
  readonly architecture: Architecture;
}

async function drawFor(draw: Draw, program: Program, target: Target): Promise<void> {
  const { source, unit, architecture } = target;
  const { places, leftOut } = draw;
  const built = await bareUnit(source.pool, unit, PASSES);
  if (built.status !== "ok") return count(leftOut, `LLVM ${built.status}`);
  using made = built.value;
  // The same draw for both targets: mostly the same functions.
  const symbols = rngFor(source, "disassemble cases").shuffle(symbolsOf(made.text));
  for (const symbol of symbols.slice(0, MAX_LOOKED_AT)) {
    if (!places.hasPlace(architecture)) return;
    const where = { program, pool: source.pool, architecture };
    const found = await caseOf({ ir: made.text, symbol }, where);
    const why = "left" in found ? found.left : place(draw, found);
    if (why !== undefined) count(leftOut, why);
  }
}

/** Why there is no place for it, or undefined: it is one of the cases now. */
function place({ places, seen, cases }: Draw, found: DisassembleCase): string | undefined {
  const { architecture, assembly } = found;
  if (seen.has(assembly)) return "repeats another case";
  const free = places.placeFor(architecture, nominalTokens(assembly));
  if (free === "too long") return "longer than every bucket";
  if (free === "taken") return "not drawn: enough of its length";
  free.take();
  seen.add(assembly);
  cases.push(found);
  return undefined;
}

interface Where {
  readonly pool: Pool;
  readonly program: Program;
  readonly architecture: Architecture;
}

/** The function's assembly is that of the function alone: what its IR, which is all that is asked for, can give. */
async function caseOf(
  { ir, symbol }: { ir: string; symbol: string },
  { pool, program, architecture }: Where,
): Promise<DisassembleCase | { readonly left: string }> {
  const name = symbol.slice(1);
  if (name.startsWith('"')) return { left: "name in quotes" };
  const opened = await openUnit(pool, cutFunction(ir, symbol) ?? "");
  if (opened.status !== "ok") return failed(opened);
  using unit = opened.value;
  const listing = await assemblyOf(pool, unit);
  if (listing.status !== "ok") return failed(listing);
  const assembly = assemblyFunctions(listing.value, architecture).cut(name);
  // Bodies that another object defines too give no code.
  if (assembly === undefined) return { left: "function without assembly" };
  return {
    id: `${program.id} ${name} ${architecture}`,
    package: program.package,
    language: program.language,
    bytes: Buffer.byteLength(assembly),
    name,
    architecture,
    assembly,
    listing: listing.value,
    ir: unit.text,
  };
}
