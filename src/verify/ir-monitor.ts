/**
 * Judges IR that is still being written. LLVM's own parser does most of it: it reads a module from the front and stops at the first
 * error, so text that merely ends too soon is wrong at its end and nowhere else. Types, operands, redefinitions and numbers that are
 * given twice are found where they stand; what a later line may still define (blocks, values ahead, symbols) is not wrong yet. What its verifier would say
 * of blocks and values once all is there, ir-slips.ts says as early as it can be said.
 */

import { indexOfPlace } from "../base/text-place.ts";
import type { Pool } from "../llvm/pool.ts";
import { withLengths } from "../tasks/ir-repair.ts";
import { callIn } from "../tasks/ir-call.ts";
import { firstSlip } from "../tasks/ir-slips.ts";
import { lastLine } from "../tasks/ir-text.ts";

/**
 * `text`: a module in normal form from its first line, the last line perhaps unfinished. The place of the first character that is wrong
 * whatever follows, of those behind the characters that stand; undefined where there is none.
 */
export async function firstWrong(
  pool: Pool,
  text: string,
  stands = 0,
): Promise<number | undefined> {
  return firstOf(
    stands,
    await firstErrorIn(pool, text),
    await firstUnknownIntrinsic(pool, text),
    firstSlip(text),
  );
}

/**
 * Of places that several judges found wrong. What stands was judged when less was known: a fault in it that comes to light later must not
 * hide those behind it.
 */
export function firstOf(
  stands: number,
  ...places: readonly (number | undefined)[]
): number | undefined {
  const found = places.filter((place) => place !== undefined).filter((place) => place >= stands);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Of types, metadata, symbols at the end of what is there, and of values at the end of a function; after all else. */
const MAY_COME = "error: use of undefined ";
/** What LLVM says where a function is not at its end yet. */
const GOES_ON = "found end of file when expecting more instructions";
/** A line of an instruction that takes several. */
const OPEN_LINE = /\bswitch\b.*\[$|^ *i\d+ -?\d+, label %\S+$|\b(?:invoke|callbr)\b/;
const PLACE = /:(\d+):(\d+): error/;

/** What LLVM refuses; nothing is said while a line is not whole, and a worker that died says nothing either. */
async function firstErrorIn(pool: Pool, text: string): Promise<number | undefined> {
  if (!text.endsWith("\n")) return undefined;
  // Lengths of arrays are made right before anyone reads an answer, in the same lines.
  const read = await pool.read(Buffer.from(withLengths(text)));
  if (read.status !== "invalid" || read.message.includes(MAY_COME)) return undefined;
  const [, line, column] = PLACE.exec(read.message) ?? [];
  if (line === undefined || column === undefined) return undefined;
  const lines = text.split("\n");
  // Behind the last line's end is where the module goes on, if all of that line is there.
  if (Number(line) >= lines.length) {
    const isWhole = read.message.includes(GOES_ON) || OPEN_LINE.test(lines.at(-2) ?? "");
    return isWhole ? undefined : text.length - 1;
  }
  return indexOfPlace(text, { line: Number(line), column: Number(column) });
}

/**
 * LLVM tells at the end of a module of an intrinsic that there is none of, or not with such operands; here where it is called, by a
 * module of this call alone.
 */
async function firstUnknownIntrinsic(pool: Pool, text: string): Promise<number | undefined> {
  if (!text.endsWith("\n")) return undefined;
  const start = lastLine(text);
  const call = callIn(text.slice(start));
  if (!call?.callee.startsWith("@llvm.") || !call.types.every(isPlain)) return undefined;
  const { result, callee, types, at } = call;
  const operands = types.map((type, index) => `${type} %a${index}`).join(", ");
  const given = result === "void" ? "" : "%r = ";
  const body = `${given}call ${result} ${callee}(${operands})\nret void\n`;
  const read = await pool.read(Buffer.from(`define void @f(${operands}) {\n${body}}\n`));
  return read.status === "invalid" ? start + at : undefined;
}

/** Said without a type of the module's. */
const isPlain = (type: string | undefined): boolean => type !== undefined && !type.includes("%");
