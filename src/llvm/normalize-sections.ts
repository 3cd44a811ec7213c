/**
 * LLVM-IR text as `LLVMPrintModuleToString` prints it, cut into its kinds of top-level lines. Comments, blank lines and
 * indentation are gone afterwards. Relies on LLVM's printer: one global a line, a body from `define` to a lone `}`, and
 * no quote inside a string (LLVM writes it `\22`).
 */

export interface ModuleText {
  /** Target, data layout, module assembly. */
  readonly header: readonly string[];
  /** `%struct.s` → `{ i32, ptr }`, in the module's order. */
  readonly types: ReadonlyMap<string, string>;
  readonly comdats: readonly string[];
  /** Variables, aliases, ifuncs. */
  readonly globals: readonly string[];
  readonly functions: readonly FunctionText[];
  /** `#0` → `nounwind "key"="value"`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** `!llvm.ident` → `!{!3}`. */
  readonly namedMetadata: ReadonlyMap<string, string>;
  /** `!0` → `!{i32 1}`. */
  readonly metadata: ReadonlyMap<string, string>;
}

export interface FunctionText {
  /** From `define` to `}`, or one line that begins with `declare`. */
  readonly lines: readonly string[];
  readonly isDefined: boolean;
}

/** A name or reference: `@f`, `%"a b"`, `$c`, `!tbaa`, `!"text"`, `#0`; or a plain string; or a comment. */
const TOKEN = /c?"[^"]*"|[@%$](?:"[^"]*"|[-\w.$]+)|!(?:"[^"]*"|[-\w.$\\]+)|#\d+|;.*/g;

/** Replaces each name, reference and string of a line; strings come with their quotes. */
export function replaceTokens(line: string, replace: (token: string) => string): string {
  return line.replace(TOKEN, replace);
}

export function withoutComment(line: string): string {
  if (!line.includes(";")) return line.trim();
  return replaceTokens(line, (token) => (token.startsWith(";") ? "" : token)).trim();
}

interface Parts extends ModuleText {
  readonly header: string[];
  readonly comdats: string[];
  readonly globals: string[];
  readonly functions: FunctionText[];
  readonly types: Map<string, string>;
  readonly attributes: Map<string, string>;
  readonly namedMetadata: Map<string, string>;
  readonly metadata: Map<string, string>;
}

/** Throws an Error on a top-level line of no known kind: then LLVM prints something this file must learn. */
export function splitModule(ir: string): ModuleText {
  const parts: Parts = {
    header: [],
    types: new Map(),
    comdats: [],
    globals: [],
    functions: [],
    attributes: new Map(),
    namedMetadata: new Map(),
    metadata: new Map(),
  };
  const lines = ir.split("\n").map(withoutComment).values();
  for (const line of lines) if (line !== "") addLine(parts, line, lines);
  return parts;
}

function addLine(parts: Parts, line: string, rest: Iterator<string>): void {
  if (/^(?:target |module asm )/.test(line)) parts.header.push(line);
  else if (line.startsWith("@")) parts.globals.push(line);
  else if (line.startsWith("$")) parts.comdats.push(line);
  else if (line.startsWith("declare ")) parts.functions.push({ lines: [line], isDefined: false });
  else if (line.startsWith("define "))
    parts.functions.push({ lines: [line, ...takeBody(rest)], isDefined: true });
  else if (!addDefinition(parts, line) && !line.startsWith("source_filename")) {
    throw new Error(
      `splitModule: top-level line "${line.slice(0, 80)}" is of no known kind; teach normalize-sections.ts what it is`,
    );
  }
}

function takeBody(rest: Iterator<string>): string[] {
  const body: string[] = [];
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    if (next.value !== "") body.push(next.value);
    if (next.value === "}") return body;
  }
  throw new Error("splitModule: the text ends inside a function; want all of a module");
}

/** `NAME = BODY` lines. False when the line is none. */
function addDefinition(
  { types, attributes, namedMetadata, metadata }: Parts,
  line: string,
): boolean {
  const kinds = [
    [/^(%(?:"[^"]*"|\S+)) = type (.*)$/, types],
    [/^attributes (#\d+) = \{ ?(.*?) ?\}$/, attributes],
    [/^(!\d+) = (.*)$/, metadata],
    [/^(![-\w.$\\]+) = (.*)$/, namedMetadata],
  ] as const;
  for (const [form, map] of kinds) {
    const [, name, body] = form.exec(line) ?? [];
    if (name === undefined || body === undefined) continue;
    map.set(name, body);
    return true;
  }
  return false;
}
