/**
 * The bodies of functions in normal form (llvm/normalize-text.ts) as blocks of instructions. Not a parser of LLVM-IR: an instruction
 * is its opcode and its text, which is all that counting needs. Lines that go on with the one before (the cases of a switch, where an
 * invoke leads, what a landing pad catches) belong to its text.
 */

import { withoutAttachments } from "../ir-text.ts";

export interface Instruction {
  /** As LLVM writes it; "call" for tail calls too. */
  readonly opcode: string;
  /** `%7`; "" where the instruction has no value. */
  readonly result: string;
  /** Without its result, its metadata and its attribute groups. */
  readonly text: string;
}

export interface Block {
  /** `%12`; "" of the entry. */
  readonly label: string;
  readonly instructions: readonly Instruction[];
}

const LABEL = /^([-\w.$]+|"[^"]*"):$/;
const CONTINUES = /^(?:\]|to label |i\d+ -?\w+, label |cleanup$|catch |filter )/;
const PARTS = /^(?:(%(?:"[^"]*"|[-\w.$]+)) = )?((?:(?:tail|musttail|notail) )?([a-z]+).*)$/;
const ATTRIBUTE_GROUPS = / #\d+/g;

/** `lines`: of one defined function, from `define` to `}`. */
export function blocksOf(lines: readonly string[]): Block[] {
  let current: { label: string; instructions: Instruction[] } = { label: "", instructions: [] };
  const blocks = [current];
  for (const line of lines.slice(1, -1)) {
    const label = LABEL.exec(line)?.[1];
    const last = current.instructions.at(-1);
    if (label !== undefined) blocks.push((current = { label: `%${label}`, instructions: [] }));
    else if (last !== undefined && CONTINUES.test(line))
      current.instructions.splice(-1, 1, { ...last, text: `${last.text} ${line}` });
    else current.instructions.push(readInstruction(line));
  }
  return blocks;
}

function readInstruction(line: string): Instruction {
  const [, result = "", text = line, opcode = "other"] = PARTS.exec(line) ?? [];
  return { opcode, result, text: withoutAttachments(text).replace(ATTRIBUTE_GROUPS, "") };
}

const TARGET = /label (%(?:"[^"]*"|[-\w.$]+))/g;

/** Labels that a terminator can lead to. */
export function targetsOf({ text }: Instruction): string[] {
  return text.includes("label %") ? [...text.matchAll(TARGET)].map(([, label = ""]) => label) : [];
}

const CALLEE = /(@(?:"[^"]*"|[-\w.$]+)|%[-\w.$]+)\(/;

/** `@f`, `%7` of an indirect call, "asm", or "" of what calls nothing. */
export function calleeOf({ opcode, text }: Instruction): string {
  if (opcode !== "call" && opcode !== "invoke" && opcode !== "callbr") return "";
  return / asm /.test(text) ? "asm" : (CALLEE.exec(text)?.[1] ?? "");
}
