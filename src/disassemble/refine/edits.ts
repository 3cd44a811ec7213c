/**
 * Small changes of one line of IR, without a model: what an answer that is nearly right has wrong most often. Most of them are no IR
 * that LLVM takes or give other code; the compiler says so in milliseconds.
 */

import { blank } from "../../tasks/ir-text.ts";

/** Values that stand nearest before the line, of those that can take an operand's place. */
const MAX_VALUES = 12;
/** Of those that may be stored, and stored to. */
const MAX_STORED = 6;

const BINARY = [
  "add",
  "sub",
  "mul",
  "and",
  "or",
  "xor",
  "shl",
  "lshr",
  "ashr",
  "sdiv",
  "udiv",
  "srem",
  "urem",
];
const PREDICATES = ["eq", "ne", "slt", "sgt", "sle", "sge", "ult", "ugt", "ule", "uge"];
const CASTS = ["zext", "sext"];
const INTEGERS = ["i8", "i16", "i32", "i64"];
const TYPES = [...INTEGERS, "ptr"];
const ALTERNATIVES: readonly (readonly string[])[] = [BINARY, PREDICATES, CASTS];

const TYPE = String.raw`(?:ptr|i\d+|float|double|half|<\d+ x \w+>)`;
const TYPED_VALUE = new RegExp(String.raw`\b(${TYPE}) (%\d+)\b`, "g");
const VALUE = /%\d+\b/g;
const ARGUMENT = /(\w+)(?: [a-z]+(?:\(\w+\))?)* (%\d+)/g;
const NUMBER = /(?<![\w%@#.!<-])-?\d+\b(?! x )/g;

export interface Line {
  /** Of an answer in normal form. */
  readonly lines: readonly string[];
  readonly at: number;
  /** Numbers that the wanted code has. */
  readonly numbers: readonly number[];
}

/** Other lines in its place, "" for none at all; each once, without the line itself. */
export function editsOf({ lines, at, numbers }: Line): string[] {
  const line = lines[at] ?? "";
  const result = /^%\d+ = /.exec(line)?.[0] ?? "";
  const rest = line.slice(result.length);
  const values = valuesBefore(lines, at);
  const edits = new Set<string>([
    ...words(rest),
    ...turned(rest),
    ...operands(rest, values),
    ...otherNumbers(rest, numbers),
  ]);
  const other = [...edits].filter((edit) => edit !== rest).map((edit) => result + edit);
  return isTerminator(rest) ? other : [...other, ""];
}

/**
 * The whole with another type for what a line gives, its result or a function's argument, there and where it is used with its type.
 * What that makes of other operands is for LLVM to refuse.
 */
export function retypedFrom({ lines, at }: Pick<Line, "lines" | "at">): (readonly string[])[] {
  const end = lines.indexOf("}", at);
  const change = (value: string, from: string, to: string): readonly string[] => {
    const use = new RegExp(String.raw`\b${from}((?: [a-z]+)*) ${value}(?!\d)`, "g");
    return lines.map((line, index) => {
      if (index < at || (end >= 0 && index > end)) return line;
      const used = line.replaceAll(use, `${to}$1 ${value}`);
      return index === at ? ofType(used, from, to) : used;
    });
  };
  return given(lines[at] ?? "").flatMap(({ value, type }) =>
    TYPES.filter((other) => other !== type).map((other) => change(value, type, other)),
  );
}

/** What a line gives, with the types that it tells. */
function given(line: string): { value: string; type: string }[] {
  const known = (type: string | undefined): type is string => TYPES.includes(type ?? "");
  if (line.startsWith("define "))
    return [...line.matchAll(ARGUMENT)].flatMap(([, type, value = ""]) =>
      known(type) ? [{ value, type }] : [],
    );
  const [, value = "", type] = /^(%\d+) = (?:load|phi|(?:tail )?call) (\w+)\b/.exec(line) ?? [];
  return known(type) ? [{ value, type }] : [];
}

/** The line that gives a result, with another type for it; alignment is that of the type, where none is told. */
const ofType = (line: string, from: string, to: string): string =>
  line
    .replace(new RegExp(String.raw`( = (?:load|phi|(?:tail )?call) )${from}\b`), `$1${to}`)
    .replace(/( = load .*), align \d+$/, "$1");

/** Stores to put before a line: what an answer most often forgot that nothing else would miss. */
export function storesBefore({ lines, at, numbers }: Line): string[] {
  const values = [...valuesBefore(lines, at)].slice(-MAX_STORED);
  const pointers = values.flatMap(([value, type]) => (type === "ptr" ? [value] : []));
  const constants = [0, ...numbers].flatMap((one) => INTEGERS.map((type) => `${type} ${one}`));
  const known = values.flatMap(([value, type]) => (type === undefined ? [] : [`${type} ${value}`]));
  return pointers.flatMap((pointer) =>
    [...new Set([...constants, ...known])].map((stored) => `store ${stored}, ptr ${pointer}`),
  );
}

const isTerminator = (rest: string): boolean => /^(?:br|ret|switch|unreachable)\b/.test(rest);

/** Opcodes, predicates, and the type that is loaded. */
function* words(rest: string): Generator<string> {
  for (const kind of ALTERNATIVES)
    for (const { 0: word, index } of rest.matchAll(/\b[a-z]+\b/g))
      if (kind.includes(word))
        for (const other of kind) yield replaceAt(rest, { index, length: word.length, by: other });
  const loaded = /^load (\w+),/.exec(rest)?.[1];
  for (const type of loaded === undefined ? [] : TYPES)
    yield rest.replace(/^load \w+/, `load ${type}`).replace(/, align \d+$/, "");
}

/** Ways the other way round, calls that are the function's last act or not. */
function* turned(rest: string): Generator<string> {
  yield rest.replace(/^(br i1 \S+, )(label %\d+), (label %\d+)$/, "$1$3, $2");
  yield rest.replace(/^(select i1 \S+, )(.*), (.*)$/, "$1$3, $2");
  yield rest.replace(/^(?:tail )?call /, (call) => (call === "call " ? "tail call " : "call "));
  yield rest.replace(/^ret .*$/, "unreachable");
}

/** A value by another, with that one's type where the type is told. */
function* operands(
  rest: string,
  values: ReadonlyMap<string, string | undefined>,
): Generator<string> {
  const near = [...values].slice(-MAX_VALUES);
  for (const { 0: typed, 1: type = "", index } of rest.matchAll(TYPED_VALUE))
    for (const [value, own] of near)
      yield replaceAt(rest, { index, length: typed.length, by: `${own ?? type} ${value}` });
  for (const { 0: name, index } of rest.replaceAll(/label %\d+/g, blank).matchAll(VALUE))
    for (const [value] of near) yield replaceAt(rest, { index, length: name.length, by: value });
}

/** Numbers by those of the wanted code, by these as an index of elements, and by their neighbours. */
function* otherNumbers(rest: string, numbers: readonly number[]): Generator<string> {
  const end = rest.search(/, align \d+$/);
  const part = end < 0 ? rest : rest.slice(0, end);
  for (const { 0: number, index } of part.matchAll(NUMBER)) {
    const own = Number(number);
    const others = new Set([own + 1, own - 1, -own, ...numbers.flatMap((one) => [one, -one])]);
    for (const size of [2, 4, 8])
      for (const one of numbers) if (one % size === 0) others.add(one / size);
    for (const other of others)
      if (Number.isSafeInteger(other) && other !== own)
        yield replaceAt(rest, { index, length: number.length, by: String(other) });
  }
}

const replaceAt = (
  text: string,
  { index, length, by }: { index: number; length: number; by: string },
): string => text.slice(0, index) + by + text.slice(index + length);

/** Arguments and results before a line of the last function, by their names; their types where the line tells. */
function valuesBefore(lines: readonly string[], at: number): Map<string, string | undefined> {
  const start = lines.slice(0, at + 1).findLastIndex((line) => line.startsWith("define "));
  const values = new Map<string, string | undefined>();
  for (const [index, line] of lines.slice(Math.max(0, start), at).entries()) {
    if (index === 0)
      for (const [, type = "", value = ""] of line.matchAll(ARGUMENT))
        values.set(value, new RegExp(`^${TYPE}$`).test(type) ? type : undefined);
    const [, value, rest = ""] = /^(%\d+) = (.*)$/.exec(line) ?? [];
    if (value !== undefined) values.set(value, typeOf(rest));
  }
  return values;
}

/** Of a result. */
function typeOf(rest: string): string | undefined {
  if (/^(?:icmp|fcmp) /.test(rest)) return "i1";
  if (/^(?:getelementptr|alloca) /.test(rest)) return "ptr";
  const cast = new RegExp(String.raw`^\w+ .* to (${TYPE})$`).exec(rest)?.[1];
  if (cast !== undefined) return cast;
  if (rest.startsWith("select ")) return new RegExp(String.raw`, (${TYPE}) `).exec(rest)?.[1];
  return new RegExp(String.raw`^(?:tail )?\w+ (?:[a-z]+ )*?(${TYPE})\b`).exec(rest)?.[1];
}
