/**
 * The task `disassemble`: assembly in, IR that compiles back to it out; of single functions (assembly.ts cuts one out
 * with the constants it uses, fit.ts cuts its IR) and of whole modules alike.
 */

import type { Architecture, DialectName, Fault, Parsed, TaskDialect } from "./dialect.ts";
import { parsedOf } from "./dialect.ts";
import { guardMarks, unguardMarks } from "./escape.ts";
import { MARKS, outOfOrder, sectionsOf } from "./marks.ts";
import { CODE_END, publishedCode, publishedDisassemble, readPublished } from "./published.ts";
import { type CodeScore, compareCode } from "./score.ts";

export interface DisassembleInput {
  /** Compact: cleaned by assembly.ts. Published: as `clang -S` writes it. */
  readonly assembly: string;
  readonly architecture: Architecture;
}

export interface DisassembleAnswer {
  readonly ir: string;
}

/** Nothing that a parser must know. */
export type DisassembleContext = Readonly<Record<string, never>>;

type DisassembleDialect = TaskDialect<DisassembleInput, DisassembleAnswer, DisassembleContext>;

const compact: DisassembleDialect = {
  prompt: ({ assembly, architecture }) =>
    MARKS.begin +
    MARKS.disassemble +
    MARKS[architecture] +
    MARKS.assembly +
    guardMarks(assembly, "assembly") +
    MARKS.ir,
  target: ({ ir }) => guardMarks(ir, "ir") + MARKS.end,
  parse: (answer) => {
    const { sections, faults } = sectionsOf(answer, "ir");
    const [code, ...extra] = sections;
    const ir = code && unguardMarks(code.text, "ir");
    return parsedIr(ir, [...faults, ...outOfOrder(extra)]);
  },
  stops: [MARKS.end],
};

const published: DisassembleDialect = {
  prompt: ({ assembly }) => publishedDisassemble(assembly),
  target: ({ ir }) => publishedCode(ir, "ir"),
  parse: (answer) => {
    const { code, faults } = readPublished(answer, "ir");
    return parsedIr(code, faults);
  },
  stops: [CODE_END],
};

export const disassemble: Readonly<Record<DialectName, DisassembleDialect>> = {
  compact,
  published,
};

function parsedIr(ir: string | undefined, faults: readonly Fault[]): Parsed<DisassembleAnswer> {
  if (ir !== undefined && ir.trim() !== "") return parsedOf<DisassembleAnswer>(faults, {}, { ir });
  const missing: Fault = { kind: "code missing", message: "the answer holds no IR" };
  return parsedOf<DisassembleAnswer>([...faults, missing], {}, undefined);
}

/** `normalAnswer`: the answer's IR in normal form, as `ir` is; undefined to compare it as it was written. */
export interface DisassembleTruth extends DisassembleAnswer {
  readonly normalAnswer?: string;
}

export function scoreDisassemble(
  parsed: Parsed<DisassembleAnswer>,
  truth: DisassembleTruth,
): CodeScore {
  const answer = parsed.ok ? parsed.answer.ir : undefined;
  return {
    isParsed: parsed.ok,
    ...compareCode({ answer: truth.normalAnswer ?? answer, target: truth.ir }),
    undecided: ["compiles", "equivalent", "round trip"],
  };
}
