/**
 * The strings of the published LLM Compiler weights, to the letter, as their demonstration code has them: a plain string
 * with nothing after `[/INST]`. Decode at temperature 0; any other character hurts. Its IR is LLVM 17's as clang prints
 * it (`source_filename = "-"`, metadata, attributes), not our normal form, and its assembly is `clang -S` as it comes.
 *
 * Of the answers only this is published: code stands in `<code>…</code>`. How a flag-tuning answer is worded is not, so
 * `target` writes the least (the list in `<code>`), and `parse` reads what is likely.
 */

import type { CodeKind, Fault, ModelAnswer } from "./dialect.ts";
import { endFault, MAX_ANSWER_CHARACTERS } from "./endless.ts";
import { guardCodeEnd, unguardCodeEnd } from "./escape.ts";

const CODE = "<code>";
export const CODE_END = "</code>";

const inst = (text: string): string => `[INST] ${text} [/INST]`;
const block = (code: string, kind: CodeKind): string => CODE + guardCodeEnd(code, kind) + CODE_END;

export const publishedTune = (ir: string): string =>
  inst(`Tell me how to optimize this LLVM-IR for object file size:\n\n${block(ir, "ir")}`);

export const publishedDisassemble = (assembly: string): string =>
  inst(`Disassemble this code to LLVM-IR:\n\n${block(assembly, "assembly")}`);

const WANTED: Readonly<Record<CodeKind, string>> = { ir: "LLVM-IR", assembly: "assembly" };

export interface PublishedEmulation {
  readonly want: CodeKind;
  readonly passes: string;
  readonly ir: string;
  readonly instructions: string;
  readonly bytes: string;
}

export function publishedEmulate(input: PublishedEmulation): string {
  const { want, passes, ir, instructions, bytes } = input;
  return inst(
    `Give the ${WANTED[want]} for the following code when optimized using opt -p '${passes}':\n\n` +
      `${block(ir, "ir")}\n\n` +
      `The input code has instruction count ${instructions} and binary size ${bytes} bytes.`,
  );
}

export const publishedCode = block;

export interface PublishedAnswer {
  /** What stands in the first `<code>`; undefined where there is none. */
  readonly code: string | undefined;
  /** The answer without that. */
  readonly prose: string;
  readonly faults: readonly Fault[];
}

/** The first block of code; one that is not closed is as long as the answer, and a fault unless the model ended there. */
export function readPublished({ text, ended }: ModelAnswer, kind: CodeKind): PublishedAnswer {
  const bounded = text.slice(0, MAX_ANSWER_CHARACTERS);
  const start = bounded.indexOf(CODE);
  const isWhole = ended && bounded.length === text.length;
  const openFaults = isWhole ? [] : [endFault(bounded, CODE_END)];
  if (start < 0) return { code: undefined, prose: bounded, faults: openFaults };
  const end = bounded.indexOf(CODE_END, start);
  const code = bounded.slice(start + CODE.length, end < 0 ? undefined : end);
  return {
    code: unguardCodeEnd(code, kind),
    prose: bounded.slice(0, start) + (end < 0 ? "" : bounded.slice(end + CODE_END.length)),
    faults: end < 0 ? openFaults : [],
  };
}

/** All numbers that follow `label` and a few words in a sentence: "binary size of 1,204 bytes". */
export function numbersAfter(prose: string, label: string): number[] {
  const pattern = new RegExp(`${label}\\D{0,12}?(\\d[\\d,]{0,14})`, "gi");
  return [...prose.matchAll(pattern)].map(([, digits = ""]) => Number(digits.replaceAll(",", "")));
}
