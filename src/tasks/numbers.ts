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

/** Per mille: lists that double an object, and those that save most of it, are all alike. */
const SAVED_RANGE = { least: -100, most: 400 } as const;

/** "12" for 1.2 percent saved, "-4" for 0.4 percent added; a list that failed counts as the worst. */
export function printSaved(share: number | undefined): string {
  const { least, most } = SAVED_RANGE;
  const perMille = share === undefined ? least : Math.round(share * 1000);
  return `${Math.max(least, Math.min(most, perMille)) || 0}`; // `|| 0`: no minus before zero
}
