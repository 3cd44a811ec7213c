/**
 * Cases of compiler emulation: a module or a group of its functions, and a pass list, drawn as the rows of training are
 * (dataset/emulate.ts): random lists and lists of the coreset, IR and assembly, both targets. What `opt` gives is part of
 * the case.
 */

import { type Emulation, emulations } from "../../dataset/emulate.ts";
import { type Counts, count } from "../../dataset/row.ts";
import type { Source } from "../../dataset/source.ts";
import type { CodeSizes } from "../../tasks/dialect.ts";
import { type EmulateInput, emulate } from "../../tasks/emulate.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import type { Program, Unusable } from "../program.ts";
import { type CaseKit, inDrawnOrder, nominalTokens, openProgram } from "../program-source.ts";
import type { Case } from "../suite.ts";

export interface EmulateCase extends Case {
  readonly architecture: Architecture;
  readonly question: EmulateInput;
  /** What `opt` gives, in normal form: IR or assembly, as is asked for. */
  readonly code: string;
  /** Of the IR that `opt` gives. */
  readonly after: CodeSizes;
}

export interface EmulateCases {
  readonly cases: readonly EmulateCase[];
  readonly unusable: readonly Unusable[];
  /** What was drawn and is no case, by reason. */
  readonly leftOut: Readonly<Counts>;
}

export interface EmulateCaseOptions {
  readonly limit?: number;
  readonly perProgram?: number;
  /** Nominal tokens of question and answer together: what does not fit is left out, as it is in training. */
  readonly context?: number;
  readonly isKnown?: ((functionHash: string) => boolean) | undefined;
}

const LIMIT = 300;
/** Two parts with a random list and one of the coreset each. */
const PER_PROGRAM = 4;
const CONTEXT = 2048;

export async function emulateCases(
  kit: CaseKit,
  programs: readonly Program[],
  { limit = LIMIT, perProgram = PER_PROGRAM, context = CONTEXT, isKnown }: EmulateCaseOptions = {},
): Promise<EmulateCases> {
  const cases: EmulateCase[] = [];
  const unusable: Unusable[] = [];
  const leftOut: Counts = {};
  for (const program of inDrawnOrder(programs, kit.seed)) {
    if (cases.length >= limit) break;
    using stack = new DisposableStack();
    const source = await openProgram(kit, program, { context, isKnown, stack });
    if ("left" in source) {
      unusable.push({ id: program.id, problem: source.left });
      continue;
    }
    const most = Math.min(perProgram, limit - cases.length);
    cases.push(...(await casesOf(program, source, { most, leftOut })));
  }
  return { cases, unusable, leftOut };
}

async function casesOf(
  program: Program,
  source: Source,
  { most, leftOut }: { most: number; leftOut: Counts },
): Promise<EmulateCase[]> {
  const cases: EmulateCase[] = [];
  let drawn = 0;
  for await (const made of emulations(source)) {
    drawn++;
    const found = "left" in made ? made : caseOf(program, made, { drawn, context: source.context });
    if ("left" in found) count(leftOut, found.left);
    else if (cases.push(found) === most) break;
  }
  return cases;
}

function caseOf(
  { id, package: from, language }: Program,
  { architecture, ir, before, passes, want, code, after }: Emulation,
  { drawn, context }: { drawn: number; context: number },
): EmulateCase | { readonly left: string } {
  const question = { ir, passes, sizes: before, want };
  const { prompt, target } = emulate.compact;
  const tokens = nominalTokens(prompt(question) + target({ want, code, sizes: after }));
  if (tokens > context) return { left: "question and answer longer than the context" };
  return {
    id: `${id} ${drawn} ${architecture} ${want}`,
    package: from,
    language,
    bytes: Buffer.byteLength(ir),
    architecture,
    question,
    code,
    after,
  };
}
