/** Values that a module computes or loads although it has them: what early-cse and gvn take away. */

import type { Block, Instruction } from "./instructions.ts";

const VALUE = /%(?:"[^"]*"|[-\w.$]+)/g;
const PURE =
  /^(?:getelementptr|icmp|fcmp|[sz]ext|trunc|ptrtoint|inttoptr|bitcast|add|sub|mul|[su]div|[su]rem|shl|[la]shr|and|or|xor|select|f\w+)$/;
const LOAD = /^load (?!atomic|volatile).*, ptr (\S+?)(?:,|$)/;
const STORE = /^store (?!atomic|volatile).*, ptr (\S+?)(?:,|$)/;

const NOTHING_FOUND = {
  "loads again in a block": 0,
  "loads of what was stored": 0,
  "values again in a block": 0,
  "values again in a function": 0,
};

/** Of all instructions, the share whose value was there already; 0 to 1. */
export function redundancy(functions: readonly (readonly Block[])[]): Record<string, number> {
  const found = { ...NOTHING_FOUND };
  let all = 0;
  for (const blocks of functions) {
    const inFunction = new Set<string>();
    for (const { instructions } of blocks) {
      all += instructions.length;
      countBlock(instructions, inFunction, found);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, count]) => [name, count / (all || 1)]),
  );
}

/**
 * At -O0 every operand is a load of its own, so values are compared by what their operands are: `%3` that loads `%x` again is the
 * first one.
 */
function countBlock(
  instructions: readonly Instruction[],
  inFunction: Set<string>,
  found: typeof NOTHING_FOUND,
): void {
  const same = new Map<string, string>();
  const values = new Map<string, string>();
  const memory = new Map<string, "loaded" | "stored">();
  const held = new Map<string, string>();
  for (const { opcode, text: written, result } of instructions) {
    const text = written.replace(VALUE, (name) => same.get(name) ?? name);
    const loaded = LOAD.exec(text)?.[1];
    const stored = STORE.exec(text)?.[1];
    if (loaded !== undefined) {
      const before = memory.get(loaded);
      if (before !== undefined)
        found[before === "loaded" ? "loads again in a block" : "loads of what was stored"]++;
      else memory.set(loaded, "loaded");
      const value = held.get(loaded);
      if (value === undefined) held.set(loaded, result);
      else same.set(result, value);
    } else if (stored !== undefined) {
      memory.set(stored, "stored");
      const value = / (%\S+), ptr /.exec(text)?.[1];
      if (value === undefined) held.delete(stored);
      else held.set(stored, value);
    } else if (PURE.test(opcode)) {
      const before = values.get(text);
      if (before === undefined) values.set(text, result);
      else same.set(result, before);
      if (before !== undefined) found["values again in a block"]++;
      else if (inFunction.has(text)) found["values again in a function"]++;
      inFunction.add(text);
    } else if (opcode === "call" && !text.includes("@llvm.lifetime")) {
      // Anything may have changed; slots that no call knows are thought of as lost with the rest.
      memory.clear();
      held.clear();
    }
  }
}
