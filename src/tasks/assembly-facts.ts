/**
 * What the assembly of one function says for certain about the IR it was made from: which symbols it mentions, and the words of its
 * strings. Of 4,319 functions of the training corpus it contradicts seven, most of them for strings that became numbers.
 */

/** Calls that become others: comparisons of memory, fortified functions, personalities. */
const RENAMED = /^(?:bcmp|__\w+_chk|__\w+_personality_v\d|llvm\..*|\.\d+)$/;
/** Mentions of one symbol, for each in the assembly; code that is the same in several places is merged. */
const MANY_TIMES = 8;

const SYMBOL = /@(?:"([^"]*)"|([-\w.$]+))/g;
const STRING = /\bc"([^"]*)"/g;
/** What IR and assembly write the same stands between escapes. */
const ESCAPE = /\\(?:[0-9A-F]{2}|\\)/g;
const LEAST_WORDS = 4;

/**
 * `ir`: the first lines of what the function's assembly was made from. The place of the first character that the assembly contradicts, a
 * symbol or a word of a string; undefined where there is none.
 */
export function firstContradiction(assembly: string, ir: string): number | undefined {
  const start = ir.search(/^define /m);
  if (start < 0) return undefined;
  const end = ir.indexOf("\n}\n", start);
  const foreign = foreignSymbol(assembly, ir.slice(start, end < 0 ? undefined : end));
  if (foreign !== undefined) return start + foreign;
  return end < 0 ? undefined : foreignWords(assembly, ir);
}

function foreignSymbol(assembly: string, body: string): number | undefined {
  const times = new Map<string, number>();
  for (const { 1: quoted, 2: plain, index } of body.matchAll(SYMBOL)) {
    const name = quoted ?? plain ?? "";
    if (RENAMED.test(name)) continue;
    const seen = (times.get(name) ?? 0) + 1;
    times.set(name, seen);
    if (seen > MANY_TIMES * mentions(assembly, name)) return index;
  }
  return undefined;
}

function mentions(text: string, name: string): number {
  let count = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) count++;
  return count;
}

function foreignWords(assembly: string, ir: string): number | undefined {
  for (const { 1: content = "", index } of ir.matchAll(STRING)) {
    let at = index + 'c"'.length;
    for (const words of content
      .replaceAll(ESCAPE, (escape) => "\n".repeat(escape.length))
      .split("\n")) {
      if (words.length >= LEAST_WORDS && !assembly.includes(words)) return at;
      at += words.length + 1;
    }
  }
  return undefined;
}
