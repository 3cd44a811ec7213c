// Which adaptor may stand where, and what may stand in it. LLVM is laxer: it wraps a bare function
// pass at module level by itself, but then wrongly so for passes that need MemorySSA (licm ends the
// process), so our trees say every level.

import type { PassLevel, PassList, PassNode } from "./tree.ts";

/** Adaptors run other passes; each is one row of the table below. */
export type AdaptorName =
  "module" | "coro-cond" | "cgscc" | "devirt" | "function" | "loop" | "loop-mssa";

interface Adaptor {
  readonly body: PassLevel;
  /** For each level it may stand in: the spellings of its parameters; undefined stands for none. */
  readonly within: Partial<Record<PassLevel, readonly (string | undefined)[]>>;
}

const NONE = [undefined];
const EAGER = [undefined, "", "eager-inv"];
/**
 * devirt<N> repeats its body at most N times while indirect calls become direct; stock pipelines
 * use 4.
 */
const DEVIRT = ["1", "2", "3", "4", "5", "6", "7", "8"];

export const ADAPTORS: Readonly<Record<AdaptorName, Adaptor>> = {
  "module": { body: "module", within: { module: NONE } },
  "coro-cond": { body: "module", within: { module: NONE } },
  "cgscc": { body: "cgscc", within: { module: NONE, cgscc: NONE } },
  "devirt": { body: "cgscc", within: { cgscc: DEVIRT } },
  "function": {
    body: "function",
    within: {
      module: EAGER,
      cgscc: [...EAGER, "no-rerun", "eager-inv;no-rerun", "no-rerun;eager-inv"],
      function: NONE,
    },
  },
  "loop": { body: "loop", within: { "function": NONE, "loop": NONE, "loop-mssa": NONE } },
  "loop-mssa": { body: "loop-mssa", within: { function: NONE } },
};

/** How deep a level lies; a pass can be wrapped to go deeper, never to come up. */
export const DEPTH: Readonly<Record<PassLevel, number>> = {
  "module": 0,
  "cgscc": 1,
  "function": 2,
  "loop": 3,
  "loop-mssa": 3,
};

export function isAdaptor(name: string): name is AdaptorName {
  return Object.hasOwn(ADAPTORS, name);
}

/**
 * The level of what stands in an adaptor's parentheses. A loop adaptor inside loop-mssa keeps
 * MemorySSA.
 */
export function bodyLevel(name: AdaptorName, context: PassLevel): PassLevel {
  return name === "loop" && context === "loop-mssa" ? "loop-mssa" : ADAPTORS[name].body;
}

export function adaptorFits(node: PassNode, context: PassLevel): boolean {
  return (
    isAdaptor(node.name) && (ADAPTORS[node.name].within[context]?.includes(node.params) ?? false)
  );
}

/**
 * The adaptors, outermost first, that lead from one level to a deeper one; undefined where none do.
 */
export function adaptorsBetween(
  from: PassLevel,
  to: PassLevel,
): readonly AdaptorName[] | undefined {
  if (from === to) return [];
  if (DEPTH[to] <= DEPTH[from]) return undefined;
  if (to === "cgscc" || to === "function") return [to];
  if (to === "loop" || to === "loop-mssa") return from === "function" ? [to] : ["function", to];
  return undefined;
}

/** Wraps nodes of level `to` so that they may stand at level `from`. */
export function wrap(nodes: PassList, from: PassLevel, to: PassLevel): PassList | undefined {
  return adaptorsBetween(from, to)?.reduceRight<PassList>((body, name) => [{ name, body }], nodes);
}
