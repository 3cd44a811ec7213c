/**
 * Questions about IR: programs are opened as the dataset opens a module, one after the other in an order that is drawn, so that a
 * case asks what training teaches; with a measure of length that is no model's, so that all models have the same cases.
 */

import { contentHash } from "../base/hash.ts";
import { openModule } from "../dataset/module-rows.ts";
import { type Counts, count } from "../dataset/row.ts";
import type { Source } from "../dataset/source.ts";
import type { Program, Unusable } from "./program.ts";
import type { Case, Kit } from "./suite.ts";

/** Of code: the vocabularies of results/tokenizer.md have 2.9 to 4.0. */
const CHARACTERS_PER_TOKEN = 3;

export const nominalTokens = (text: string): number =>
  Math.ceil(text.length / CHARACTERS_PER_TOKEN);

export type CaseKit = Pick<Kit, "pool" | "registry" | "coreset" | "seed">;

export interface Opening {
  /** Nominal tokens of prompt and answer; without it nothing is too long. */
  readonly context?: number;
  /** Functions that training has seen, by the hash of their normal form: cut out of the program. */
  readonly isKnown?: ((functionHash: string) => boolean) | undefined;
}

export interface Cases<C extends Case> {
  readonly cases: readonly C[];
  readonly unusable: readonly Unusable[];
  /** What was looked at and is no case, by reason. */
  readonly leftOut: Readonly<Counts>;
}

export interface Draw<C extends Case> extends Opening {
  /** Asked before each program; `used` are those that were opened. */
  readonly isFull: (used: number) => boolean;
  readonly casesOf: (
    program: Program,
    source: Source,
  ) => AsyncIterable<C | { readonly left: string }>;
}

export async function drawCases<C extends Case>(
  kit: CaseKit,
  programs: readonly Program[],
  { isFull, casesOf, ...opening }: Draw<C>,
): Promise<Cases<C>> {
  const cases: C[] = [];
  const unusable: Unusable[] = [];
  const leftOut: Counts = {};
  let used = 0;
  for (const program of inDrawnOrder(programs, kit.seed)) {
    if (isFull(used)) break;
    using stack = new DisposableStack();
    const source = await openProgram(kit, program, { ...opening, stack });
    if ("left" in source) {
      unusable.push({ id: program.id, problem: source.left });
      continue;
    }
    used++;
    for await (const made of casesOf(program, source)) {
      if ("left" in made) count(leftOut, made.left);
      else cases.push(made);
    }
  }
  return { cases, unusable, leftOut };
}

/** The source, or why there is none. `stack` closes it. */
async function openProgram(
  { coreset, ...kit }: CaseKit,
  { hash, bitcode, id }: Program,
  {
    context = Number.POSITIVE_INFINITY,
    isKnown = () => false,
    stack,
  }: Opening & { stack: DisposableStack },
): Promise<Source | { readonly left: string }> {
  const opening = {
    ...kit,
    coreset: coreset.lists,
    context,
    countTokens: nominalTokens,
    isForeign: isKnown,
    trialsOf: () => undefined,
  };
  const opened = await openModule(opening, { hash, bitcode, path: id, split: "test" }, stack);
  return "left" in opened ? opened : opened.source;
}

/** The same for the same seed, whatever order they come in; one more program leaves the others' order as it is. */
const inDrawnOrder = (programs: readonly Program[], seed: number): Program[] =>
  programs
    .map((program) => ({ program, key: contentHash(`${seed} ${program.hash} ${program.id}`) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ program }) => program);
