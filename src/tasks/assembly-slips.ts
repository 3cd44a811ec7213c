/**
 * Assembly that is still being written, as assembly.ts cleans it: where it breaks what that promises. No line is empty. Labels are
 * defined once; local ones are numbered by kind in the order of their first mention, and each is defined and mentioned elsewhere.
 */

import { isLocal, labelOf, replaceLocals } from "./assembly-text.ts";

const COMMON = /^\.l?comm ([^ ,]+),/;
const KIND = /^(\.L[A-Z]?)(\d+)$/;

/** The place of the first character that is wrong, in whole lines; the text's length where it cannot be the end. */
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
    if (line === "" && start < text.length) return start;
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
  const isWhole = [...mentions].every(([local, times]) => defined.has(local) && times > 1);
  return isEnd && !isWhole ? text.length : undefined;
}

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
