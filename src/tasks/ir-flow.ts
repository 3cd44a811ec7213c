/**
 * Whether the blocks and values of a function that is still being written fit together: LLVM's parser takes any branch, any phi and any
 * name of a value to come, its verifier wants all of the function. Blocks and values have numbers, as in normal form, and every line
 * so far is one that LLVM's parser takes.
 *
 * Wrong is: a block that begins while another was announced and it was not; a phi that names a block twice, a block that ended without
 * coming here, or not all that did; a branch to the entry or to a block whose phis do not know of it, or away from where a phi
 * expects it; an end with announced blocks or values missing; a block without its label; a value that is not there where it is used (ir-uses.ts).
 */

import { type Flow, blockOf, flowFrom, isGiven, isWhole } from "./ir-blocks.ts";
import { wrongUse } from "./ir-uses.ts";

const LABEL = /^(\d+):/;
const PHI = / = phi /;
const INCOMING = /, %(\d+) \]/g;
const TARGET = /\blabel %(\d+)/g;
const TERMINATOR =
  /^ *(?:%\d+ = )?(?:br|switch|ret|unreachable|invoke|callbr|resume|indirectbr|cleanupret|catchret|catchswitch)\b/;
const HEAD = /^define /;

/** The place of the first character that is wrong in the last function of `text`, which is whole lines; undefined where all may yet come right. */
export function firstFlowError(text: string): number | undefined {
  const start = text.lastIndexOf("\ndefine ") + 1;
  if (!text.startsWith("define ", start)) return undefined;
  let at = start;
  let flow: Flow | undefined;
  for (const line of text.slice(start).split("\n").slice(0, -1)) {
    if (HEAD.test(line)) flow = flowFrom(line);
    else if (line === "}") {
      return flow === undefined || (isWhole(flow) && isGiven(flow)) ? undefined : at;
    } else if (flow !== undefined) {
      const wrong = stepOver(flow, line);
      if (wrong !== undefined) return at + wrong;
    }
    at += line.length + 1;
  }
  return undefined;
}

/** The place in the line that is wrong. */
function stepOver(flow: Flow, line: string): number | undefined {
  const label = LABEL.exec(line)?.[1];
  if (label !== undefined) return begin(flow, label);
  if (isBehindTerminator(flow)) return 0;
  const wrong = wrongUse(flow, line);
  if (wrong !== undefined) return wrong;
  if (PHI.test(line)) return phi(flow, line);
  if (flow.open === undefined && !TERMINATOR.test(line)) return undefined;
  return terminate(flow, line);
}

/** LLVM's parser begins a block there; in normal form each has its label. */
const isBehindTerminator = ({ open, current }: Flow): boolean =>
  open === undefined && current.targets !== undefined;

function begin(flow: Flow, number: string): number | undefined {
  const { blocks, announced } = flow;
  if (!announced.has(number) && !isWhole(flow)) return 0;
  flow.current = blockOf(number);
  blocks.set(number, flow.current);
  return undefined;
}

function phi({ blocks, announced, current }: Flow, line: string): number | undefined {
  const mentions = [...line.matchAll(INCOMING)];
  const from = mentions.map(([, number = ""]) => number);
  for (const [index, { index: at }] of mentions.entries()) {
    const number = from[index] ?? "";
    const targets = blocks.get(number)?.targets;
    const times = from.slice(0, index + 1).filter((other) => other === number).length;
    const edges = targets?.filter((target) => target === current.number).length;
    if (times > (edges ?? 1)) return at + ", ".length;
    announced.add(number);
  }
  const missing = [...blocks.values()].some(
    ({ number, targets }) => targets?.includes(current.number) === true && !from.includes(number),
  );
  current.phis.push(from);
  return missing ? line.length : undefined;
}

function terminate(flow: Flow, line: string): number | undefined {
  const { blocks, announced, current } = flow;
  const targets = flow.open ?? [];
  for (const { 1: number = "", index } of line.matchAll(TARGET)) {
    const phis = blocks.get(number)?.phis ?? [];
    if (number === flow.entry) return index;
    if (phis.some((from) => !from.includes(current.number))) return index;
    targets.push(number);
    announced.add(number);
  }
  flow.open = isOpen(line, flow.open !== undefined) ? targets : undefined;
  if (flow.open !== undefined) return undefined;
  current.targets = targets;
  const expected = [...blocks.values()].filter(({ phis }) =>
    phis.some((from) => from.includes(current.number)),
  );
  return expected.every(({ number }) => targets.includes(number)) ? undefined : line.length;
}

/** `switch` goes on to its bracket, `invoke` and `callbr` to where they go. */
function isOpen(line: string, isFurther: boolean): boolean {
  if (/\bswitch\b.*\[$/.test(line)) return true;
  const goesOn = isFurther || /^ *(?:%\d+ = )?(?:invoke|callbr)\b/.test(line);
  return goesOn && !/^ *\]|\bto label\b/.test(line);
}
