/**
 * Stage 2, compiler emulation: IR and a pass list in, what `opt` makes of it out, as IR or as assembly, with instruction
 * counts and sizes. Of functions of a module, or of groups of them, two rows each: a random list, and one of the coreset.
 */

import type { PassList } from "../passes/tree.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import type { Architecture, CodeKind, CodeSizes } from "../tasks/dialect.ts";
import { emulate } from "../tasks/emulate.ts";
import { bareWithTriple } from "../tasks/bare-ir.ts";
import { type Budget, cutFunction } from "../tasks/fit.ts";
import type { Rng } from "../base/rng.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Draft, Made, Part } from "./row.ts";
import { foreignTo, retarget } from "./retarget.ts";
import { TOO_LONG } from "./pretrain.ts";
import { type Source, drawCoreset, drawRandom, failed, printed, rngFor } from "./source.ts";
import {
  type Parts,
  type TextPart,
  type Unit,
  assemblyOf,
  openUnit,
  optimise,
  partsOf,
  sizesOf,
  symbolsOf,
} from "./unit.ts";

/** Of the context, for the IR that goes in: lists of 50 passes take a few hundred tokens, some make the IR longer. */
const IR_SHARE = 0.42;
/** Of modules, those that are asked about by single functions, as disassembly is: what a small model can get right. */
const BY_FUNCTION_SHARE = 2 / 3;
/** Of one module, so that one of thousands of functions does not fill the stage. */
const MAX_PARTS = 12;
const ASSEMBLY_SHARE = 1 / 3;
const OTHER_ARCHITECTURE_SHARE = 1 / 4;

interface Ask {
  readonly list: PassList;
  readonly want: CodeKind;
}

interface Input {
  readonly unit: Unit;
  readonly sizes: CodeSizes;
  readonly architecture: Architecture;
  readonly part: Part;
}

/** A question and its answer, before they are written for a model. */
export interface Emulation {
  readonly part: Part;
  readonly architecture: Architecture;
  /** What goes in, bare (tasks/bare-ir.ts) and then in normal form, and its sizes. */
  readonly ir: string;
  readonly before: CodeSizes;
  readonly passes: PassList;
  readonly want: CodeKind;
  /** What `opt` gives, bare and then in normal form, or its assembly; and its sizes. */
  readonly code: string;
  readonly after: CodeSizes;
}

export async function* emulateRows(source: Source): AsyncGenerator<Made> {
  for await (const made of emulations(source)) yield "left" in made ? made : rowOf(made);
}

function rowOf({ part, architecture, ir, before, passes, want, code, after }: Emulation): Draft {
  return {
    part,
    architecture,
    teaches: want,
    passes: printed(passes),
    prompt: emulate.compact.prompt({ ir, passes, sizes: before, want }),
    answer: emulate.compact.target({
      want,
      code: want === "ir" ? bareWithTriple(code) : code,
      sizes: after,
    }),
    symbols: symbolsOf(ir),
  };
}

type Drawn = Emulation | { readonly left: string };

/** In an order that is drawn, so that the first are as good a choice as any. */
export async function* emulations(source: Source): AsyncGenerator<Drawn> {
  const { unit, countTokens, context } = source;
  const rng = rngFor(source, "emulate");
  const budget = { maxTokens: Math.floor(context * IR_SHARE), countTokens };
  const { parts, tooLong } =
    rng.next() < BY_FUNCTION_SHARE
      ? functionsOf(unit.text, budget, rng)
      : groupsOf(unit.text, budget, rng);
  for (let at = 0; at < tooLong; at++) yield { left: TOO_LONG };
  for (const part of parts) {
    const isForeign = rng.next() < OTHER_ARCHITECTURE_SHARE;
    const asks = [drawRandom(source, rng), drawCoreset(source, rng)].map((list): Ask => {
      return { list, want: rng.next() < ASSEMBLY_SHARE ? "assembly" : "ir" };
    });
    yield* ofPart(source, { ...part, isForeign, asks });
  }
}

/** MAX_PARTS of its functions at most, each by itself. */
function functionsOf(text: string, { maxTokens, countTokens }: Budget, rng: Rng): Parts {
  const parts: TextPart[] = [];
  let tooLong = 0;
  for (const symbol of rng.shuffle(symbolsOf(text))) {
    if (parts.length === MAX_PARTS) break;
    const cut = bareWithTriple(cutFunction(text, symbol) ?? "");
    if (countTokens(cut) <= maxTokens) parts.push({ part: "function", text: cut });
    else tooLong++;
  }
  return { parts, tooLong };
}

/** All of it, or MAX_PARTS groups of functions at most. */
function groupsOf(text: string, budget: Budget, rng: Rng): Parts {
  const { parts, tooLong } = partsOf(bareWithTriple(text), budget);
  const usable = parts.filter(({ part }) => part !== "excerpt");
  const left = tooLong + parts.length - usable.length;
  return { parts: rng.shuffle(usable).slice(0, MAX_PARTS), tooLong: left };
}

async function* ofPart(
  source: Source,
  { part, text, isForeign, asks }: TextPart & { isForeign: boolean; asks: readonly Ask[] },
): AsyncGenerator<Drawn> {
  const { pool } = source;
  const placed = place(source, text, isForeign);
  if ("why" in placed) return yield { left: placed.why };
  const opened = await openUnit(pool, placed.text);
  if (opened.status !== "ok") return yield failed(opened);
  using unit = opened.value;
  const sizes = await sizesOf(pool, unit, "");
  if (sizes.status !== "ok") return yield failed(sizes);
  const input: Input = { unit, sizes: sizes.value, architecture: placed.architecture, part };
  for (const ask of asks) {
    const made = await emulationOf(source, input, ask);
    if (made.status !== "ok") yield failed(made);
    // An internal function by itself may go: the right answer is then nothing, which is easily said.
    else yield made.value.after.instructions === 0 ? { left: "nothing is left" } : made.value;
  }
}

function place(
  { architecture, other }: Source,
  text: string,
  isForeign: boolean,
): { readonly text: string; readonly architecture: Architecture } | { readonly why: string } {
  // Modules that only their own architecture can have give their rows for that one.
  if (!isForeign || "why" in other) return { text, architecture };
  const foreign = foreignTo(architecture);
  const retargeted = retarget(text, foreign);
  return "why" in retargeted ? retargeted : { text: retargeted.text, architecture: foreign };
}

async function emulationOf(
  { pool }: Source,
  { unit, sizes: before, architecture, part }: Input,
  { list, want }: Ask,
): Promise<Outcome<Emulation>> {
  const optimised = await optimise(pool, unit, printed(list));
  if (optimised.status !== "ok") return optimised;
  using made = optimised.value;
  const bare = await openUnit(pool, bareWithTriple(made.text));
  if (bare.status !== "ok") return bare;
  using after = bare.value;
  const sizes = await sizesOf(pool, after, "");
  if (sizes.status !== "ok") return sizes;
  const code = await codeOf(pool, after, { want, architecture });
  if (code.status !== "ok") return code;
  return ok({
    part,
    architecture,
    ir: unit.text,
    before,
    passes: list,
    want,
    code: code.value,
    after: sizes.value,
  });
}

async function codeOf(
  pool: Source["pool"],
  unit: Unit,
  { want, architecture }: { want: CodeKind; architecture: Architecture },
): Promise<Outcome<string>> {
  if (want === "ir") return ok(unit.text);
  const assembly = await assemblyOf(pool, unit);
  return assembly.status === "ok" ? ok(cleanAssembly(assembly.value, architecture)) : assembly;
}
