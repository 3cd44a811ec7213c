/**
 * Assembly as LLVM prints it (AT&T syntax for x86_64), read into lines: comments, indentation and doubled white space
 * gone. A *local* label begins with `.L`: it reaches no symbol table.
 */

import type { Architecture } from "./dialect.ts";

const COMMENT: Readonly<Record<Architecture, string>> = { x86_64: "#.*", aarch64: "//.*" };
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

/** Not in the middle of another name. */
const LOCAL = /(?<![\w.$])\.L[\w.$]+/g;
const SYMBOL = /(?<![\w.$%])[A-Za-z_.][\w.$]*/g;
const LABEL = /^([A-Za-z_.$][\w.$]*|"(?:[^"\\]|\\.)*"):$/;

/** Lines without comments; the empty ones are left out. */
export function readAssembly(text: string, architecture: Architecture): string[] {
  const noise = new RegExp(`(${STRING})|\\s+|${COMMENT[architecture]}`, "g");
  const clean = (line: string): string =>
    line
      .replace(noise, (match, string?: string) => string ?? (/^\s/.test(match) ? " " : ""))
      .trim();
  return text
    .split("\n")
    .map(clean)
    .filter((line) => line !== "");
}

/** The label that a line defines, as it is written; undefined where it defines none. */
export const labelOf = (line: string): string | undefined => LABEL.exec(line)?.[1];

export const isLocal = (label: string): boolean => label.startsWith(".L");

const outsideStrings = (line: string, change: (part: string) => string): string =>
  line.includes('"')
    ? line
        .split(new RegExp(`(${STRING})`))
        .map((part, index) => (index % 2 === 1 ? part : change(part)))
        .join("")
    : change(line);

export function replaceLocals(line: string, rename: (label: string) => string): string {
  return line.includes(".L")
    ? outsideStrings(line, (part) => part.replaceAll(LOCAL, rename))
    : line;
}

/** Everything in a line that may be a symbol: local labels, names, quoted names; mnemonics among them. */
export function symbolsIn(line: string): string[] {
  const found: string[] = line.match(new RegExp(STRING, "g")) ?? [];
  outsideStrings(line, (part) => {
    found.push(...(part.match(SYMBOL) ?? []));
    return part;
  });
  return found;
}

/** A switch to another section. */
export const isSection = (line: string): boolean =>
  /^\.(?:section|text|data|bss|pushsection|popsection|previous)(?: |$)/.test(line);
