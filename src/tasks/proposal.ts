/**
 * What a `tune` answer proposes: a list of the coreset by its name, `#ar`, or a pass list written out. The name is the
 * list's place in the coreset in two letters: #aa, #ab and so on. Letters, for digits are never merged, and a name that is one token (words.ts)
 * is chosen in one step among all of them.
 */

import { checkPassList } from "../passes/check.ts";
import { nestPassList } from "../passes/nest.ts";
import { parsePassList } from "../passes/parse.ts";
import { printPassList } from "../passes/print.ts";
import type { Registry } from "../passes/registry.ts";
import type { Mistake, PassList } from "../passes/tree.ts";
import type { Fault } from "./dialect.ts";

export type Proposal =
  | { readonly kind: "coreset"; readonly number: number }
  | { readonly kind: "list"; readonly list: PassList };

export interface ProposalContext {
  /** Of the LLVM that is to run the list. */
  readonly registry: Registry;
  /** In the order that the model was trained with. */
  readonly coreset: readonly PassList[];
}

/** What is to be run; undefined for a number that the coreset does not have. */
export function proposedList(
  proposal: Proposal,
  { coreset }: Pick<ProposalContext, "coreset">,
): PassList | undefined {
  return proposal.kind === "list" ? proposal.list : coreset[proposal.number];
}

export function printProposal(proposal: Proposal): string {
  return proposal.kind === "list" ? printPassList(proposal.list) : coresetName(proposal.number);
}

const LETTERS = 26;
const A = 97;

/** "#ar" for 17. Throws a RangeError beyond "#zz". */
export function coresetName(number: number): string {
  if (!(number >= 0 && number < LETTERS ** 2))
    throw new RangeError(`list ${number} of a coreset; want one from 0 to ${LETTERS ** 2 - 1}`);
  return `#${String.fromCharCode(A + Math.floor(number / LETTERS), A + (number % LETTERS))}`;
}

const numberOf = (letters: string): number =>
  (letters.charCodeAt(0) - A) * LETTERS + letters.charCodeAt(1) - A;

/** Passes that lack an adaptor get one, as `opt` would do: models and people forget them. */
export function readProposal(text: string, context: ProposalContext): Proposal | Fault {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty", message: "the answer is empty; want a pass list" };
  const [, letters] = /^#([a-z]{2})$/.exec(trimmed) ?? [];
  if (letters !== undefined) return inCoreset(numberOf(letters), context);
  const parsed = parsePassList(trimmed);
  if (!parsed.ok) return wrong([parsed.mistake]);
  const nested = printPassList(nestPassList(parsed.list, context.registry));
  const checked = checkPassList(nested, context.registry);
  return checked.ok ? { kind: "list", list: checked.list } : wrong(checked.mistakes);
}

function inCoreset(number: number, { coreset }: ProposalContext): Proposal | Fault {
  if (number < coreset.length) return { kind: "coreset", number };
  const message = `${coresetName(number)} is no list of the coreset, which has ${coreset.length}, from ${coresetName(0)}`;
  return { kind: "coreset list unknown", message };
}

const wrong = (mistakes: readonly Mistake[]): Fault => ({
  kind: "pass list wrong",
  message: mistakes.map(({ message, mend }) => `${message}; ${mend}`).join("; "),
});

export const isProposal = (read: Proposal | Fault): read is Proposal =>
  read.kind === "list" || read.kind === "coreset";
