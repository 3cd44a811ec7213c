/** Whether values are there where they are used: each is given before, in a block that every way to the use goes through. */

import { type Flow, isReachedWithout } from "./ir-blocks.ts";
import { blank } from "./ir-text.ts";

const GIVES = /^ *%(\d+) = /;
const STRING_OR_LABEL = /"[^"]*"|\blabel %\d+/g;
const USED = /%(\d+)\b/g;
const PHI_PAIR = /\[ ([^\]]*?), %(\d+) \]/g;

/**
 * The place in a line that uses what is not there; a phi may name what comes later. That of its own value where a phi has it from a block
 * that can be reached past this one.
 */
export function wrongUse(flow: Flow, line: string): number | undefined {
  const gives = GIVES.exec(line);
  const start = gives?.[0].length ?? 0;
  const wrong = / = phi /.test(line) ? wrongInPhi(flow, line) : wrongPlain(flow, line, start);
  if (gives?.[1] === undefined) return wrong;
  flow.givenIn.set(gives[1], flow.current.number);
  return wrong ?? (isPassedBy(flow, gives[1]) ? line.indexOf("%") : undefined);
}

/** Of the value that is given in the current block. */
function isPassedBy(flow: Flow, value: string): boolean {
  const { number } = flow.current;
  const from = flow.awaited.get(value) ?? [];
  return from.some((block) => block !== number && isReachedWithout(flow, block, number));
}

/** As long as the line, with blanks for strings and labels. */
const masked = (line: string): string => line.replaceAll(STRING_OR_LABEL, blank);

function wrongPlain(flow: Flow, line: string, start: number): number | undefined {
  for (const { 1: number = "", index } of masked(line).matchAll(USED)) {
    if (index < start || flow.arguments.has(number)) continue;
    const from = flow.givenIn.get(number);
    if (from === undefined || isReachedWithout(flow, flow.current.number, from)) return index;
  }
  return undefined;
}

function wrongInPhi(flow: Flow, line: string): number | undefined {
  for (const { 0: pair, 1: value = "", 2: block = "", index } of line.matchAll(PHI_PAIR)) {
    for (const { 1: number = "", index: at } of value.matchAll(USED)) {
      const from = flow.givenIn.get(number);
      if (from === undefined && !flow.arguments.has(number))
        flow.awaited.set(number, [...(flow.awaited.get(number) ?? []), block]);
      if (from !== undefined && from !== block && isReachedWithout(flow, block, from))
        return index + pair.indexOf(value) + at;
    }
  }
  return undefined;
}
