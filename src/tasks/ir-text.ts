/**
 * A small reader of LLVM-IR text in normal form, for cutting modules apart: top-level lines by the name they define, and
 * the names that a line mentions. `tasks` is pure and may not import `llvm`, whose normalize-sections.ts reads what
 * LLVM's printer writes; this one reads only what the normal form is: no comments, no indentation, a body from `define`
 * to a lone `}`, one line for everything else.
 */

export interface IrModule {
  /** Target and data layout. Module assembly is left out: it would define symbols that a part does not have. */
  readonly header: readonly string[];
  /** `%T0`, `$c`, `#0`, `!0`: the whole line by the name that it defines. */
  readonly named: ReadonlyMap<string, string>;
  /** Variables, aliases, ifuncs: the whole line by its symbol. */
  readonly globals: ReadonlyMap<string, string>;
  /** All lines of a defined function by its symbol, in module order. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
  readonly declarations: ReadonlyMap<string, string>;
  /** `!llvm.module.flags = ...`; other named metadata is of no use in a part. */
  readonly flags: readonly string[];
}

/** A symbol as IR writes it: `@f`, `@"a b"`. */
const SYMBOL = /@(?:"[^"]*"|[-\w.$]+)/;
/** Strings are seen whole, so that what they hold is no name. */
const TOKEN = /c?"[^"]*"|[@%$](?:"[^"]*"|[-\w.$]+)|!(?:"[^"]*"|\d+)|#\d+/g;
const DEFINED = /^(?:attributes )?([%$#!](?:"[^"]*"|[-\w.$]+)) = /;

export const symbolIn = (line: string): string => SYMBOL.exec(line)?.[0] ?? "";

/** Whether the first lines of a module end within a function; its `}` is one whole line. */
export const endsInFunction = (text: string): boolean =>
  `\n${text}`.lastIndexOf("\ndefine ") > text.lastIndexOf("\n}\n");

/** Where the last of whole lines begins. */
export const lastLine = (text: string): number => text.lastIndexOf("\n", text.length - 2) + 1;

/** Names that a line mentions, its own among them; strings are none. */
export function namesIn(line: string): string[] {
  return (line.match(TOKEN) ?? []).filter((token) => !/^c?"/.test(token));
}

/** What takes the place of what is not to be looked at, where places are to stay. */
export const blank = (text: string): string => " ".repeat(text.length);

/** The text of a part or of all of a module, outside strings. */
export function replaceOutsideStrings(line: string, change: (text: string) => string): string {
  return line
    .split(/("[^"]*")/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join("");
}

/** Any attachment: those of an instruction end its line. */
const ATTACHMENT = /,? !(?![0-9])[-\w.$\\]+ !\d+/g;

/** A line without what metadata hangs on it: `, !tbaa !4`. */
export const withoutAttachments = (line: string): string =>
  line.includes(" !") ? replaceOutsideStrings(line, (text) => text.replace(ATTACHMENT, "")) : line;

/** Lines of no known kind are left out. */
export function readIr(text: string): IrModule {
  const header: string[] = [];
  const flags: string[] = [];
  const named = new Map<string, string>();
  const globals = new Map<string, string>();
  const functions = new Map<string, string[]>();
  const declarations = new Map<string, string>();
  let body: string[] | undefined;
  for (const line of text.split("\n")) {
    if (body) {
      body.push(line);
      if (line === "}") body = undefined;
    } else if (line.startsWith("define ")) {
      body = [line];
      functions.set(symbolIn(line), body);
    } else if (line.startsWith("declare ")) declarations.set(symbolIn(line), line);
    else if (line.startsWith("@")) globals.set(symbolIn(line), line);
    else if (line.startsWith("target ")) header.push(line);
    else if (line.startsWith("!llvm.module.flags = ")) flags.push(line);
    else {
      const [, name] = DEFINED.exec(line) ?? [];
      if (name !== undefined) named.set(name, line);
    }
  }
  return { header, named, globals, functions, declarations, flags };
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** Where the bracket that opens at `at` is closed: the index after it. Strings in between are skipped. */
export function bracketEnd(text: string, at: number): number {
  const open: string[] = [];
  for (let index = at; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') index = text.indexOf('"', index + 1);
    if (index < 0) break;
    const closing = CLOSING[character];
    if (closing !== undefined) open.push(closing);
    else if (character === open.at(-1)) open.pop();
    if (open.length === 0) return index + 1;
  }
  return text.length;
}

/** Trimmed; commas in brackets and strings do not count. */
export function splitAtCommas(text: string): string[] {
  if (text.trim() === "") return [];
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = Math.max(at, text.indexOf('"', at + 1));
    else if ("([{<".includes(character)) at = bracketEnd(text, at) - 1;
    else if (character === ",") {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}
