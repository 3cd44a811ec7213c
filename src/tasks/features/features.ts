/**
 * The features of a module: some hundred numbers that are read off its normal form without running any pass. Counts of what a module
 * has are log(1 + count); what is a part of something is log(1 + per hundred) or a share from 0 to 1, so that modules of all sizes
 * compare. The names say what is counted.
 */

import { readIr } from "../ir-text.ts";
import { countFunctions, countGlobals, flagsOf } from "./globals.ts";
import { blocksOf } from "./instructions.ts";
import { countOpcodes, countOperands } from "./opcodes.ts";
import { redundancy } from "./redundancy.ts";
import { repeats } from "./repeats.ts";
import { countBlocks, countCalls, countSlots, type FunctionBody } from "./shape.ts";

/** In the order of `FEATURE_NAMES`. */
export type Features = readonly number[];

/** Counted in the whole module; every other count is per hundred of these. */
const TOTALS = ["instructions", "blocks", "largest function"];

/** `normalForm`: as `pool.normalize` gives it. Any text has features; what is no IR has those of an empty module. */
export function featuresOf(normalForm: string): Features {
  return Object.values(namedFeatures(normalForm));
}

export function namedFeatures(normalForm: string): Record<string, number> {
  const module = readIr(normalForm);
  const functions = [...module.functions].map(([symbol, lines]): FunctionBody => {
    return { symbol, head: lines[0] ?? "", blocks: blocksOf(lines) };
  });
  const bodies = functions.map(({ blocks }) => blocks);
  const shape = countBlocks(functions);
  const instructions = shape["instructions"] ?? 0;
  const perHundred = (counts: Record<string, number>): Record<string, number> =>
    scaled(counts, (count) => Math.log1p((100 * count) / (instructions || 1)));
  const totals = Object.fromEntries(TOTALS.map((name) => [name, shape[name] ?? 0]));
  const parts = Object.entries(shape).filter(([name]) => !TOTALS.includes(name));
  const kinds = countFunctions(module);
  return {
    ...scaled(
      { ...totals, ...pick(kinds, ["functions", "declarations"]), ...countGlobals(module) },
      Math.log1p,
    ),
    ...scaled(
      without(kinds, ["functions", "declarations"]),
      (count) => count / (functions.length || 1),
    ),
    ...flagsOf(module),
    ...perHundred(Object.fromEntries(parts)),
    ...perHundred(countOpcodes(bodies, new Set(module.functions.keys()))),
    ...perHundred(countOperands(bodies)),
    ...perHundred(countSlots(functions)),
    ...perHundred(countCalls(functions)),
    ...repeats(bodies),
    ...redundancy(bodies),
  };
}

function scaled(
  counts: Record<string, number>,
  scale: (count: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, scale(count)]));
}

function pick(counts: Record<string, number>, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => names.includes(name)));
}

function without(counts: Record<string, number>, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !names.includes(name)));
}

export const FEATURE_NAMES: readonly string[] = Object.keys(namedFeatures(""));
