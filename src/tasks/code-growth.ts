/**
 * How long code gets, and how often it says the same. A model that has lost its way writes on and on, with a word changed now and then,
 * so that no loop is seen (endless.ts); true answers keep within bounds that the question's code sets.
 */

import { endsInFunction, lastLine } from "./ir-text.ts";

/** Counts of lines: all of them, and the most that are the same. */
export interface Extent {
  readonly lines: number;
  /** To the last character; of IR stores and calls alone, for what gives a value has its own name. */
  readonly same: number;
  /** Numbers aside; of assembly by their mnemonics. */
  readonly alike: number;
  /** Three in a row, so. */
  readonly threeAlike: number;
  /** Blocks of IR in a row of which each does nothing but go on to the next. */
  readonly empty: number;
}

/** What is allowed on top of the question's, and then how many times as much. */
const EXTRA: Extent = { lines: 8, same: 3, alike: 6, threeAlike: 6, empty: 2 };

/** What answers are: of emulation, by what is wanted, or of disassembly. */
export type Answered = "emulated ir" | "emulated assembly" | "disassembled";

/**
 * One true answer in a thousand is over one of them (40,000, 31,600 and 15,800 rows of training): loops that are unrolled. None of 3,690 of
 * emulation has more empty blocks than are allowed; those of disassembly are not bounded yet.
 */
const TIMES: Readonly<Record<Answered, Extent>> = {
  "emulated ir": { lines: 1.25, same: 1, alike: 1.25, threeAlike: 1.25, empty: 1 },
  "emulated assembly": { lines: 2.25, same: 4, alike: 2.25, threeAlike: 2.25, empty: 1 },
  "disassembled": { lines: 2.75, same: 1, alike: 2.25, threeAlike: 2.75, empty: Infinity },
};

/**
 * `asked`: of the question's code. `code`: an answer's first lines. The place of the last where it is one too many; undefined where it is
 * not, and where nothing can be said: in a line that is not whole, outside IR's bodies.
 */
export function firstOvergrowth(
  answered: Answered,
  asked: Extent,
  code: string,
): number | undefined {
  const isAssembly = answered === "emulated assembly";
  if (!code.endsWith("\n") || (!isAssembly && !endsInFunction(code))) return undefined;
  const there = isAssembly ? extentOfAssembly(code) : extentOfIr(code);
  const isOver = (what: keyof Extent): boolean =>
    there[what] > TIMES[answered][what] * (asked[what] + EXTRA[what]);
  const isTooMuch = (["lines", "same", "alike", "threeAlike", "empty"] as const).some(isOver);
  return isTooMuch ? lastLine(code) : undefined;
}

const EFFECT = /^(?:store|(?:tail )?call) /;

/** Of the bodies of all functions. */
export function extentOfIr(ir: string): Extent {
  const lines: string[] = [];
  let isInside = false;
  for (const line of ir.split("\n").slice(0, -1)) {
    if (line === "}") isInside = false;
    if (isInside) lines.push(line);
    if (line.startsWith("define ")) isInside = true;
  }
  const plain = lines.map((line) => line.replaceAll(/\d+/g, "0"));
  return extentOf(
    lines.filter((line) => EFFECT.test(line)),
    plain,
    emptyBlocks(lines),
  );
}

/** Of cleaned assembly (assembly.ts): its instructions. */
export function extentOfAssembly(assembly: string): Extent {
  const lines = assembly.split("\n").filter((line) => /^[a-z].*[^:]$/.test(line));
  return extentOf(
    lines,
    lines.map((line) => line.split(" ", 1)[0] ?? ""),
    0,
  );
}

const extentOf = (own: readonly string[], plain: readonly string[], empty: number): Extent => ({
  lines: plain.length,
  same: most(own),
  alike: most(plain),
  threeAlike: most(plain.slice(2).map((line, at) => `${plain[at]}\n${plain[at + 1]}\n${line}`)),
  empty,
});

/** Block N is empty where all it has is a branch to N + 1: nothing in it takes a number. */
function emptyBlocks(lines: readonly string[]): number {
  let [longest, run] = [0, 0];
  for (const [at, line] of lines.entries()) {
    const block = /^(\d+):/.exec(line)?.[1];
    if (block === undefined) continue;
    run = lines[at + 1] === `br label %${Number(block) + 1}` ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function most(lines: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
