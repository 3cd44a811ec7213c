/** Which symbols and words assembly may mention: those of the IR that it is made of, and symbols that code generation and passes add. */

import { isLocal, labelOf } from "./assembly-text.ts";
import { blank } from "./ir-text.ts";
import { firstForeignWord, hasSymbol, isMadeByPasses, sharedWith } from "./ir-facts.ts";

/** On top of what passes make: merged code, tables, what LLVM's own code calls, and registers with a dot. */
const ADDED =
  /^(?:OUTLINED_FUNCTION_\d+|outlined_ir_func_\d+.*|__\w+|mem(?:cmp|cpy|move|set)|sincosf?|strncmp|_Unwind_Resume|GCC_except_table\d+|DW\.ref\..+|TPIDR_EL0|cmpxchg\w|[pvz]\d+\.\d*[bhsdq])$/;
/** Characters: of the longest name that is added, DW.ref.__gxx_personality_v0, or of a suffix behind a symbol. */
const LONGEST_ADDED = 32;
/** Shorter names among operands may be registers, conditions and shifts. */
const LEAST = 6;
const OPERANDS = /^[a-z]\S* (.*)$/;
const RELOCATION = /@[A-Z]\w*|:[a-z]\w*:/g;
const NAME = /(?<![\w.$%@])[A-Za-z_][\w.$]*/g;

const STRING = /^\.asci[iz] "((?:[^"\\]|\\.)*)/;
/** The last may not be whole. */
const ESCAPE = /\\(?:[0-7]{3}|[^0-7]|[0-7]{0,2}$)/g;

/**
 * `assembly`: the first lines of what is made of `ir`, cleaned (assembly.ts). The place where the first name that the IR does not have begins
 * to be another than all that it has: a label, an operand, a word of a string, or in a line that is not whole a symbol that is too long for
 * all others. Undefined where there is none, as in 2,702 true answers of training and validation.
 */
export function firstForeignName(ir: string, assembly: string): number | undefined {
  const lines = assembly.split("\n");
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const at = foreignWord(ir, line) ?? foreignSymbol(ir, line, index < lines.length - 1);
    if (at !== undefined) return start + at;
    start += line.length + 1;
  }
  return undefined;
}

function foreignWord(ir: string, line: string): number | undefined {
  const content = STRING.exec(line)?.[1];
  if (content === undefined) return undefined;
  const at = firstForeignWord(ir, content, ESCAPE);
  return at === undefined ? undefined : line.indexOf('"') + 1 + at;
}

function foreignSymbol(ir: string, line: string, isWhole: boolean): number | undefined {
  const label = isWhole ? labelOf(line) : undefined;
  if (label !== undefined)
    return isLocal(label) || isLabel(ir, label) ? undefined : sharedWith(ir, label);
  const foreign = (isWhole ? operandsOf(line) : longNamesOf(line)).find(
    ({ name }) => !isThere(ir, name),
  );
  return foreign && foreign.at + sharedWith(ir, foreign.name);
}

interface Named {
  readonly name: string;
  readonly at: number;
}

function operandsOf(line: string): Named[] {
  const operands = OPERANDS.exec(line)?.[1] ?? "";
  const plain = operands.replaceAll(RELOCATION, blank);
  return namesIn(plain, line.length - operands.length).filter(({ name }) => name.length >= LEAST);
}

/** Text in quotation marks is no name. */
const longNamesOf = (line: string): Named[] =>
  namesIn(line.split('"', 1)[0] ?? "", 0).filter(({ name }) => name.length > LONGEST_ADDED);

const namesIn = (text: string, from: number): Named[] =>
  [...text.matchAll(NAME)].map(({ 0: name, index }) => ({ name, at: from + index }));

/** Of those that another object can see; in quotation marks where the IR has it so. */
function isLabel(ir: string, label: string): boolean {
  const name = label.replaceAll('"', "");
  return hasSymbol(ir, name) || isMade(ir, name);
}

const isThere = (ir: string, name: string): boolean => ir.includes(name) || isMade(ir, name);

function isMade(ir: string, name: string): boolean {
  if (name.length <= LONGEST_ADDED) return isMadeByPasses(ir, name) || ADDED.test(name);
  const [symbol = ""] = name.split(".", 1);
  return ir.includes(symbol) && name.length <= symbol.length + LONGEST_ADDED;
}
