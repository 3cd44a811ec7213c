/**
 * A module that does not fit a model's context is cut by function, never refused:
 *
 * 1. All of it, if it fits.
 * 2. Else its functions in groups, in module order: each group takes as many of the next functions as fit, together with
 *    what they need (cut.ts). A callee in another group is declared.
 * 3. A function that does not fit alone is a group of its own, as an excerpt: as many of its first instructions as fit
 *    (excerpt.ts).
 * 4. Where not even an empty body fits, the group is marked "too long", with the whole function as its text.
 *
 * Each group is a module in its own right. What is done with many answers is the caller's business: `optimize` measures
 * the list of each group on the whole module. Only `tune` is asked about excerpts.
 */

import { cutModule } from "./cut.ts";
import { cutPoints, excerpt } from "./excerpt.ts";
import { type IrModule, readIr } from "./ir-text.ts";

export interface Budget {
  /** For the IR alone: the context less prompt marks and answer. */
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
}

export interface Group {
  /** Symbols of the functions whose bodies it has, as IR writes them: `@f`, `@"a b"`. */
  readonly functions: readonly string[];
  readonly text: string;
  readonly tokens: number;
  /** "excerpt" and "too long" groups have one function. */
  readonly state: "whole" | "excerpt" | "too long";
}

export type Fit =
  | { readonly kind: "module"; readonly text: string; readonly tokens: number }
  | { readonly kind: "groups"; readonly groups: readonly Group[] };

/** `ir` in normal form. Every defined function is in exactly one group. */
export function fitModule(ir: string, budget: Budget): Fit {
  const tokens = budget.countTokens(ir);
  if (tokens <= budget.maxTokens) return { kind: "module", text: ir, tokens };
  const module = readIr(ir);
  const symbols = [...module.functions.keys()];
  const groups: Group[] = [];
  for (let start = 0; start < symbols.length;) {
    const group = nextGroup(module, symbols.slice(start), budget);
    groups.push(group);
    start += group.functions.length;
  }
  return { kind: "groups", groups };
}

/** One function with what it needs; undefined where the module does not define it. */
export function cutFunction(ir: string, symbol: string): string | undefined {
  const module = readIr(ir);
  return module.functions.has(symbol) ? partOf(module, [symbol]) : undefined;
}

function partOf(module: IrModule, symbols: readonly string[]): string {
  const bodies = symbols.map((symbol) => [symbol, module.functions.get(symbol) ?? []] as const);
  return cutModule(module, new Map(bodies));
}

function nextGroup(module: IrModule, symbols: readonly string[], budget: Budget): Group {
  const best = largest(symbols.length, (count) => {
    const functions = symbols.slice(0, count);
    return groupOf(functions, partOf(module, functions), "whole", budget);
  });
  const [symbol] = symbols;
  if (symbol === undefined) throw new Error("nextGroup: no function is left; want at least one");
  return best ?? excerptGroup(module, symbol, budget);
}

function excerptGroup(module: IrModule, symbol: string, budget: Budget): Group {
  const lines = module.functions.get(symbol) ?? [];
  const points = cutPoints(lines);
  const types = new Set([...module.named.keys()].filter((name) => name.startsWith("%")));
  const best = largest(points.length, (count) => {
    const body = excerpt(lines, points[count - 1] ?? 0, types);
    return groupOf([symbol], cutModule(module, new Map([[symbol, body]])), "excerpt", budget);
  });
  if (best) return best;
  const text = partOf(module, [symbol]);
  return { functions: [symbol], text, tokens: budget.countTokens(text), state: "too long" };
}

/** Undefined where it does not fit. */
function groupOf(
  functions: readonly string[],
  text: string,
  state: Group["state"],
  { maxTokens, countTokens }: Budget,
): Group | undefined {
  const tokens = countTokens(text);
  return tokens <= maxTokens ? { functions, text, tokens, state } : undefined;
}

/**
 * What `make` gives for the largest count up to `limit` for which it gives something: doubling first, so that no text is
 * made much longer than one that fits, then halving. Takes it that what does not fit does not fit with more.
 */
function largest<T>(limit: number, make: (count: number) => T | undefined): T | undefined {
  let good = 0;
  let best: T | undefined;
  let bad = limit + 1;
  while (good + 1 < bad) {
    const isBounded = bad <= limit;
    const count = isBounded ? good + Math.floor((bad - good) / 2) : Math.min(limit, good * 2 || 1);
    const made = make(count);
    if (made === undefined) bad = count;
    else [good, best] = [count, made];
  }
  return best;
}
