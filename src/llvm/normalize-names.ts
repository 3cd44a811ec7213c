/**
 * Which names of a module change in normal form, and to what. A name that is seen outside the module is never
 * touched; nor is one that module or inline assembly or an attribute mentions, or one that names a comdat.
 */

import { type ModuleText, replaceTokens } from "./normalize-sections.ts";

/**
 * Longer names of internal symbols and of TBAA types are replaced: mangled C++, nearly all of them; the names of C
 * functions, which tell a reader something, are shorter. On 17 C++ modules limits of 16, 24, 32, 48 and none leave 6.10,
 * 6.11, 6.12, 6.13 and 6.33 million characters; on 107 C modules 3.09, 3.10, 3.10, 3.10 and 3.10.
 */
export const MAX_NAME_CHARS = 32;

export interface SymbolNames {
  /** Token as LLVM prints it (`@.str.3`) → token in normal form (`@.0`); symbols that keep theirs are not in it. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Tokens of all private and internal symbols. */
  readonly local: ReadonlySet<string>;
}

interface Definition {
  readonly token: string;
  readonly linkage: "private" | "internal" | "external";
  readonly isFunction: boolean;
  readonly namesComdat: boolean;
}

const SYMBOL = /@(?:"[^"]*"|[-\w.$]+)/;

export interface Numbering {
  /** The key's name; the next free one where it has none yet. */
  readonly of: (key: string) => string;
  /** Grows while it is walked through. */
  readonly all: ReadonlyMap<string, string>;
}

/** Names for keys in the order in which they are first asked for; names that are `taken` are left out. */
export function numbered(
  nameAt: (index: number) => string,
  taken: ReadonlySet<unknown> = new Set(),
): Numbering {
  const all = new Map<string, string>();
  let next = 0;
  const add = (key: string): string => {
    let name = nameAt(next++);
    while (taken.has(name)) name = nameAt(next++);
    all.set(key, name);
    return name;
  };
  return { of: (key) => all.get(key) ?? add(key), all };
}

export function symbolNames(module: ModuleText): SymbolNames {
  const definitions = symbolDefinitions(module);
  const mentioned = foreignText(module);
  const changing = definitions.filter(
    (symbol) => losesName(symbol) && !mentioned.includes(bare(symbol.token)),
  );
  const changed = new Set(changing.map(({ token }) => token));
  const taken = new Set(
    definitions.map(({ token }) => token).filter((token) => !changed.has(token)),
  );
  const names = {
    constant: numbered((index) => `@.${index}`, taken),
    variable: numbered((index) => `@v.${index}`, taken),
    function: numbered((index) => `@f.${index}`, taken),
  };
  return {
    renamed: new Map(
      changing.map((symbol) => [symbol.token, names[roleOf(symbol)].of(symbol.token)]),
    ),
    local: new Set(
      definitions.filter(({ linkage }) => linkage !== "external").map(({ token }) => token),
    ),
  };
}

function symbolDefinitions(module: ModuleText): Definition[] {
  const heads = [
    ...module.globals.map((line) => ({ line, isFunction: false })),
    ...module.functions.map(({ lines: [line = ""] }) => ({ line, isFunction: true })),
  ];
  return heads.map(({ line, isFunction }) => ({
    token: SYMBOL.exec(line)?.[0] ?? "",
    linkage: linkageOf(line),
    isFunction,
    namesComdat: / comdat(?: |,|$)/.test(line),
  }));
}

function linkageOf(line: string): Definition["linkage"] {
  const word = /^(?:define|@(?:"[^"]*"|\S+) =) (private|internal) /.exec(line)?.[1];
  return word === "private" || word === "internal" ? word : "external";
}

function losesName({ token, linkage, namesComdat }: Definition): boolean {
  if (namesComdat || /^@\d+$/.test(token)) return false;
  return linkage === "private" || (linkage === "internal" && bare(token).length > MAX_NAME_CHARS);
}

function roleOf({ linkage, isFunction }: Definition): "constant" | "variable" | "function" {
  if (isFunction) return "function";
  return linkage === "private" ? "constant" : "variable";
}

const bare = (token: string): string => token.slice(1).replaceAll('"', "");

/** What may name a symbol without LLVM knowing: assembly, and attributes such as "vector-function-abi-variant". */
function foreignText({ header, functions, attributes }: ModuleText): string {
  const assembly = functions.flatMap(({ lines }) => lines.filter((line) => / asm /.test(line)));
  const strings: string[] = [];
  for (const line of [...header, ...assembly, ...attributes.values()]) {
    replaceTokens(line, (token) => {
      if (token.startsWith('"')) strings.push(token);
      return token;
    });
  }
  return strings.join("\n");
}

/** The symbol as the linker sees it: `@"a\20b"` → `a b`. */
export function symbolOf(token: string): string {
  if (!token.startsWith('@"')) return token.slice(1);
  const bytes = token
    .slice(2, -1)
    .replaceAll(/\\([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, "latin1").toString();
}

/** The symbol that a `define` line defines, as a token. */
export const definedSymbol = (line: string): string => SYMBOL.exec(line)?.[0] ?? "";

/** `!{!"name", !parent, i64 0, ...}`: a type in the form clang's TBAA has; its name tells it from its equals. */
const TBAA_TYPE = /^!\{!"([^"]*)"(?:, !\d+, i64 \d+)+\}$/;

/** Gives a TBAA type node's body a short name (`t.0`) where it has a long one; the nodes must come in their order. */
export function tbaaShortener(metadata: ReadonlyMap<string, string>): (body: string) => string {
  const names = [...metadata.values()].map((body) => TBAA_TYPE.exec(body)?.[1]);
  const short = numbered((index) => `t.${index}`, new Set(names));
  return (body) => {
    const name = TBAA_TYPE.exec(body)?.[1];
    return name === undefined || name.length <= MAX_NAME_CHARS
      ? body
      : body.replace(`"${name}"`, () => `"${short.of(name)}"`);
  };
}
