/**
 * The beginning of a function that is too long, made into a function that LLVM takes: blocks that are cut off become
 * `unreachable`, and values that only they had become `poison`. Wants the normal form, whose values and labels are
 * numbered in the order of the text.
 */

import { namesIn, replaceOutsideStrings } from "./ir-text.ts";

const LABEL = /^(\d+):$/;
/** An instruction that surely begins at its line, and that a block need not have to be whole. */
const INSTRUCTION = /^(?:%\d+ = (?!landingpad)|store |call |tail call |fence )/;

/** Where a function may be cut: how many of its lines `excerpt` may keep, in rising order. */
export function cutPoints(lines: readonly string[]): number[] {
  const isPoint = (line = ""): boolean => INSTRUCTION.test(line) || LABEL.test(line);
  return lines.flatMap((line, at) => (at > 0 && isPoint(line) ? [at] : []));
}

interface Kept {
  readonly values: ReadonlySet<string>;
  /** Of blocks that still end as they did. */
  readonly blocks: ReadonlySet<string>;
}

/**
 * The first `count` lines of a function, one of its `cutPoints`. `types`: the module's type names, some of which may look
 * like values (`%0`).
 */
export function excerpt(
  lines: readonly string[],
  count: number,
  types: ReadonlySet<string> = new Set(),
): string[] {
  const kept = lines.slice(0, count);
  const isBlockWhole = LABEL.test(lines[count] ?? "") && count > 1;
  const labels = [entryOf(kept[0] ?? ""), ...kept.flatMap((line) => LABEL.exec(line)?.[1] ?? [])];
  const values = [
    ...parametersOf(kept[0] ?? ""),
    ...kept.flatMap((line) => /^(%\d+) = /.exec(line)?.[1] ?? []),
    ...types,
  ];
  const whole: Kept = {
    values: new Set(values),
    blocks: new Set((isBlockWhole ? labels : labels.slice(0, -1)).map((label) => `%${label}`)),
  };
  const body = kept.map((line, at) => (at === 0 ? line : withoutMissing(line, whole)));
  const missing = new Set(kept.flatMap(targetsOf).filter((label) => !labels.includes(label)));
  const pads = new Set(kept.flatMap((line) => /unwind label %(\d+)/.exec(line)?.[1] ?? []));
  const stubs: string[] = [];
  for (const label of [...missing].toSorted((a, b) => Number(a) - Number(b)))
    stubs.push(`${label}:`, ...(pads.has(label) ? PAD : []), "unreachable");
  return [...body, ...(isBlockWhole ? [] : ["unreachable"]), ...stubs, "}"];
}

/** What an exception must land on. */
const PAD = ["landingpad { ptr, i32 }", "cleanup"];

const parametersOf = (define: string): string[] =>
  namesIn(define).filter((name) => /^%\d+$/.test(name));

/** The entry block has no label line; its number follows the parameters'. */
const entryOf = (define: string): string =>
  `${Math.max(-1, ...parametersOf(define).map((name) => Number(name.slice(1)))) + 1}`;

const targetsOf = (line: string): string[] =>
  [...line.matchAll(/\blabel %(\d+)/g)].map(([, label = ""]) => label);

function withoutMissing(line: string, kept: Kept): string {
  const [, value, type, incoming] = PHI.exec(line) ?? [];
  if (value !== undefined && type !== undefined && incoming !== undefined) {
    const pairs = incoming.match(/\[ .*?, %\d+ \]/g) ?? [];
    const live = pairs.filter((pair) => kept.blocks.has(/(%\d+) \]$/.exec(pair)?.[1] ?? ""));
    if (live.length === 0) return `${value} = select i1 poison, ${type} poison, ${type} poison`;
    return `${value} = phi ${type} ${live.map((pair) => withPoison(pair, kept)).join(", ")}`;
  }
  return withPoison(line, kept);
}

const PHI =
  /^(%\d+) = phi (?:(?:nnan|ninf|nsz|arcp|contract|afn|reassoc|fast) )*(.+?) (\[ .*\])(?:, !.*)?$/;

const withPoison = (text: string, { values, blocks }: Kept): string =>
  replaceOutsideStrings(text, (part) =>
    part.replaceAll(/(?<!label |blockaddress\(@[^ ,]+, )%\d+(?![-\w.$])/g, (name) =>
      values.has(name) || blocks.has(name) ? name : "poison",
    ),
  );
