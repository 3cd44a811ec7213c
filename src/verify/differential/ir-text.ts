/**
 * What a driver must know of a module, read out of LLVM's own printed IR: functions with their parameters, globals,
 * who refers to whom. A reader of single lines as LLVM prints them, not a parser of IR. Pure.
 */

export interface Parameter {
  readonly type: string;
  /** "noundef byval(%struct.S) align 8" */
  readonly attributes: string;
}

export interface IrFunction {
  /** As in the text, with its @ and quotes. */
  readonly name: string;
  readonly isDefined: boolean;
  /** "" is external. */
  readonly linkage: string;
  readonly callingConvention: string;
  readonly returnType: string;
  readonly returnAttributes: string;
  readonly parameters: readonly Parameter[];
  readonly isVariadic: boolean;
  /** What stands behind the parameters, attribute groups written out. */
  readonly attributes: string;
  readonly body: readonly string[];
}

export interface IrGlobal {
  readonly name: string;
  readonly linkage: string;
  readonly isDefined: boolean;
  readonly isConstant: boolean;
  readonly isThreadLocal: boolean;
  /** Type and initialiser; the type alone when it is only declared. */
  readonly rest: string;
}

export interface IrModule {
  /** Data layout, triple and named types: what IR that speaks of this module needs. */
  readonly preamble: readonly string[];
  readonly functions: readonly IrFunction[];
  readonly globals: readonly IrGlobal[];
  readonly aliases: readonly string[];
}

const NAME = String.raw`@(?:"[^"]*"|[-\w$.]+)`;
const LINKAGE =
  "private|internal|available_externally|linkonce_odr|linkonce|weak_odr|weak|common|appending|extern_weak|external";
const GLOBAL = new RegExp(`^(${NAME}) = (?:(${LINKAGE}) )?(.*?)\\b(global|constant) (.*)$`);
const ALIAS = new RegExp(`^(${NAME}) = .*?\\b(?:alias|ifunc) `);
const HEAD = new RegExp(`^(define|declare) (.*?)(${NAME})\\((.*)$`);
const REFERENCE = new RegExp(NAME, "g");
const PARENTHESISED =
  /\b(?:range|dereferenceable|dereferenceable_or_null|nofpclass|align|captures|initializes)\([^()]*(?:\([^()]*\)[^()]*)*\)/g;
const WORD_ATTRIBUTES =
  /\b(?:dso_local|dso_preemptable|default|hidden|protected|dllimport|dllexport|noundef|zeroext|signext|inreg|noalias|nonnull|noext|align \d+)\b/g;
const CONVENTION =
  /\b(?:ccc|fastcc|coldcc|tailcc|swiftcc|swifttailcc|ghccc|preserve_\w+cc|x86_\w+cc|\w+_kernel|cc ?\d+)\b/;

/** Symbols that other modules can see and this one cannot drop. */
export const isExported = ({ linkage }: { linkage: string }): boolean =>
  !["private", "internal", "available_externally"].includes(linkage);

export function readIr(text: string): IrModule {
  const lines = text.split("\n");
  const groups = attributeGroups(lines);
  const module = {
    preamble: [] as string[],
    functions: [] as IrFunction[],
    globals: [] as IrGlobal[],
    aliases: [] as string[],
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.startsWith("target ") || /^%(?:"[^"]*"|\S+) = type /.test(line))
      module.preamble.push(line);
    else if (line.startsWith("@")) readGlobal(line, module);
    else if (line.startsWith("declare ") || line.startsWith("define ")) {
      const end = line.startsWith("define ") ? lines.indexOf("}", i) : i;
      const found = readHead(line, groups, lines.slice(i + 1, end));
      if (found !== undefined) module.functions.push(found);
      i = Math.max(i, end);
    }
  }
  return module;
}

function attributeGroups(lines: readonly string[]): Map<string, string> {
  const groups = lines.flatMap((line) => {
    const [, id, text] = /^attributes (#\d+) = \{ (.*) \}$/.exec(line) ?? [];
    return id === undefined || text === undefined ? [] : [[id, text] as const];
  });
  return new Map(groups);
}

function readGlobal(line: string, into: { globals: IrGlobal[]; aliases: string[] }): void {
  const alias = ALIAS.exec(line);
  const [, name, linkage = "", words = "", kind, rest = ""] = GLOBAL.exec(line) ?? [];
  if (alias?.[1] !== undefined && !/\b(?:global|constant) /.test(alias[0]))
    into.aliases.push(alias[1]);
  else if (name !== undefined) {
    into.globals.push({
      name,
      linkage,
      rest,
      isDefined:
        linkage !== "external" && linkage !== "extern_weak" && linkage !== "available_externally",
      isConstant: kind === "constant",
      isThreadLocal: words.includes("thread_local"),
    });
  }
}

function readHead(
  line: string,
  groups: Map<string, string>,
  body: readonly string[],
): IrFunction | undefined {
  const [, keyword, prefix = "", name, tail = ""] = HEAD.exec(line) ?? [];
  if (name === undefined) return undefined;
  const close = closing(tail);
  const items = splitTopLevel(tail.slice(0, close)).filter((item) => item !== "");
  const linkage = new RegExp(`^(?:${LINKAGE})\\b`).exec(prefix)?.[0] ?? "";
  const unlinked = prefix.slice(linkage.length);
  const callingConvention = CONVENTION.exec(unlinked.replace(/%"[^"]*"|%[-\w$.]+/g, ""))?.[0] ?? "";
  const attributes = tail.slice(close + 1).replaceAll(/#\d+/g, (id) => groups.get(id) ?? "");
  return {
    name,
    linkage: linkage === "external" ? "" : linkage,
    callingConvention,
    attributes,
    body,
    isDefined: keyword === "define",
    returnType: unlinked
      .replaceAll(PARENTHESISED, "")
      .replaceAll(WORD_ATTRIBUTES, "")
      .replace(callingConvention, "")
      .trim(),
    returnAttributes: unlinked,
    parameters: items.filter((item) => item !== "...").map(readParameter),
    isVariadic: items.includes("..."),
  };
}

function readParameter(text: string): Parameter {
  const type = leadingType(text);
  return {
    type,
    attributes: text
      .slice(type.length)
      .replace(/ %(?:"[^"]*"|[-\w$.]+)$/, "")
      .trim(),
  };
}

/** The type that a text begins with: `i32`, `ptr`, `%struct.S`, `{ i64, ptr }`, `<4 x float>`. */
export function leadingType(text: string): string {
  if (/^[[{<]/.test(text)) return text.slice(0, closing(text.slice(1)) + 2);
  return /^(?:%"[^"]*"|[^\s,]+(?: addrspace\(\d+\))?)/.exec(text)?.[0] ?? "";
}

/** Index of the bracket that closes one opened just before `text`; the length when there is none. */
function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '"') i = Math.max(i, text.indexOf('"', i + 1));
    else if ("([{<".includes(c)) depth++;
    else if (")]}>".includes(c) && depth-- === 0) return i;
  }
  return text.length;
}

export function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  for (let rest = text; ;) {
    const comma = commaIn(rest);
    parts.push(rest.slice(0, comma).trim());
    if (comma >= rest.length) return parts;
    rest = rest.slice(comma + 1);
  }
}

function commaIn(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === ",") return i;
    if (c === '"') i = Math.max(i, text.indexOf('"', i + 1));
    else if ("([{<".includes(c)) i += closing(text.slice(i + 1)) + 1;
  }
  return text.length;
}

const UNMANGLED = new RegExp(`^${String.fromCharCode(1)}`);

/** The symbol in the object file: unquoted, and without the \01 that switches mangling off. */
export function symbolOf(name: string): string {
  const bare = name.slice(1).replace(/^"(.*)"$/, "$1");
  const unescape = (_: string, hex: string): string =>
    String.fromCharCode(Number.parseInt(hex, 16));
  return bare.replaceAll(/\\([0-9A-Fa-f]{2})/g, unescape).replace(UNMANGLED, "");
}

/** For each function and global, the names in its body or initialiser. */
export function references(module: IrModule): Map<string, readonly string[]> {
  const inside = (text: string): string[] => [...new Set(text.match(REFERENCE))];
  return new Map([
    ...module.functions.map(({ name, body }) => [name, inside(body.join("\n"))] as const),
    ...module.globals.map(({ name, rest }) => [name, inside(rest)] as const),
  ]);
}

/** Everything that can be reached from `start`, itself included. */
export function reachable(start: string, graph: Map<string, readonly string[]>): Set<string> {
  const seen = new Set([start]);
  for (const name of seen) for (const next of graph.get(name) ?? []) seen.add(next);
  return seen;
}
