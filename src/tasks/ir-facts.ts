/**
 * What a question says for certain about the IR of its answer: which symbols there are, and the words of strings; of emulation types, too.
 * The assembly of one function contradicts seven of 4,319 true answers of the training corpus, most of them for strings that became
 * numbers; IR contradicts none of 1,507 of emulation.
 */

import type { CodeTask } from "./endless.ts";
import { blank } from "./ir-text.ts";

const INTRINSIC_OR_CONSTANT = /^(?:llvm\..*|\.\d+)$/;
/** What passes make: cheaper functions of the C library, functions and tables of their own. */
const MADE_BY_PASSES =
  /^(?:bcmp|calloc|fputc|fputs|fwrite|memchr|putchar|puts|stpcpy|strlen|outlined_ir_func_\d+|(?:switch\.table|reltable)\..*)$/;
/** What becomes another call: comparisons of memory, fortified functions; and personalities. */
const MADE_BY_CODE_GENERATION = /^(?:bcmp|__\w+_chk|__\w+_personality_v\d)$/;
/** Symbols that the question need not have. */
const OWN: Readonly<Record<CodeTask, (question: string, name: string) => boolean>> = {
  disassemble: (_, name) => MADE_BY_CODE_GENERATION.test(name),
  emulate: isMadeByPasses,
};
/** Mentions of one symbol, for each in the question; code that is the same in several places is merged, and loops are unrolled. */
const MANY_TIMES = 8;

/** Comdats too. */
const SYMBOL = /[@$](?:"([^"]*)"|([-\w.$]+))/g;
/** Perhaps without its end. */
const STRING = /\bc"([^"]*)(?:"|$)/g;
/** What IR and assembly write the same stands between escapes; the last may not be whole. */
const ESCAPE = /\\(?:[0-9A-F]{2}|\\|[0-9A-F]?$)/g;
const LEAST_WORDS = 4;

/**
 * `ir`: the first lines of an answer's. The place of the first character that the question's code contradicts, a symbol or a word of a
 * string; undefined where there is none.
 */
export function firstContradiction(
  task: CodeTask,
  question: string,
  ir: string,
): number | undefined {
  const [start, end] = PLACES_OF_SYMBOLS[task](ir);
  const symbol = foreignSymbol(task, question, ir.slice(start, end).replaceAll(STRING, blank));
  const places = [
    symbol === undefined ? undefined : start + symbol,
    foreignWords(question, ir),
    task === "emulate" ? foreignType(question, ir) : undefined,
  ].filter((place) => place !== undefined);
  return places.length === 0 ? undefined : Math.min(...places);
}

/** Where all symbols are the question's. The IR of assembly declares what the code does not mention: types of callees' arguments, aliases. */
const PLACES_OF_SYMBOLS: Readonly<Record<CodeTask, (ir: string) => [number, number]>> = {
  disassemble(ir) {
    const start = ir.search(/^define /m);
    const end = start < 0 ? -1 : ir.indexOf("\n}\n", start);
    return [start < 0 ? ir.length : start, end < 0 ? ir.length : end];
  },
  emulate: (ir) => [0, ir.length],
};

function foreignSymbol(task: CodeTask, question: string, body: string): number | undefined {
  const times = new Map<string, number>();
  for (const { 1: quoted, 2: plain, index } of body.matchAll(SYMBOL)) {
    const name = quoted ?? plain ?? "";
    if (INTRINSIC_OR_CONSTANT.test(name) || OWN[task](question, name)) continue;
    const seen = (times.get(name) ?? 0) + 1;
    times.set(name, seen);
    if (seen > MANY_TIMES * mentions(question, name)) return index;
  }
  return undefined;
}

function mentions(text: string, name: string): number {
  let count = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) count++;
  return count;
}

function foreignWords(question: string, ir: string): number | undefined {
  for (const { 1: content = "", index } of ir.matchAll(STRING)) {
    const at = firstForeignWord(question, content, ESCAPE);
    if (at !== undefined) return index + 'c"'.length + at;
  }
  return undefined;
}

const TYPE_LINE = /^(%T\d+ = type )(.*)$/gm;
const unnumbered = (types: string): string => types.replaceAll(/%T\d*/g, "%T");

/** Passes make no types: each is one of the question's, but for the numbers, which are given anew. */
function foreignType(question: string, ir: string): number | undefined {
  const known = [...question.matchAll(TYPE_LINE)].map(([, , body = ""]) => unnumbered(body));
  for (const { 0: line, 1: head = "", 2: body = "", index } of ir.matchAll(TYPE_LINE)) {
    const isWhole = index + line.length < ir.length;
    if (isWhole && known.includes(unnumbered(body))) continue;
    const isBegun = (length: number): boolean =>
      known.some((one) => one.startsWith(unnumbered(body.slice(0, length))));
    let length = body.length;
    while (length > 0 && !isBegun(length)) length--;
    if (isWhole || length < body.length) return index + head.length + length;
  }
  return undefined;
}

/** The place in a string where what stands between its escapes begins to be another than all that the question has. */
export function firstForeignWord(
  question: string,
  content: string,
  escape: RegExp,
): number | undefined {
  let at = 0;
  for (const words of content.replaceAll(escape, (text) => "\n".repeat(text.length)).split("\n")) {
    if (words.length >= LEAST_WORDS && !question.includes(words))
      return at + sharedWith(question, words);
    at += words.length + 1;
  }
  return undefined;
}

/** Characters that a text begins with and that stand in the question. */
export function sharedWith(question: string, text: string): number {
  let length = text.length;
  while (length > 0 && !question.includes(text.slice(0, length))) length--;
  return length;
}

/** A symbol of passes' own, or one of the question's IR with something behind a dot. */
export function isMadeByPasses(ir: string, name: string): boolean {
  const [base = ""] = name.split(".", 1);
  return MADE_BY_PASSES.test(name) || (base !== name && hasSymbol(ir, base));
}

/** As a function, a variable or a comdat. */
export function hasSymbol(ir: string, name: string): boolean {
  const literal = name.replaceAll(/\W/g, String.raw`\$&`);
  return name !== "" && new RegExp(String.raw`[@$]"?${literal}(?![\w$])`).test(ir);
}
