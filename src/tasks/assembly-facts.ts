/** Which symbols assembly may mention: those of the IR that it is made of, and what code generation and passes add. */

import { MADE_BY_PASSES } from "./ir-facts.ts";

/** On top of what passes make: merged code, and what LLVM's own code calls. */
const ADDED =
  /^(?:OUTLINED_FUNCTION_\d+|outlined_ir_func_\d+.*|__\w+|mem(?:cmp|cpy|move|set)|sincosf?|strncmp|TPIDR_EL0|cmpxchg\w)$/;
const isAdded = (name: string): boolean => MADE_BY_PASSES.test(name) || ADDED.test(name);
/** Shorter names may be registers, conditions and shifts. */
const LEAST = 6;
const OPERANDS = /^[a-z]\S* (.*)$/;
const RELOCATION = /@[A-Z]\w*|:[a-z]\w*:/g;
const NAME = /(?<![\w.$%@])[A-Za-z_][\w.$]*/g;

/**
 * `assembly`: the first lines of what is made of `ir`, cleaned (assembly.ts); only whole ones are looked at. The place of the first symbol among
 * its operands that the IR does not have; undefined where there is none. 15,814 true answers of training have none.
 */
export function firstForeignSymbol(ir: string, assembly: string): number | undefined {
  let start = 0;
  for (const line of assembly.split("\n").slice(0, -1)) {
    const operands = OPERANDS.exec(line)?.[1] ?? "";
    const plain = operands.replaceAll(RELOCATION, (text) => " ".repeat(text.length));
    for (const { 0: name, index } of plain.matchAll(NAME))
      if (name.length >= LEAST && !isAdded(name) && !ir.includes(name))
        return start + line.length - operands.length + index;
    start += line.length + 1;
  }
  return undefined;
}
