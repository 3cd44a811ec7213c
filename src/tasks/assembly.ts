/**
 * Assembly as the model sees it: what `clang -S` writes, less what does not reach the code. assembly-cut.ts cuts single
 * functions out of it.
 *
 * What goes: comments; `.cfi_*`, `.file`, `.loc`, `.ident`, `.addrsig*`, `.size`, `.type` of functions and objects; debug
 * sections and `.note.GNU-stack`; labels that nothing mentions. Local labels are numbered anew by kind, in the order of
 * their first mention: `.L0` in code, `.LC0` constants, `.LJ0` jump tables, `.LT0` addresses taken, `.LD0` other data.
 * What stays assembles to the same sections, unwind tables aside.
 */

import { isLocal, isSection, labelOf, readAssembly, replaceLocals } from "./assembly-text.ts";
import { symbolsIn } from "./assembly-text.ts";
import type { Architecture } from "./dialect.ts";

const NOISE =
  /^\.(?:(?:cfi_\w+|file|loc|ident|addrsig|addrsig_sym|size)\b|type [^,]+, ?[@%](?:function|object)$)/;
const DEAD_SECTION = /^\.section "?\.(?:debug_|note\.GNU-stack|llvm_addrsig|comment)/;

/** All of a module. Cleaning twice is cleaning once. */
export function cleanAssembly(text: string, architecture: Architecture): string {
  return finished(withoutNoise(readAssembly(text, architecture)));
}

/** Lines of what is left before labels are looked at. */
export function withoutNoise(lines: readonly string[]): string[] {
  let isDead = false;
  const kept: string[] = [];
  for (const line of lines) {
    if (isSection(line)) isDead = DEAD_SECTION.test(line);
    if (!isDead && !NOISE.test(line)) kept.push(line);
  }
  return kept;
}

/** The text, without labels and switches of sections that nothing needs, and with labels numbered anew. */
export function finished(lines: readonly string[]): string {
  const used = new Set(lines.filter((line) => labelOf(line) === undefined).flatMap(symbolsIn));
  const isUseless = (line: string, at: number): boolean => {
    const label = labelOf(line);
    if (label !== undefined) return isLocal(label) && !used.has(label);
    return isSection(line) && isSwitchOver(line, lines[at + 1]);
  };
  const rename = localNames();
  const text = lines
    .filter((line, at) => !isUseless(line, at))
    .map((line) => replaceLocals(line, rename));
  return text.length === 0 ? "" : `${text.join("\n")}\n`;
}

/** Nothing stands between this switch of sections and the next. */
const isSwitchOver = (line: string, next: string | undefined): boolean =>
  !/^\.(?:push|pop|prev)/.test(line) &&
  (next === undefined || /^\.(?:section|text|data|bss)(?: |$)/.test(next));

/** Prefix of the new name by what the old one looks like; the new ones are among the old, so that they keep their kind. */
const KINDS: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^\.L(?:BB)?\d/, ".L"],
  [/^\.LCPI|^\.LC\d/, ".LC"],
  [/^\.LJTI|^\.LJ\d/, ".LJ"],
  [/^\.Ltmp|^\.Lfunc_|^\.LT\d/, ".LT"],
  [/^/, ".LD"],
];

function localNames(): (label: string) => string {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return (label) => {
    const known = names.get(label);
    if (known !== undefined) return known;
    const prefix = KINDS.find(([pattern]) => pattern.test(label))?.[1] ?? ".LD";
    const count = counts.get(prefix) ?? 0;
    counts.set(prefix, count + 1);
    names.set(label, `${prefix}${count}`);
    return `${prefix}${count}`;
  };
}
