/**
 * A module in two lines, for a model whose context it does not fit: how large it is, and a level for each of some
 * seventy features (features/features.ts), those by which trees tell best which lists save (tools/make-rivals.ts). Of what there is
 * none, nothing is said. A level is a letter right behind its word, so that the two can be one token (words.ts): a model that has to
 * put them together first hardly learns to (LOG.md).
 *
 *   ; module 412 23 7 9 118
 *   ; sizeL blocksF loadF storeE callG …
 *
 * The numbers of the first line are instructions, blocks, functions, declarations and instructions of the largest function.
 */

import { namedFeatures } from "./features/features.ts";
import { levelLetter } from "./numbers.ts";

/** Counts are logarithms in the features; these are given as they are. */
const COUNTED = ["instructions", "blocks", "functions", "declarations", "largest function"];

/** What a level step is worth, of a logarithm but for shares; and how many levels there are. */
const SCALES = {
  size: { step: 1 / 2, levels: 26 },
  perHundred: { step: 1 / 2, levels: 9 },
  count: { step: 1, levels: 9 },
  share: { step: 1 / 9, levels: 9 },
} as const;
type Scale = keyof typeof SCALES;

/** The word in the line, the feature, its scale. The order is part of what a model was trained with. */
const LEVELS: readonly (readonly [word: string, feature: string, scale: Scale])[] = [
  ["size", "instructions", "size"],
  ["blocks", "blocks", "size"],
  ["functions", "functions", "size"],
  ["declarations", "declarations", "size"],
  ["largest", "largest function", "size"],
  ["switch", "cases", "perHundred"],
  ["add", "additions", "perHundred"],
  ["mul", "multiplications", "perHundred"],
  ["div", "divisions", "perHundred"],
  ["shl", "shifts", "perHundred"],
  ["and", "logic", "perHundred"],
  ["load", "load", "perHundred"],
  ["store", "store", "perHundred"],
  ["alloca", "alloca", "perHundred"],
  ["getelementptr", "getelementptr", "perHundred"],
  ["phi", "phi", "perHundred"],
  ["incoming", "incoming values", "perHundred"],
  ["select", "select", "perHundred"],
  ["icmp", "integer comparisons", "perHundred"],
  ["sext", "sign extensions", "perHundred"],
  ["zext", "zero extensions", "perHundred"],
  ["trunc", "truncations", "perHundred"],
  ["ptrtoint", "pointer casts", "perHundred"],
  ["float", "float arithmetic", "perHundred"],
  ["ret", "ret", "perHundred"],
  ["unreachable", "unreachable", "perHundred"],
  ["br", "branches", "perHundred"],
  ["cond", "conditional branches", "perHundred"],
  ["jump", "blocks that only branch", "perHundred"],
  ["loop", "loops", "perHundred"],
  ["inloop", "instructions in loops", "perHundred"],
  ["inner", "instructions in inner loops", "perHundred"],
  ["call", "calls by name", "perHundred"],
  ["defined", "calls of defined functions", "perHundred"],
  ["declared", "calls of declared functions", "perHundred"],
  ["indirect", "indirect calls", "perHundred"],
  ["callees", "callees", "perHundred"],
  ["once", "internal functions called once", "perHundred"],
  ["args", "arguments", "perHundred"],
  ["params", "parameters", "perHundred"],
  ["lifetime", "lifetime markers", "perHundred"],
  ["bool", "of i1", "perHundred"],
  ["byte", "of i8", "perHundred"],
  ["short", "of i16", "perHundred"],
  ["int", "of i32", "perHundred"],
  ["long", "of i64", "perHundred"],
  ["ptr", "of ptr", "perHundred"],
  ["struct", "of structs", "perHundred"],
  ["array", "of arrays", "perHundred"],
  ["null", "null", "perHundred"],
  ["zero", "-1, 0 and 1", "perHundred"],
  ["small", "small integers", "perHundred"],
  ["large", "large integers", "perHundred"],
  ["symbol", "symbols", "perHundred"],
  ["nsw", "nsw and nuw", "perHundred"],
  ["slot", "scalar slots", "perHundred"],
  ["storedonce", "slots stored once", "perHundred"],
  ["neverloaded", "slots never loaded", "perHundred"],
  ["oneblock", "functions of one block", "perHundred"],
  ["smallfn", "small functions", "perHundred"],
  ["strings", "string bytes", "count"],
  ["globals", "variables", "count"],
  ["internal", "internal functions", "share"],
  ["inlinehint", "inline hints", "share"],
  ["strictfp", "strict floats", "share"],
  ["program", "of a program", "share"],
  ["liketwo", "like runs of 2", "share"],
  ["likefour", "like runs of 4", "share"],
  ["shapefour", "runs of 4 of one shape", "share"],
  ["shapeeight", "runs of 8 of one shape", "share"],
  ["likeblocks", "like blocks", "share"],
  ["shapeblocks", "blocks of one shape", "share"],
  ["tails", "block tails in one function", "share"],
];
/** Two lines with their ends. `normalForm`: as `pool.normalize` gives it. */
export const digestOf = (normalForm: string): string => printDigest(namedFeatures(normalForm));

/**
 * `features`: as `namedFeatures` gives them. `told`: given a level, from 1, which one to tell; none where it gives 0
 * or less. Without it all are told as they are. Training varies them, so that no module is known by its levels.
 */
export function printDigest(
  features: Readonly<Record<string, number>>,
  told: (level: number) => number = (level) => level,
): string {
  const value = (name: string): number => features[name] ?? 0;
  const counts = COUNTED.map((name) => Math.round(Math.expm1(value(name))));
  const levels = LEVELS.flatMap(([word, name, scale]) => {
    const level = levelOf(value(name), scale);
    const said = level > 0 ? within(told(level), scale) : 0;
    return said > 0 ? word + levelLetter(said) : [];
  });
  return `; module ${counts.join(" ")}\n; ${levels.join(" ")}\n`;
}

const levelOf = (value: number, scale: Scale): number =>
  within(Math.round(value / SCALES[scale].step), scale);

const within = (level: number, scale: Scale): number => Math.min(SCALES[scale].levels, level);

/** All that the second line may hold. */
export const DIGEST_WORDS: readonly string[] = LEVELS.flatMap(([word, , scale]) =>
  Array.from({ length: SCALES[scale].levels }, (_, level) => word + levelLetter(level + 1)),
);
