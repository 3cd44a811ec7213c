/** The numbers that tasks write and read. */

import type { Fault } from "./dialect.ts";

/** Twelve digits: a terabyte. More is no count of anything here. */
const PAIR = /^\s*(\d{1,12})\s+(\d{1,12})\s*$/;
const MAX_COUNT = 999_999_999_999;

/** "1532 1204". Throws a RangeError where a number is no count. */
export function printPair(first: number, second: number): string {
  return `${printCount(first)} ${printCount(second)}`;
}

export function printCount(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > MAX_COUNT)
    throw new RangeError(`a count is ${value}; want a whole number from 0 to ${MAX_COUNT}`);
  return `${value}`;
}

/** The pair, or the fault; `text` is undefined where its section is missing. */
export function readPair(text: string | undefined, what: string): [number, number] | Fault {
  if (text === undefined) return { kind: "sizes missing", message: `no ${what} in the answer` };
  const [, first, second] = PAIR.exec(text) ?? [];
  if (first !== undefined && second !== undefined) return [Number(first), Number(second)];
  const seen = JSON.stringify(text.slice(0, 40));
  return { kind: "sizes wrong", message: `${seen} where ${what} were wanted, as "1532 1204"` };
}

export const isPair = (read: [number, number] | Fault): read is [number, number] =>
  Array.isArray(read);

const MAX_LEVEL = 26;

/** Of what was saved or added: as good as nothing, then a letter for each half unit of the logarithm, to a fifth of the object. */
const MAX_SAVED_LEVEL = 9;

/** "+D" for a percent saved, "-B" for 0.4 percent added, "+" for as good as nothing; a list that failed counts as the worst. */
export function printSaved(share: number | undefined): string {
  if (share === undefined) return `-${levelLetter(MAX_SAVED_LEVEL)}`;
  const level = Math.round(2 * Math.log1p(Math.abs(share) * 500));
  const sign = share < 0 && level > 0 ? "-" : "+";
  return sign + levelLetter(Math.min(MAX_SAVED_LEVEL, level));
}

/** All that `printSaved` may say. */
export const SAVED_WORDS: readonly string[] = ["+", "-"].flatMap((sign) =>
  Array.from({ length: MAX_SAVED_LEVEL }, (_, level) => sign + levelLetter(level + 1)),
);

/** "A" for 1 up to "Z"; nothing for 0. A letter, for digits are never merged with a word before them. */
export function levelLetter(level: number): string {
  if (!(level >= 0 && level <= MAX_LEVEL))
    throw new RangeError(`level ${level}; want one from 0 to ${MAX_LEVEL}`);
  return level === 0 ? "" : String.fromCharCode(64 + level);
}
