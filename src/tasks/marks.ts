/**
 * The marks of the compact dialect: special tokens written as text. Their ids are the tokenizer's business
 * (src/tokenizer holds them); here is which of them the tasks write, and that text between them cannot forge one.
 *
 *   tune         <|begin|><|tune|><|ir|>IR<|passes|>            PASSES<|sizes|>BEFORE AFTER<|end|>
 *                and after lists that were tried, for each     PASSES<|sizes|>SAVED<|passes|>
 *   emulate      <|begin|><|emulate|><|passes|>PASSES<|ir|>IR<|sizes|>COUNT BYTES<|ir|><|sizes|>
 *                                                               COUNT BYTES<|ir|>IR<|end|>
 *                with <|asm|> in place of the later two <|ir|> where assembly is wanted
 *   disassemble  <|begin|><|disassemble|><|x86_64|><|asm|>ASSEMBLY<|ir|>
 *                                                               IR<|end|>
 *
 * A prompt ends with the mark of what comes next, so an answer begins with content and a sampler's grammar can start
 * at once. The begin mark is part of the prompt: nothing is to be put before it.
 *
 * Sizes stand after a pass list, before code. A list is a few dozen tokens, so its predicted sizes are cheap where they
 * help: they judge the list that is written, and who only wants the list stops at <|sizes|>. Code is thousands of tokens:
 * with its sizes first, a pass list's effect is predicted for the price of a prompt and four numbers.
 */

import type { Fault, ModelAnswer } from "./dialect.ts";
import { endFault, lostFault, MAX_ANSWER_CHARACTERS } from "./endless.ts";

export const MARKS = {
  begin: "<|begin|>",
  end: "<|end|>",
  tune: "<|tune|>",
  emulate: "<|emulate|>",
  disassemble: "<|disassemble|>",
  ir: "<|ir|>",
  assembly: "<|asm|>",
  passes: "<|passes|>",
  sizes: "<|sizes|>",
  x86_64: "<|x86_64|>",
  aarch64: "<|aarch64|>",
} as const;
export type MarkName = keyof typeof MARKS;

const ANY_MARK = new RegExp(
  `(${Object.values(MARKS)
    .map((mark) => mark.replaceAll("|", "\\|"))
    .join("|")})`,
);
const NAMES = new Map<string, MarkName>(
  (Object.keys(MARKS) as MarkName[]).map((name) => [MARKS[name], name]),
);

export interface Section {
  /** The mark before the text; undefined for what stands before the first mark. */
  readonly mark: MarkName | undefined;
  readonly text: string;
}

export interface Sections {
  /** Cut at every mark, up to the end mark; the first has no mark. */
  readonly sections: readonly Section[];
  readonly faults: readonly Fault[];
}

/**
 * An answer's text cut at its marks. `first` is the mark that the prompt ended with: an answer that repeats it is read
 * as one that does not.
 */
export function sectionsOf({ text, ended, isLost }: ModelAnswer, first: MarkName): Sections {
  const bounded = text.slice(0, MAX_ANSWER_CHARACTERS);
  const end = bounded.indexOf(MARKS.end);
  const [lead = "", ...rest] = (end < 0 ? bounded : bounded.slice(0, end)).split(ANY_MARK);
  const sections: Section[] = [{ mark: undefined, text: lead }];
  for (let at = 0; at < rest.length; at += 2)
    sections.push({ mark: NAMES.get(rest[at] ?? ""), text: rest[at + 1] ?? "" });
  const repeated = lead.trim() === "" && sections[1]?.mark === first;
  if (repeated) sections.splice(0, 2, { mark: undefined, text: sections[1]?.text ?? "" });
  const isWhole = end >= 0 || (ended && bounded.length === text.length);
  return {
    sections,
    faults: isWhole ? [] : [isLost ? lostFault(bounded) : endFault(bounded, MARKS.end)],
  };
}

/** The fault of sections that come after the wanted ones. */
export function outOfOrder(extra: readonly Section[]): Fault[] {
  const [first] = extra;
  if (first?.mark === undefined) return [];
  const message = `the mark ${MARKS[first.mark]} stands where ${MARKS.end} was wanted`;
  return [{ kind: "out of order", message }];
}
