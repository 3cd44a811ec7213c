/**
 * Slips in IR that a model wrote, mended where only one meaning is left, so that an answer is not lost to a miscount:
 *
 * - Numbered values and blocks get names: LLVM wants numbers without gaps and in order, and reads names in any. A number that is given
 *   twice means, from there on, the later value. Blocks that are mentioned by numbers of none are those that nobody mentions, in their
 *   order. Uses of the entry block's number, which is never written, find it. Values that are used and never given are the nearest
 *   of those that are given and never used.
 * - The length of an array is that of the string or list it is given.
 * - Metadata that is not there is not mentioned. (LLVM itself reads attribute groups that are not there as empty.)
 * - Variables and declarations that come again are told once.
 * - Comdats that are mentioned and not there are there, of the usual kind.
 * - Functions that are called and not there are declared as they are called, and other symbols as data of another object.
 *
 * What comes out is as much to be checked as what went in. Normal form is expected: one line for everything but bodies (ir-text.ts).
 */

import { type Call, callIn } from "./ir-call.ts";
import { bracketEnd, namesIn, replaceOutsideStrings, splitAtCommas, symbolIn } from "./ir-text.ts";

/** The text itself where nothing is to be mended. */
export function repairIr(text: string): string {
  const lines = withNames(text.split("\n")).map(withLength);
  const defined = new Set(lines.flatMap((line) => DEFINES.exec(line)?.[1] ?? []));
  const known = withoutRepeats(lines).map((line) => withoutUnknown(line, defined));
  return [...known.filter((line, at) => line !== "" || at === 0), ...declared(known), ""].join(
    "\n",
  );
}

export interface Mended<T> {
  readonly read: T;
  /** What was read: the text, or what was made of it. */
  readonly text: string;
  readonly isMended: boolean;
}

/** IR as it was written where `read` takes it, else mended where it takes that; the failure is that of the text as written. */
export async function readMended<T extends { readonly status: string }>(
  text: string,
  read: (text: string) => Promise<T>,
): Promise<Mended<T>> {
  const first = await read(text);
  if (first.status !== "invalid") return { read: first, text, isMended: false };
  const mended = repairIr(text);
  const second = await read(mended);
  return second.status === "ok"
    ? { read: second, text: mended, isMended: true }
    : { read: first, text, isMended: false };
}

/** Metadata that a line defines. */
const DEFINES = /^(!\d+) = /;

/** Lines of bodies with names for numbers. */
function withNames(lines: readonly string[]): string[] {
  let names: Names | undefined;
  return lines.flatMap((line) => {
    if (line.startsWith("define ")) {
      names = namesOf(lines, line);
      return [names.rename(line), ...names.entry];
    }
    if (names === undefined) return [line];
    const renamed = names.rename(line);
    if (line === "}") names = undefined;
    return [renamed];
  });
}

interface Names {
  readonly rename: (line: string) => string;
  /** The entry block's label, where it is mentioned. */
  readonly entry: readonly string[];
}

const NUMBERED = /%(\d+)/g;
const GIVEN = /^%(\d+) = /;
const LABEL = /^(\d+):/;
/** Mentions of blocks; the second operand of a phi's pair is one. */
const BLOCK = /\blabel %(\d+)|, %(\d+)(?= \])/g;

function namesOf(lines: readonly string[], head: string): Names {
  const start = lines.indexOf(head);
  const end = lines.indexOf("}", start);
  const body = lines.slice(start + 1, end < 0 ? undefined : end);
  const entry = String(head.match(NUMBERED)?.length ?? 0);
  const blocks = blocksOf(body, entry);
  const again = new Map<string, number>();
  const seen = new Set<string>();
  const values = valuesOf(body, head);
  const valueOf = (number: string): string => {
    const found = values.get(number) ?? number;
    const times = again.get(found) ?? 0;
    return times === 0 ? `%v${found}` : `%v${found}.${times}`;
  };
  const blockOf = (number: string): string => `%b${blocks.get(number) ?? number}`;
  const uses = (line: string): string =>
    replaceOutsideStrings(line, (text) =>
      text
        .replaceAll(BLOCK, (mention, ...[afterLabel, inPhi]: string[]) =>
          mention.replace(/%\d+/, blockOf(afterLabel ?? inPhi ?? "")),
        )
        .replaceAll(NUMBERED, (_, number: string) => valueOf(number)),
    );
  return {
    entry: blocks.has(entry) ? [`b${blocks.get(entry)}:`] : [],
    rename(line) {
      const label = LABEL.exec(line)?.[1];
      if (label !== undefined) return `b${label}:`;
      const number = GIVEN.exec(line)?.[1];
      if (number === undefined) return uses(line);
      const rest = uses(line.slice(number.length + 1));
      if (seen.has(number)) again.set(number, (again.get(number) ?? 0) + 1);
      seen.add(number);
      return valueOf(number) + rest;
    },
  };
}

/**
 * Which block a number means. Where as many numbers are mentioned without a block as there are blocks that nobody mentions, the writer
 * miscounted the values in between: they belong together in their order. The entry block is its own number.
 */
function blocksOf(body: readonly string[], entry: string): Map<string, string> {
  const there = new Set(body.flatMap((line) => LABEL.exec(line)?.[1] ?? []));
  const mentioned = new Set(
    body.flatMap((line) => [...line.matchAll(BLOCK)].map((found) => found[1] ?? found[2] ?? "")),
  );
  const inOrder = (numbers: Iterable<string>): string[] =>
    [...numbers].toSorted((a, b) => Number(a) - Number(b));
  const lost = inOrder(mentioned).filter((number) => number !== entry && !there.has(number));
  const idle = inOrder(there).filter((number) => !mentioned.has(number));
  const blocks = new Map([...mentioned].map((number) => [number, number]));
  if (lost.length === idle.length)
    for (const [index, number] of lost.entries()) blocks.set(number, idle[index] ?? number);
  return there.has(entry) ? new Map([...blocks].filter(([number]) => number !== entry)) : blocks;
}

/** Values that are used and not given, each with the number of the nearest that is given and not used: what comes later was miscounted. */
function valuesOf(body: readonly string[], head: string): Map<string, string> {
  const given = new Set(head.match(/%\d+/g)?.map((name) => name.slice(1)));
  const used = new Set<string>();
  const results: string[] = [];
  for (const line of body) {
    const result = GIVEN.exec(line)?.[1];
    if (result !== undefined) results.push(result);
    const rest = line.slice(result === undefined ? 0 : result.length + 1);
    replaceOutsideStrings(rest, (text) => {
      for (const [, number = ""] of text.replaceAll(BLOCK, "").matchAll(NUMBERED)) used.add(number);
      return text;
    });
  }
  for (const result of results) given.add(result);
  const idle = new Set(results.filter((number) => !used.has(number)));
  const values = new Map<string, string>();
  for (const number of [...used].filter((name) => !given.has(name))) {
    const apart = (other: string): number => Math.abs(Number(other) - Number(number));
    const [nearest] = [...idle].toSorted((a, b) => apart(a) - apart(b));
    if (nearest === undefined) break;
    values.set(number, nearest);
    idle.delete(nearest);
  }
  return values;
}

const ARRAY = / \[(\d+) x ([^[\]]+)\] (?=c"|\[)/;

/** IR whose arrays are as long as what they are given; as many lines as before. */
export const withLengths = (text: string): string => text.split("\n").map(withLength).join("\n");

/** A global whose initialiser is one array. */
function withLength(line: string): string {
  if (!line.startsWith("@")) return line;
  const found = ARRAY.exec(line);
  if (found === null) return line;
  const [head, , element = ""] = found;
  const at = found.index + head.length;
  const length = line.charAt(at) === "c" ? stringLength(line, at + 2) : elementCount(line, at);
  return `${line.slice(0, found.index)} [${length} x ${element}] ${line.slice(at)}`;
}

function stringLength(line: string, start: number): number {
  const text = line.slice(start, line.indexOf('"', start));
  return text.replaceAll(/\\[0-9A-Fa-f]{2}|\\\\/g, "?").length;
}

const elementCount = (line: string, at: number): number =>
  splitAtCommas(line.slice(at + 1, bracketEnd(line, at) - 1)).length;

/** Without mentions of metadata that no line defines; metadata itself goes with what it wants. */
function withoutUnknown(line: string, defined: ReadonlySet<string>): string {
  if (line.startsWith("!")) {
    const mentioned = namesIn(line).filter((name) => /^!\d/.test(name));
    return mentioned.every((name) => defined.has(name)) ? line : "";
  }
  return replaceOutsideStrings(line, (part) =>
    part.replaceAll(/,? ![-\w.$\\]+ (!\d+)\b/g, (mention, name: string) =>
      defined.has(name) ? mention : "",
    ),
  );
}

/** A variable or a declaration that comes again is told once. */
function withoutRepeats(lines: readonly string[]): string[] {
  const seen = new Set(lines.filter((line) => line.startsWith("define ")).map(symbolIn));
  return lines.filter((line) => {
    if (!/^(?:declare |@)/.test(line)) return true;
    const isNew = !seen.has(symbolIn(line));
    seen.add(symbolIn(line));
    return isNew;
  });
}

/** Declarations of symbols that are mentioned and not there. */
function declared(lines: readonly string[]): string[] {
  const heads = lines.filter((line) => /^(?:define |declare |@)/.test(line));
  const there = new Set(heads.map(symbolIn));
  const missing = new Map<string, string>();
  for (const line of lines) {
    const call = callIn(line);
    if (call && !there.has(call.callee) && !missing.has(call.callee))
      missing.set(call.callee, declarationFor(call));
  }
  const names = lines.flatMap((line) => namesIn(line));
  const comdats = lines.flatMap((line) => comdatOf(line) ?? []);
  for (const name of comdats)
    if (!lines.some((line) => line.startsWith(`${name} = `)))
      missing.set(name, `${name} = comdat any`);
  for (const name of names.filter((one) => one.startsWith("@")))
    if (!there.has(name) && !missing.has(name) && !name.startsWith("@llvm."))
      missing.set(name, `${name} = external global i8`);
  return [...missing.values()];
}

/** The comdat of a definition; a bare `comdat` is that of its own name. */
function comdatOf(line: string): string | undefined {
  if (!/^(?:define |@)/.test(line)) return undefined;
  const [, named] = /\bcomdat(?:\((\$[^)]+)\))?/.exec(line.replaceAll(/c?"[^"]*"/g, "")) ?? [];
  if (named !== undefined) return named;
  return /\bcomdat\b/.test(line) ? symbolIn(line).replace("@", "$") : undefined;
}

function declarationFor({ callee, result, signature, types }: Call): string {
  const parameters = signature ?? `(${types.map((type) => type ?? "ptr").join(", ")})`;
  return `declare ${result} ${callee}${parameters}`;
}
