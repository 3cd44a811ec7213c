/** Which symbols assembly may mention: those of the IR that it is made of, and what code generation and passes add. */

import { isLocal, labelOf } from "./assembly-text.ts";
import { MADE_BY_PASSES } from "./ir-facts.ts";

/** On top of what passes make: merged code, tables, and what LLVM's own code calls. */
const ADDED =
  /^(?:OUTLINED_FUNCTION_\d+|outlined_ir_func_\d+.*|__\w+|mem(?:cmp|cpy|move|set)|sincosf?|strncmp|_Unwind_Resume|GCC_except_table\d+|TPIDR_EL0|cmpxchg\w)$/;
/** Characters: of the longest name that is added, DW.ref.__gxx_personality_v0, or of a suffix behind a symbol. */
const LONGEST_ADDED = 32;
/** Shorter names among operands may be registers, conditions and shifts. */
const LEAST = 6;
const OPERANDS = /^[a-z]\S* (.*)$/;
const RELOCATION = /@[A-Z]\w*|:[a-z]\w*:/g;
const NAME = /(?<![\w.$%@])[A-Za-z_][\w.$]*/g;

/**
 * `assembly`: the first lines of what is made of `ir`, cleaned (assembly.ts). The place where the first symbol that the IR does not have begins
 * to be another than all that it has: a label, an operand, or in a line that is not whole a name that is too long for all others. Undefined
 * where there is none, as in 1,946 true answers of training.
 */
export function firstForeignSymbol(ir: string, assembly: string): number | undefined {
  const lines = assembly.split("\n");
  let start = 0;
  for (const [at, line] of lines.entries()) {
    const isWhole = at < lines.length - 1;
    const foreign = (isWhole ? symbolsOf(line) : longNamesOf(line)).find(
      ({ name }) => !isThere(ir, name),
    );
    if (foreign !== undefined) return start + foreign.at + sharedWith(ir, foreign.name);
    start += line.length + 1;
  }
  return undefined;
}

interface Named {
  readonly name: string;
  readonly at: number;
}

function symbolsOf(line: string): Named[] {
  const label = labelOf(line);
  if (label !== undefined) return isLocal(label) ? [] : [{ name: label, at: 0 }];
  const operands = OPERANDS.exec(line)?.[1] ?? "";
  const plain = operands.replaceAll(RELOCATION, (text) => " ".repeat(text.length));
  return namesIn(plain, line.length - operands.length).filter(({ name }) => name.length >= LEAST);
}

/** Text in quotation marks is no name. */
const longNamesOf = (line: string): Named[] =>
  namesIn(line.split('"', 1)[0] ?? "", 0).filter(({ name }) => name.length > LONGEST_ADDED);

const namesIn = (text: string, from: number): Named[] =>
  [...text.matchAll(NAME)].map(({ 0: name, index }) => ({ name, at: from + index }));

function isThere(ir: string, name: string): boolean {
  if (ir.includes(name)) return true;
  if (name.length <= LONGEST_ADDED) return MADE_BY_PASSES.test(name) || ADDED.test(name);
  const [symbol = ""] = name.split(".", 1);
  return ir.includes(symbol) && name.length <= symbol.length + LONGEST_ADDED;
}

/** Characters that the name begins with and that stand in the IR. */
function sharedWith(ir: string, name: string): number {
  let length = name.length;
  while (length > 0 && !ir.includes(name.slice(0, length))) length--;
  return length;
}
