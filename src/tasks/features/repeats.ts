/**
 * What a module says twice: runs of like instructions, blocks and whole functions (what merging, sinking and outlining live on).
 * "Like" is equal but for the names of values; of one shape if constants and symbols may differ too.
 */

import type { Block } from "./instructions.ts";

const VALUE = /%(?:"[^"]*"|[-\w.$]+)/g;
/** Symbols, integers, floating-point constants, null and the like. */
const CONSTANT =
  /@(?:"[^"]*"|[-\w.$]+)|(?<=[ (])(?:-?\d[\w.+-]*|null|true|false|undef|poison|zeroinitializer)(?=[,) \]]|$)/g;
/** Lengths of runs. */
const RUNS = [2, 4, 8] as const;
/** Shorter blocks are alike by chance. */
const MIN_BLOCK = 3;

interface Lines {
  /** A number for each instruction: equal where the instructions are. */
  readonly like: readonly number[];
  readonly shape: readonly number[];
}

/** Of all instructions, the share that repeats earlier ones, in the ways that the names say; 0 to 1. */
export function repeats(functions: readonly (readonly Block[])[]): Record<string, number> {
  const like = interner();
  const shape = interner();
  const bodies = functions.map((blocks) =>
    blocks.map(({ instructions }): Lines => {
      const texts = instructions.map(({ text }) => text.replace(VALUE, "%"));
      return {
        like: texts.map(like),
        shape: texts.map((text) => shape(text.replace(CONSTANT, "_"))),
      };
    }),
  );
  const flat = (kind: keyof Lines): number[][] =>
    bodies.map((body) => body.flatMap((block) => block[kind]));
  const [likes, shapes] = [flat("like"), flat("shape")];
  const blocks = bodies.flat().filter((block) => block.like.length >= MIN_BLOCK);
  const all = likes.reduce((sum, body) => sum + body.length, 0);
  const tails = bodies.reduce((sum, body) => sum + repeatedTails(body), 0);
  return {
    ...Object.fromEntries(RUNS.map((run) => [`like runs of ${run}`, repeatedRuns(likes, run)])),
    ...Object.fromEntries(
      RUNS.map((run) => [`runs of ${run} of one shape`, repeatedRuns(shapes, run)]),
    ),
    "like blocks": repeatedParts(blocks.map((block) => block.like)) / (all || 1),
    "blocks of one shape": repeatedParts(blocks.map((block) => block.shape)) / (all || 1),
    "like functions": repeatedParts(likes) / (all || 1),
    "functions of one shape": repeatedParts(shapes) / (all || 1),
    "block tails in one function": tails / (blocks.length || 1),
  };
}

function interner(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
}

/** Of all runs of `length` lines within a function, the share that came before. */
function repeatedRuns(bodies: readonly (readonly number[])[], length: number): number {
  const seen = new Set<number>();
  let runs = 0;
  for (const body of bodies) {
    for (let end = length; end <= body.length; end++, runs++)
      seen.add(mix(body, end - length, end));
  }
  return runs === 0 ? 0 : 1 - seen.size / runs;
}

/** 52 bits of a hash: equal runs have equal ones, and others hardly ever. */
function mix(items: readonly number[], start: number, end: number): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = start; at < end; at++) {
    a = Math.imul(a ^ (items[at] ?? 0), 0x01000193);
    b = Math.imul(b ^ (items[at] ?? 0), 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0) * 2 ** 20 + ((b >>> 0) & 0xfffff);
}

/** Instructions in parts that came before. */
function repeatedParts(parts: readonly (readonly number[])[]): number {
  const seen = new Set<string>();
  let repeated = 0;
  for (const part of parts) {
    const key = part.join(" ");
    if (seen.has(key)) repeated += part.length;
    else seen.add(key);
  }
  return repeated;
}

/** Blocks that end in the same instructions as an earlier block of the function. */
function repeatedTails(body: readonly Lines[]): number {
  const tails = body
    .filter(({ like }) => like.length >= MIN_BLOCK)
    .map(({ like }) => like.slice(-MIN_BLOCK).join(" "));
  return tails.length - new Set(tails).size;
}
