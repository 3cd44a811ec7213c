/**
 * Assembly that is still being written, as assembly.ts cleans it: where it breaks what that promises. No line is empty, and none is without
 * end. Labels are no numbers, and are defined once; local ones are numbered by kind in the order of their first mention, and each is defined and mentioned elsewhere.
 */

import { type LoopBounds, OF_DATA, loopAtEnd } from "./endless.ts";
import { isLocal, labelOf, replaceLocals } from "./assembly-text.ts";

/** Of a line that is not whole. */
const OF_OPERANDS: LoopBounds = { repeats: 12, characters: 64 };
const NUMBER_LABEL = /^\d+:/;
const COMMON = /^\.l?comm ([^ ,]+),/;
const KIND = /^(\.L[A-Z]?)(\d+)$/;

/** The place of the first character that is wrong; the text's length where it cannot be the end. */
export function firstAssemblySlip(text: string, isEnd: boolean): number | undefined {
  const mentions = new Map<string, number>();
  const counts = new Map<string, number>();
  const defined = new Set<string>();
  const isNext = (label: string): boolean => {
    const [, kind = "", number] = KIND.exec(label) ?? [];
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return number === String(count);
  };
  let start = 0;
  for (const line of text.split("\n").slice(0, isEnd ? undefined : -1)) {
    if ((line === "" && start < text.length) || NUMBER_LABEL.test(line)) return start;
    const label = labelOf(line);
    if (label !== undefined && defined.has(label)) return start;
    const given = label ?? COMMON.exec(line)?.[1];
    if (given !== undefined) defined.add(given);
    let wrong: number | undefined;
    for (const { local, at } of localsIn(line)) {
      if (!mentions.has(local) && !isNext(local)) wrong ??= at;
      mentions.set(local, (mentions.get(local) ?? 0) + 1);
    }
    if (wrong !== undefined) return start + wrong;
    start += line.length + 1;
  }
  const loop = isEnd ? undefined : loopAtEnd(text.slice(start), boundsOf(text.charAt(start)));
  if (loop !== undefined) return start + loop.at;
  const isWhole = [...mentions].every(([local, times]) => defined.has(local) && times > 1);
  return isEnd && !isWhole ? text.length : undefined;
}

const boundsOf = (first: string): LoopBounds => (/[a-z]/.test(first) ? OF_OPERANDS : OF_DATA);

/** Symbols that the assembly defines. */
export const labelsIn = (text: string): string[] =>
  text
    .split("\n")
    .flatMap((line) => labelOf(line) ?? [])
    .filter((label) => !isLocal(label));

/** Local labels of a line with their places. */
function localsIn(line: string): { local: string; at: number }[] {
  const found: { local: string; at: number }[] = [];
  let from = 0;
  replaceLocals(line, (local) => {
    const at = line.indexOf(local, from);
    from = at + local.length;
    found.push({ local, at });
    return local;
  });
  return found;
}
