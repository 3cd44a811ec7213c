/** The shape of functions: blocks, loops, local variables, and who calls whom. */

import { type Block, calleeOf, targetsOf } from "./instructions.ts";

export interface FunctionBody {
  /** `@f`. */
  readonly symbol: string;
  /** The line that begins with `define`. */
  readonly head: string;
  readonly blocks: readonly Block[];
}

const SMALL_FUNCTION = 12;

/** Counts over the whole module. */
export function countBlocks(functions: readonly FunctionBody[]): Record<string, number> {
  const blocks = functions.flatMap((fn) => fn.blocks);
  const lengths = functions.map((fn) => lengthOf(fn.blocks));
  const loops = functions.map((fn) => loopsOf(fn.blocks));
  const of = (opcode: string): string[] =>
    blocks.flatMap((block) =>
      block.instructions.filter((one) => one.opcode === opcode).map(({ text }) => text),
    );
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0);
  return {
    "instructions": sum(lengths),
    "blocks": blocks.length,
    "largest function": lengths.reduce((largest, length) => Math.max(largest, length), 0),
    "small functions": lengths.filter((length) => length <= SMALL_FUNCTION).length,
    "functions of one block": functions.filter((fn) => fn.blocks.length === 1).length,
    "blocks that only branch": blocks.filter(
      ({ instructions }) => instructions[0]?.text.startsWith("br label") === true,
    ).length,
    "loops": sum(loops.map(({ count }) => count)),
    "functions with loops": loops.filter(({ count }) => count > 0).length,
    "instructions in loops": sum(loops.map(({ inside }) => inside)),
    "instructions in inner loops": sum(loops.map(({ nested }) => nested)),
    "cases": sum(of("switch").map((text) => text.split("label ").length - 2)),
    "incoming values": sum(of("phi").map((text) => text.split("[").length - 1)),
    "functions that return twice or more": functions.filter((fn) => returnsOf(fn.blocks) > 1)
      .length,
    "parameters": sum(functions.map(({ head }) => parametersOf(head))),
  };
}

const lengthOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { instructions }) => sum + instructions.length, 0);
const returnsOf = (blocks: readonly Block[]): number =>
  blocks.filter(({ instructions }) => instructions.at(-1)?.opcode === "ret").length;
/** Those with a name, as the printer numbers all. */
const parametersOf = (head: string): number => head.match(/ %\d+(?=[,)])/g)?.length ?? 0;

/** A branch to a block that stands before makes a loop of all between; in IR as compilers write it that is one. */
function loopsOf(blocks: readonly Block[]): { count: number; inside: number; nested: number } {
  const places = new Map(blocks.map(({ label }, place) => [label, place]));
  const steps = Array.from({ length: blocks.length + 1 }, () => 0);
  let count = 0;
  for (const [place, { instructions }] of blocks.entries()) {
    const last = instructions.at(-1);
    for (const label of last === undefined ? [] : targetsOf(last)) {
      const start = places.get(label) ?? Infinity;
      if (start > place) continue;
      count++;
      steps[start] = (steps[start] ?? 0) + 1;
      steps[place + 1] = (steps[place + 1] ?? 0) - 1;
    }
  }
  let [depth, inside, nested] = [0, 0, 0];
  for (const [place, { instructions }] of blocks.entries()) {
    depth += steps[place] ?? 0;
    if (depth > 0) inside += instructions.length;
    if (depth > 1) nested += instructions.length;
  }
  return { count, inside, nested };
}

const SCALAR_SLOT = /^alloca (?:i\d+|ptr|float|double|half|x86_fp80|fp128)(?:,|$)/;

/** Local variables by what becomes of them: a slot that is only loaded and stored is a register after mem2reg. */
export function countSlots(functions: readonly FunctionBody[]): Record<string, number> {
  const found = {
    "scalar slots": 0,
    "slots that escape": 0,
    "slots stored once": 0,
    "slots never loaded": 0,
  };
  for (const { blocks } of functions) {
    const slots = new Map<string, { loads: number; stores: number; escapes: boolean }>();
    for (const { opcode, result, text } of blocks.flatMap(({ instructions }) => instructions)) {
      if (opcode === "alloca") {
        slots.set(result, { loads: 0, stores: 0, escapes: false });
        if (SCALAR_SLOT.test(text)) found["scalar slots"]++;
        continue;
      }
      if (text.includes("@llvm.lifetime.")) continue;
      const pointer =
        opcode === "load" || opcode === "store"
          ? / ptr (%[-\w.$]+)(?:,|$)(?!.* ptr )/.exec(text)?.[1]
          : undefined;
      for (const name of text.match(/%[-\w.$]+/g) ?? []) {
        const slot = slots.get(name);
        if (slot === undefined) continue;
        if (name !== pointer) slot.escapes = true;
        else if (opcode === "load") slot.loads++;
        else slot.stores++;
      }
    }
    for (const { loads, stores, escapes } of slots.values()) {
      if (escapes) found["slots that escape"]++;
      else if (stores === 1) found["slots stored once"]++;
      if (!escapes && loads === 0) found["slots never loaded"]++;
    }
  }
  return found;
}

/** What inlining can gain. */
export function countCalls(functions: readonly FunctionBody[]): Record<string, number> {
  const callers = new Map<string, number>();
  const used = new Map<string, number>();
  let [calls, argumentCount, recursive] = [0, 0, 0];
  for (const { symbol, blocks } of functions) {
    let callsItself = false;
    for (const instruction of blocks.flatMap(({ instructions }) => instructions)) {
      for (const name of instruction.text.match(/@(?:"[^"]*"|[-\w.$]+)/g) ?? [])
        used.set(name, (used.get(name) ?? 0) + 1);
      const callee = calleeOf(instruction);
      if (!callee.startsWith("@") || callee.startsWith("@llvm.")) continue;
      callers.set(callee, (callers.get(callee) ?? 0) + 1);
      calls++;
      argumentCount += instruction.text
        .slice(instruction.text.indexOf(`${callee}(`))
        .split(", ").length;
      callsItself ||= callee === symbol;
    }
    if (callsItself) recursive++;
  }
  const local = functions.filter(({ head }) => /^define (?:internal|private) /.test(head));
  const small = functions.filter(({ blocks }) => lengthOf(blocks) <= SMALL_FUNCTION);
  return {
    "callees": callers.size,
    "calls by name": calls,
    "arguments": argumentCount,
    "recursive functions": recursive,
    "internal functions called once": local.filter(
      ({ symbol }) => callers.get(symbol) === 1 && used.get(symbol) === 1,
    ).length,
    "instructions in those": local
      .filter(({ symbol }) => callers.get(symbol) === 1 && used.get(symbol) === 1)
      .reduce((sum, fn) => sum + lengthOf(fn.blocks), 0),
    "calls of small functions": small.reduce(
      (sum, { symbol }) => sum + (callers.get(symbol) ?? 0),
      0,
    ),
    "functions without calls": functions.filter(
      ({ blocks }) =>
        !blocks.some(({ instructions }) =>
          instructions.some((one) => calleeOf(one) !== "" && !calleeOf(one).startsWith("@llvm.")),
        ),
    ).length,
  };
}
