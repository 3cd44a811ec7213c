/**
 * What a question says for certain about the IR of its answer: which symbols there are, and the words of strings. The assembly of one
 * function contradicts seven of 4,319 true answers of the training corpus, most of them for strings that became numbers.
 */

import type { CodeTask } from "./endless.ts";

const INTRINSIC_OR_CONSTANT = /^(?:llvm\..*|\.\d+)$/;
/** What passes make: cheaper functions of the C library, and functions of their own. */
export const MADE_BY_PASSES =
  /^(?:bcmp|calloc|fputc|fputs|fwrite|memchr|putchar|puts|stpcpy|strlen|outlined_ir_func_\d+|.*\.\w+)$/;
/** Symbols that the question need not have. */
const OWN: Readonly<Record<CodeTask, RegExp>> = {
  /** What becomes another call: comparisons of memory, fortified functions; and personalities. */
  disassemble: /^(?:bcmp|__\w+_chk|__\w+_personality_v\d)$/,
  emulate: MADE_BY_PASSES,
};
/** Mentions of one symbol, for each in the question; code that is the same in several places is merged, and loops are unrolled. */
const MANY_TIMES = 8;

const SYMBOL = /@(?:"([^"]*)"|([-\w.$]+))/g;
const STRING = /\bc"([^"]*)"/g;
/** What IR and assembly write the same stands between escapes. */
const ESCAPE = /\\(?:[0-9A-F]{2}|\\)/g;
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
  const start = ir.search(/^define /m);
  if (start < 0) return undefined;
  const end = ir.indexOf("\n}\n", start);
  const foreign = foreignSymbol(task, question, ir.slice(start, end < 0 ? undefined : end));
  return foreign === undefined ? foreignWords(question, ir) : start + foreign;
}

function foreignSymbol(task: CodeTask, question: string, body: string): number | undefined {
  const times = new Map<string, number>();
  for (const { 1: quoted, 2: plain, index } of body.matchAll(SYMBOL)) {
    const name = quoted ?? plain ?? "";
    if (INTRINSIC_OR_CONSTANT.test(name) || OWN[task].test(name)) continue;
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
    let at = index + 'c"'.length;
    for (const words of content
      .replaceAll(ESCAPE, (escape) => "\n".repeat(escape.length))
      .split("\n")) {
      if (words.length >= LEAST_WORDS && !question.includes(words)) return at;
      at += words.length + 1;
    }
  }
  return undefined;
}
