/**
 * Cases of compiler emulation: a module or a group of its functions, and a pass list, drawn as the rows of training are
 * (dataset/emulate.ts): random lists and lists of the coreset, IR and assembly, both targets. What `opt` gives is part of
 * the case.
 */

import { type Emulation, emulations } from "../../dataset/emulate.ts";
import type { Source } from "../../dataset/source.ts";
import type { CodeSizes } from "../../tasks/dialect.ts";
import { type EmulateInput, emulate } from "../../tasks/emulate.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import type { Program } from "../program.ts";
import {
  type CaseKit,
  type Cases,
  type Opening,
  drawCases,
  nominalTokens,
} from "../program-source.ts";
import type { Case } from "../suite.ts";

export interface EmulateCase extends Case {
  readonly architecture: Architecture;
  readonly question: EmulateInput;
  /** What `opt` gives, in normal form: IR or assembly, as is asked for. */
  readonly code: string;
  /** Of the IR that `opt` gives. */
  readonly after: CodeSizes;
}

/** With a `context`, what does not fit is left out, as it is in training. */
export interface EmulateCaseOptions extends Opening {
  readonly limit?: number;
  readonly perProgram?: number;
}

const LIMIT = 300;
/** Two parts with a random list and one of the coreset each. */
const PER_PROGRAM = 4;
const CONTEXT = 2048;

export function emulateCases(
  kit: CaseKit,
  programs: readonly Program[],
  { limit = LIMIT, perProgram = PER_PROGRAM, context = CONTEXT, isKnown }: EmulateCaseOptions = {},
): Promise<Cases<EmulateCase>> {
  let left = limit;
  return drawCases(kit, programs, {
    context,
    isKnown,
    isFull: () => left === 0,
    async *casesOf(program, source) {
      for await (const made of casesOf(program, source, Math.min(perProgram, left))) {
        if ("question" in made) left--;
        yield made;
      }
    },
  });
}

type Made = EmulateCase | { readonly left: string };

/** Until `most` of them are cases. */
async function* casesOf(program: Program, source: Source, most: number): AsyncGenerator<Made> {
  let cases = 0;
  let drawn = 0;
  for await (const made of emulations(source)) {
    drawn++;
    const found = "left" in made ? made : caseOf(program, made, { drawn, context: source.context });
    yield found;
    if ("question" in found && ++cases === most) return;
  }
}

function caseOf(
  { id, package: from, language }: Program,
  { architecture, ir, before, passes, want, code, after }: Emulation,
  { drawn, context }: { drawn: number; context: number },
): Made {
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
