/**
 * How far one function's assembly is from another's: the least number of instructions to put in, take out or change, where an
 * instruction that differs in its operands alone costs half to one. Local labels are told by what stands at them.
 */

import { isLocal, labelOf, replaceLocals } from "../../tasks/assembly-text.ts";
import { canonicalLines } from "../same-code.ts";

/** Lines that count of cut-out assembly, as they are compared. */
export function comparedLines(assembly: string): string[] {
  const lines = canonicalLines(assembly).filter((line) => line !== "");
  const places = new Map<string, string>();
  for (const [at, line] of lines.entries()) {
    const label = labelOf(line);
    const next = lines.slice(at + 1).find((other) => labelOf(other) === undefined);
    if (label !== undefined) places.set(label, withoutLocals(next ?? "").replaceAll(" ", "_"));
  }
  return lines.map((line) => {
    const label = labelOf(line);
    if (label !== undefined) return isLocal(label) ? ".L:" : line;
    return replaceLocals(line, (local) => `.L<${places.get(local) ?? ""}>`);
  });
}

export const withoutLocals = (line: string): string => replaceLocals(line, () => ".L");

/** An edit distance (Levenshtein), over lines of comparedLines; 0 for equal ones. */
export function assemblyDistance(wanted: readonly string[], got: readonly string[]): number {
  const words = new Map([...wanted, ...got].map((line) => [line, line.split(/[\s,()]+/)]));
  let above = [...got.keys(), got.length];
  for (const [row, a] of wanted.entries()) {
    let left = row + 1;
    const current = [left];
    for (const [column, b] of got.entries()) {
      const changed = (above[column] ?? 0) + (a === b ? 0 : changeCost(words.get(a), words.get(b)));
      left = Math.min(changed, (above[column + 1] ?? 0) + 1, left + 1);
      current.push(left);
    }
    above = current;
  }
  return above[got.length] ?? 0;
}

/** 2 where the instruction is another: as much as taking one out and putting one in. */
function changeCost(a: readonly string[] = [], b: readonly string[] = []): number {
  if (a[0] !== b[0]) return 2;
  const operands = Math.max(a.length, b.length) - 1;
  const same = a.filter((word, at) => at > 0 && word === b[at]).length;
  return 0.5 + (0.5 * (operands - same)) / Math.max(1, operands);
}
