/**
 * The task `emulate` (compiler emulation): IR and a pass list in; the IR that `opt` would give, or its assembly, out,
 * with the instruction count of that IR and the size of its object.
 */

import { bareWithTriple } from "./bare-ir.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import type { CodeKind, CodeSizes, DialectName, Parsed, TaskDialect } from "./dialect.ts";
import { type Fault, parsedOf } from "./dialect.ts";
import { guardMarks, unguardMarks } from "./escape.ts";
import { MARKS, outOfOrder, type Section, sectionsOf } from "./marks.ts";
import { isPair, printCount, printPair, readPair } from "./numbers.ts";
import { CODE_END, numbersAfter } from "./published.ts";
import { publishedCode, publishedEmulate, readPublished } from "./published.ts";
import { type CodeScore, compareCode, relativeError } from "./score.ts";

export interface EmulateInput {
  /** In normal form; our dialect writes it bare (bare-ir.ts), and wants it to be so: passes see what is written. */
  readonly ir: string;
  readonly passes: PassList;
  /** Of `ir` as it is. */
  readonly sizes: CodeSizes;
  readonly want: CodeKind;
}

export interface EmulateAnswer {
  /** What `code` is. */
  readonly want: CodeKind;
  readonly code: string;
  /** Of the optimised IR, whichever code is wanted. Always there in the compact dialect. */
  readonly sizes?: CodeSizes;
}

/** What was asked for. */
export type EmulateContext = Pick<EmulateInput, "want">;

type EmulateDialect = TaskDialect<EmulateInput, EmulateAnswer, EmulateContext>;

const compact: EmulateDialect = {
  prompt: ({ ir, passes, sizes, want }) =>
    MARKS.begin +
    MARKS.emulate +
    MARKS.passes +
    printPassList(passes) +
    MARKS.ir +
    guardMarks(bareWithTriple(ir), "ir") +
    MARKS.sizes +
    printPair(sizes.instructions, sizes.bytes) +
    MARKS[want] +
    MARKS.sizes,
  target: ({ want, code, sizes }) => {
    const written = sizes ? printPair(sizes.instructions, sizes.bytes) : "";
    return written + MARKS[want] + guardMarks(code, want) + MARKS.end;
  },
  parse: (answer, { want }) => {
    const { sections, faults } = sectionsOf(answer, "sizes");
    const [sizes, code, ...extra] = sections;
    const text = sizes?.text ?? "";
    const pair = readPair(text.trim() === "" ? undefined : text, "instruction count and size");
    const isCodeThere = code?.mark === want;
    // Numbers that the limit may have cut in two are none.
    const isPairWhole = faults.length === 0 || code !== undefined;
    const good: Partial<EmulateAnswer> = {
      want,
      ...(isPair(pair) && isPairWhole ? { sizes: sizesOf(pair) } : {}),
      ...(isCodeThere && faults.length === 0 ? { code: unguardMarks(code.text, want) } : {}),
    };
    const found = [
      ...faults,
      ...(isPair(pair) ? [] : [pair]),
      ...(isCodeThere ? outOfOrder(extra) : [codeMissing(code, want)]),
    ];
    return parsedOf<EmulateAnswer>(found, good, wholeOf(good));
  },
  stops: [MARKS.end],
};

const published: EmulateDialect = {
  prompt: ({ ir, passes, sizes, want }) =>
    publishedEmulate({
      want,
      passes: printPassList(passes),
      ir,
      instructions: printCount(sizes.instructions),
      bytes: printCount(sizes.bytes),
    }),
  target: ({ code, want }) => publishedCode(code, want),
  parse: (answer, { want }) => {
    const { code, prose, faults } = readPublished(answer, want);
    const [instructions] = numbersAfter(prose, "instruction count");
    const [bytes] = numbersAfter(prose, "size");
    const sizes =
      instructions === undefined || bytes === undefined ? {} : { sizes: { instructions, bytes } };
    if (code === undefined)
      return parsedOf<EmulateAnswer>(
        [...faults, codeMissing(undefined, want)],
        { want, ...sizes },
        undefined,
      );
    if (faults.length > 0) return parsedOf<EmulateAnswer>(faults, { want, ...sizes }, undefined);
    return { ok: true, answer: { want, code, ...sizes } };
  },
  stops: [CODE_END],
};

export const emulate: Readonly<Record<DialectName, EmulateDialect>> = { compact, published };

const sizesOf = ([instructions, bytes]: [number, number]): CodeSizes => ({ instructions, bytes });

const wholeOf = ({ want, code, sizes }: Partial<EmulateAnswer>): EmulateAnswer | undefined =>
  want !== undefined && code !== undefined && sizes ? { want, code, sizes } : undefined;

function codeMissing(seen: Section | undefined, want: CodeKind): Fault {
  const found = seen?.mark === undefined ? "nothing" : MARKS[seen.mark];
  return { kind: "code missing", message: `${found} where ${want} was wanted` };
}

export interface EmulateScore extends CodeScore {
  /** |predicted - actual| / actual; undefined where either is missing. */
  readonly instructionError?: number;
  readonly byteError?: number;
}

export interface EmulateTruth extends EmulateAnswer {
  /** The answer's code in normal form, as `target`'s is; undefined to compare it as it was written. */
  readonly normalAnswer?: string;
}

/** `truth`: what the compiler gave, with code in the form in which it is to be compared. */
export function scoreEmulate(parsed: Parsed<EmulateAnswer>, truth: EmulateTruth): EmulateScore {
  const { code, sizes } = parsed.ok ? parsed.answer : parsed.partial;
  return {
    isParsed: parsed.ok,
    ...compareCode({ answer: truth.normalAnswer ?? code, target: truth.code }),
    undecided: ["compiles", "equivalent"],
    ...(sizes &&
      truth.sizes && {
        instructionError: relativeError(sizes.instructions, truth.sizes.instructions),
        byteError: relativeError(sizes.bytes, truth.sizes.bytes),
      }),
  };
}
