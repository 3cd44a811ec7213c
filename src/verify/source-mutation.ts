/**
 * Other programs out of a C program: some of its decimal constants changed. The result may be wrong C, may fail its own
 * checks or run into undefined behaviour; `readyProgram` and UBSan sort these out.
 */

import type { Rng } from "../base/rng.ts";

const MAX_CHANGES = 4;
/** Numbers in code lines: not in preprocessor lines, strings, characters or names. */
const NUMBER = /(?<![\w."'\\])\d{1,9}(?![\w."'])/g;

export function mutateSource(source: string, rng: Rng): string {
  const lines = source.split("\n");
  const places = lines.flatMap((line, at) =>
    isCode(line)
      ? [...line.matchAll(NUMBER)].map(({ index, 0: text }) => ({ at, index, text }))
      : [],
  );
  const chosen = rng.shuffle(places).slice(0, 1 + rng.int(MAX_CHANGES));
  // From the end of each line, so that earlier places stay right.
  for (const { at, index, text } of chosen.toSorted((a, b) => b.index - a.index)) {
    const line = lines[at] ?? "";
    lines[at] = line.slice(0, index) + other(Number(text), rng) + line.slice(index + text.length);
  }
  return lines.join("\n");
}

function isCode(line: string): boolean {
  return !/^\s*(?:#|\/\/|\*)/.test(line) && !line.includes('"');
}

function other(value: number, rng: Rng): number {
  return rng.pick([
    value + 1,
    Math.max(0, value - 1),
    value * 2,
    value >> 1,
    0,
    1,
    1 << rng.int(16),
    (1 << rng.int(16)) - 1,
  ]);
}
