/** What is wrong with IR while it is being written and LLVM's parser does not see: blocks that do not fit, and lines without end. */

import { loopAtEnd, type LoopBounds, OF_DATA } from "./endless.ts";
import { firstFlowError } from "./ir-flow.ts";
import { blank, endsInFunction, lastLine } from "./ir-text.ts";

/** Of a line of a body, where a phi or an index list repeats itself. True lines do so less often. */
const IN_BODY: LoopBounds = { repeats: 16, characters: 96 };
const OF_LINES: LoopBounds = { repeats: 12, characters: 512 };

/** Longer than any number or name has in a row. */
const MANY_DIGITS = /\d{32,}$/;

/**
 * `text` in normal form, the last line perhaps unfinished. The place of the first character that is wrong; undefined where all may yet
 * come right.
 */
export function firstSlip(text: string): number | undefined {
  const end = text.lastIndexOf("\n") + 1;
  if (end === text.length) return firstFlowError(text) ?? unknownType(text) ?? endlessLine(text);
  const digits = MANY_DIGITS.exec(text)?.index;
  if (digits !== undefined) return digits + 1;
  const loop = loopAtEnd(text.slice(end), endsInFunction(text) ? IN_BODY : OF_DATA);
  return loop && end + loop.at;
}

/** The last line, where it goes on with a loop of lines. */
const endlessLine = (text: string): number | undefined =>
  loopAtEnd(text, OF_LINES) === undefined ? undefined : lastLine(text);

const STRING = /"[^"]*"/g;
/** Values have numbers, types a T before them. */
const TYPE_MENTION = /%[A-Za-z_$.][-\w$.]*/g;
const TYPE_NAME = /^%T\d+$/;
const TYPE_LINE = /^%T\d+ = type /;

/**
 * Types come first, also where bodies come before all else (bare-ir.ts); LLVM tells of one that is not there at the very end. One that
 * types mention is missed where they are over.
 */
function unknownType(text: string): number | undefined {
  const start = lastLine(text);
  const line = text.slice(start).replaceAll(STRING, blank);
  const isTypes = TYPE_LINE.test(line);
  const isThere = (name: string): boolean => `\n${text}`.includes(`\n${name} = type `);
  for (const { 0: name, index } of line.matchAll(TYPE_MENTION))
    if (!TYPE_NAME.test(name) || !(isTypes || isThere(name))) return start + index;
  const before = text.slice(0, start);
  if (isTypes || !TYPE_LINE.test(before.slice(lastLine(before)))) return undefined;
  return before.match(TYPE_MENTION)?.every(isThere) === false ? start : undefined;
}
