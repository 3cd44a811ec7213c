/** Merges that make a token of every group of two and of three digits, whichever of its pairs is joined first. */

import { byteId, type Merge } from "./vocabulary.ts";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** The tokens that they make follow the bytes: 00 to 99, then 000 to 999. */
export function digitMerges(specials: readonly string[]): Merge[] {
  const one = (digit: number): number => byteId(0x30 + digit, specials);
  const firstOfTwo = specials.length + 256;
  const two = (first: number, second: number): number => firstOfTwo + 10 * first + second;
  const pairs = DIGITS.flatMap((a) => DIGITS.map((b): Merge => [one(a), one(b)]));
  const triples = (merge: (a: number, b: number, c: number) => Merge): Merge[] =>
    DIGITS.flatMap((a) => DIGITS.flatMap((b) => DIGITS.map((c) => merge(a, b, c))));
  return [
    ...pairs,
    ...triples((a, b, c) => [two(a, b), one(c)]),
    ...triples((a, b, c) => [one(a), two(b, c)]),
  ];
}
