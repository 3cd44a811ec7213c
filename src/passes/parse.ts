// Reads the text of `opt -passes=`. The grammar is LLVM's own (PassBuilder::parsePipelineText):
// only `,` `(` and `)` divide the text, whatever stands between `<` and `>`, so parameters cannot
// contain those three. Two differences: white space around a name is allowed, since people and
// models write it, and `print` leaves it out; what LLVM would reject later (empty names, an
// unclosed `<`) is rejected here with its position.

import type { Mistake, PassList, PassNode } from "./tree.ts";

export type ParseResult =
  | { readonly ok: true; readonly list: PassList; readonly offsets: Map<PassNode, number> }
  | { readonly ok: false; readonly mistake: Mistake };

/** Stock pipelines nest five deep; the bound keeps a hostile text from exhausting the stack. */
export const MAX_PASS_DEPTH = 32;

const NAME = /^[A-Za-z0-9_.-]+$/;

interface Open {
  readonly header: PassNode;
  readonly offset: number;
  readonly position: number;
  readonly nodes: PassNode[];
}

export function parsePassList(text: string): ParseResult {
  try {
    return new Parser(text).run();
  } catch (error) {
    if (error instanceof ParseMistake) return { ok: false, mistake: error.mistake };
    throw error;
  }
}

class ParseMistake extends Error {
  readonly mistake: Mistake;
  constructor(position: number, message: string, mend: string) {
    super(message);
    this.mistake = { position, message, mend };
  }
}

class Parser {
  readonly #text: string;
  readonly #offsets = new Map<PassNode, number>();
  readonly #top: PassNode[] = [];
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): ParseResult {
    let at = 0;
    for (;;) {
      const end = this.#nextSeparator(at);
      const separator = this.#text[end];
      const header = readHeader(this.#text, at, end);
      if (separator === "(") {
        this.#push(header, end);
        at = end + 1;
        continue;
      }
      this.#add(header.node, header.offset);
      at = separator === ")" ? this.#close(end) : end;
      if (at >= this.#text.length) break;
      at += 1;
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) {
      throw new ParseMistake(
        unclosed.position,
        `"(" of ${unclosed.header.name} is never closed`,
        'add ")" where its passes end',
      );
    }
    return { ok: true, list: this.#top, offsets: this.#offsets };
  }

  /**
   * Closes as many levels as there are `)` in a row, and gives the position of the comma after
   * them, or the end.
   */
  #close(from: number): number {
    let at = from;
    while (this.#text[at] === ")") {
      const open = this.#open.pop();
      if (!open) throw new ParseMistake(at, '")" without a "(" before it', 'take this ")" away');
      this.#add({ ...open.header, body: open.nodes }, open.offset);
      at = skipSpace(this.#text, at + 1);
    }
    if (at < this.#text.length && this.#text[at] !== ",") {
      throw new ParseMistake(at, 'expected "," or ")" after ")"', 'put "," between two passes');
    }
    return at;
  }

  #push(header: { node: PassNode; offset: number }, position: number): void {
    if (this.#open.length >= MAX_PASS_DEPTH) {
      throw new ParseMistake(
        position,
        `nested more than ${MAX_PASS_DEPTH} deep`,
        "take adaptors away",
      );
    }
    this.#open.push({ header: header.node, offset: header.offset, position, nodes: [] });
  }

  #add(node: PassNode, offset: number): void {
    (this.#open.at(-1)?.nodes ?? this.#top).push(node);
    this.#offsets.set(node, offset);
  }

  #nextSeparator(from: number): number {
    for (let at = from; at < this.#text.length; at++) {
      if (",()".includes(this.#text.charAt(at))) return at;
    }
    return this.#text.length;
  }
}

function readHeader(text: string, from: number, end: number): { node: PassNode; offset: number } {
  const offset = skipSpace(text, from);
  const header = text.slice(offset, end).trimEnd();
  if (header === "" || offset >= end) throw missingName(text, from, end);
  const angle = header.indexOf("<");
  const name = angle < 0 ? header : header.slice(0, angle);
  if (!NAME.test(name)) throw badName(name, offset);
  if (angle < 0) return { node: { name }, offset };
  if (!header.endsWith(">")) {
    throw new ParseMistake(
      offset + angle,
      `"<" of ${name} is never closed`,
      'close the parameters with ">"; they are separated by ";" and contain no "," "(" ")"',
    );
  }
  const params = header.slice(angle + 1, -1);
  const space = params.search(/\s/);
  if (space >= 0) {
    const message = `white space in the parameters of ${name}`;
    throw new ParseMistake(offset + angle + 1 + space, message, "take it away");
  }
  return { node: { name, params }, offset };
}

function missingName(text: string, from: number, end: number): ParseMistake {
  if (text.trim() === "")
    return new ParseMistake(0, "the pass list is empty", "name at least one pass");
  const before = text[from - 1];
  const after = text[end];
  if (before === "(" && after === ")") {
    const mend = "name a pass there, or take the adaptor away";
    return new ParseMistake(from, 'nothing between "(" and ")"', mend);
  }
  const mend = before === "," ? 'take the "," before it away, or name a pass' : "name a pass";
  return new ParseMistake(Math.min(from, text.length), "a pass name is missing", mend);
}

function badName(name: string, offset: number): ParseMistake {
  if (name === "")
    return new ParseMistake(offset, 'a pass name is missing before "<"', "name a pass");
  const bad = name.search(/[^A-Za-z0-9_.-]/);
  const character = name.charAt(bad);
  return /\s/.test(character)
    ? new ParseMistake(offset + bad, "white space in a pass name", 'separate passes with ","')
    : new ParseMistake(
        offset + bad,
        `${JSON.stringify(character)} in a pass name`,
        'names have letters, digits, "-", "_" and "."',
      );
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}
