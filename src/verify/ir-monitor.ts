/**
 * Judges IR that is still being written. LLVM's own parser does most of it: it reads a module from the front and stops at the first error, so text
 * that merely ends too soon is wrong at its end and nowhere else. Types, operands, redefinitions and numbers that are given twice are
 * found where they stand; what a later line may still define (blocks, values ahead, symbols) is not wrong yet. What its verifier would say
 * of blocks and values once all is there, ir-slips.ts says as early as it can be said.
 */

import type { Pool } from "../llvm/pool.ts";
import { withLengths } from "../tasks/ir-repair.ts";
import { firstSlip } from "../tasks/ir-slips.ts";

/**
 * `text`: a module in normal form from its first line, the last line perhaps unfinished. The place of the first character that is wrong
 * whatever follows; undefined where there is none.
 */
export async function firstWrong(pool: Pool, text: string): Promise<number | undefined> {
  return newestOf(text, [await firstErrorIn(pool, withLengths(text)), firstSlip(text)]);
}

/**
 * Of places that several judges found wrong: the first one in the last of their lines. Text that grows by lines is wrong in its last one;
 * what was never defined in a function LLVM only tells at the function's end, and it stands further up.
 */
export function newestOf(
  text: string,
  places: readonly (number | undefined)[],
): number | undefined {
  const found = places.filter((place) => place !== undefined).toSorted((a, b) => a - b);
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const start = text.lastIndexOf("\n", last - 1) + 1;
  return found.find((place) => place >= start);
}

const PLACE = /:(\d+):(\d+): error/;

/** What LLVM refuses; nothing is said while a line is not whole, and a worker that died says nothing either. */
async function firstErrorIn(pool: Pool, text: string): Promise<number | undefined> {
  if (!text.endsWith("\n")) return undefined;
  const read = await pool.read(Buffer.from(text));
  if (read.status !== "invalid") return undefined;
  const [, line, column] = PLACE.exec(read.message) ?? [];
  if (line === undefined || column === undefined) return undefined;
  const lines = text.split("\n");
  const wrong = lines[Number(line) - 1];
  // Behind the last line's end is where the module goes on.
  if (wrong === undefined || Number(line) >= lines.length) return undefined;
  const start = lines.slice(0, Number(line) - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const within = Buffer.from(wrong)
    .subarray(0, Number(column) - 1)
    .toString().length;
  return start + Math.min(within, wrong.length);
}
