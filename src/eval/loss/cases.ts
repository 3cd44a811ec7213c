/**
 * Texts for next-token loss: of each program its IR in normal form and its assembly for both targets, before any pass, made and
 * cleaned as those of pretraining are (dataset/pretrain.ts). Of a long text the beginning, up to a line's end: a model then
 * sees each text in one piece, and a few long programs do not make the mean.
 */

import { foreignTo } from "../../dataset/retarget.ts";
import type { Source } from "../../dataset/source.ts";
import { type Unit, assemblyOf } from "../../dataset/unit.ts";
import { cleanAssembly } from "../../tasks/assembly.ts";
import type { Architecture, CodeKind } from "../../tasks/dialect.ts";
import type { Program } from "../program.ts";
import { type CaseKit, type Cases, type Opening, drawCases } from "../program-source.ts";
import type { Case } from "../suite.ts";

export interface LossCase extends Case {
  readonly kind: CodeKind;
  /** The code's own, of IR too. */
  readonly architecture: Architecture;
  readonly text: string;
}

export interface LossCaseOptions extends Pick<Opening, "isKnown"> {
  /** Programs that texts are taken from. */
  readonly limit?: number;
  /** Of a text, in UTF-16 units; both languages are ASCII. */
  readonly maxCharacters?: number;
}

/** Three texts each: at most 1.2 M characters, a quarter of an hour for a small model on one core. */
const LIMIT = 50;
/** 2,700 nominal tokens (program-source.ts). */
const MAX_CHARACTERS = 8192;

export function lossCases(
  kit: CaseKit,
  programs: readonly Program[],
  { limit = LIMIT, maxCharacters = MAX_CHARACTERS, isKnown }: LossCaseOptions = {},
): Promise<Cases<LossCase>> {
  return drawCases(kit, programs, {
    isKnown,
    isFull: (used) => used === limit,
    async *casesOf(program, source) {
      for await (const made of textsOf(source))
        yield "left" in made ? made : caseOf(program, made, maxCharacters);
    },
  });
}

type Made = Pick<LossCase, "kind" | "architecture" | "text"> | { readonly left: string };

async function* textsOf({ pool, unit, other, architecture }: Source): AsyncGenerator<Made> {
  yield { kind: "ir", architecture, text: unit.text };
  yield await assemblyFor(unit, architecture);
  const foreign = foreignTo(architecture);
  yield "why" in other
    ? { left: `no ${foreign}: ${other.why}` }
    : await assemblyFor(other, foreign);

  async function assemblyFor(own: Unit, target: Architecture): Promise<Made> {
    const assembly = await assemblyOf(pool, own);
    if (assembly.status !== "ok") return { left: `LLVM ${assembly.status}` };
    const text = cleanAssembly(assembly.value, target);
    return { kind: "assembly", architecture: target, text };
  }
}

function caseOf(
  { id, package: from, language }: Program,
  made: Exclude<Made, { left: string }>,
  maxCharacters: number,
): LossCase {
  const text = beginningOf(made.text, maxCharacters);
  const name = made.kind === "ir" ? "ir" : made.architecture;
  return {
    ...made,
    text,
    id: `${id} ${name}`,
    package: from,
    language,
    bytes: Buffer.byteLength(text),
  };
}

/** Whole lines, as many as fit; of one that is longer than all its beginning. */
function beginningOf(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = text.lastIndexOf("\n", maxCharacters - 1);
  return text.slice(0, end < 0 ? maxCharacters : end + 1);
}
