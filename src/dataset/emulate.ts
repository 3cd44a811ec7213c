/**
 * Stage 2, compiler emulation: IR and a pass list in, what `opt` makes of it out, as IR or as assembly, with instruction
 * counts and sizes. Of every part of a module two rows: a random list, and one of the coreset.
 */

import type { PassList } from "../passes/tree.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import type { Architecture, CodeKind, CodeSizes } from "../tasks/dialect.ts";
import { emulate } from "../tasks/emulate.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Draft, Made, Part } from "./row.ts";
import { foreignTo, retarget } from "./retarget.ts";
import { TOO_LONG } from "./pretrain.ts";
import { type Source, drawCoreset, drawRandom, failed, printed, rngFor } from "./source.ts";
import {
  type TextPart,
  type Unit,
  assemblyOf,
  openUnit,
  optimise,
  partsOf,
  sizesOf,
  symbolsOf,
} from "./unit.ts";

/**
 * Of the context, for the IR that goes in, one of them drawn for each module: lists of 50 passes take a few hundred tokens, some make
 * the IR longer. Short parts, of a function or two, are what a small model can get right.
 */
const IR_SHARES = [0.42, 0.21, 0.1];
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
  /** What goes in, in normal form, and its sizes. */
  readonly ir: string;
  readonly before: CodeSizes;
  readonly passes: PassList;
  readonly want: CodeKind;
  /** What `opt` gives, in the form that is asked for, and its sizes. */
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
    answer: emulate.compact.target({ want, code, sizes: after }),
    symbols: symbolsOf(ir),
  };
}

type Drawn = Emulation | { readonly left: string };

/** In an order that is drawn, so that the first are as good a choice as any. */
export async function* emulations(source: Source): AsyncGenerator<Drawn> {
  const { unit, countTokens, context } = source;
  const rng = rngFor(source, "emulate");
  const maxTokens = Math.floor(context * rng.pick(IR_SHARES));
  const { parts, tooLong } = partsOf(unit.text, { maxTokens, countTokens });
  const usable = parts.filter(({ part }) => part !== "excerpt");
  for (let at = usable.length; at < parts.length + tooLong; at++) yield { left: TOO_LONG };
  for (const part of rng.shuffle(usable).slice(0, MAX_PARTS)) {
    const isForeign = rng.next() < OTHER_ARCHITECTURE_SHARE;
    const asks = [drawRandom(source, rng), drawCoreset(source, rng)].map((list): Ask => {
      return { list, want: rng.next() < ASSEMBLY_SHARE ? "assembly" : "ir" };
    });
    yield* ofPart(source, { ...part, isForeign, asks });
  }
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
    yield made.status === "ok" ? made.value : failed(made);
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
  using after = optimised.value;
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
