/**
 * A part of a module: some of its functions, and what they need to be IR that parses by itself.
 *
 * Along go, transitively: the types, attribute groups, comdats and metadata that the part mentions; private globals,
 * which have no meaning elsewhere (string literals, tables of constants), and tables of the part's own block addresses,
 * up to MAX_INITIALISER_CHARACTERS each. Declared are
 * all other functions, globals and aliases that the part mentions. Target, data layout and module flags stay. Nothing
 * else comes: no module assembly, no other named metadata, no global that only other parts use. The address of a block
 * that the part does not have becomes the constant that LLVM itself puts for a block that is gone.
 *
 * Names and numbers stay those of the module: a caller that wants the part in normal form normalises its text.
 */

import { declareFunction, declareGlobal } from "./ir-declare.ts";
import { type IrModule, namesIn, symbolIn } from "./ir-text.ts";

/** A private global with more than this is declared: no table is worth the room of a function. */
const MAX_INITIALISER_CHARACTERS = 1000;

/** Lines of functions by their symbol. */
type Bodies = ReadonlyMap<string, readonly string[]>;

/** `bodies`: the lines of the part's functions by their symbol; they need not be all lines of them. */
export function cutModule(module: IrModule, bodies: Bodies): string {
  const needed = new Map<string, string>();
  const queue: string[] = [];
  const take = (name: string, line: string | undefined): void => {
    if (line === undefined || needed.has(name)) return;
    needed.set(name, line);
    queue.push(line);
  };
  const written = new Map(
    [...bodies].map(([symbol, lines]) => [
      symbol,
      lines.map((line) => withoutForeignBlocks(line, bodies)),
    ]),
  );
  queue.push(...module.flags, ...[...written.values()].flat());
  for (let line = queue.pop(); line !== undefined; line = queue.pop()) {
    for (const name of namesIn(line))
      if (!written.has(name)) take(name, lineFor(module, name, bodies));
    if (/ comdat(?: |,|$)/.test(line)) take(comdatOf(line), module.named.get(comdatOf(line)));
  }
  return assemble(module, written, needed);
}

/** What a part has to say about a name; undefined for values and labels. */
function lineFor(module: IrModule, name: string, bodies: Bodies): string | undefined {
  if (!name.startsWith("@")) return module.named.get(name);
  const global = module.globals.get(name);
  if (global !== undefined) {
    const isDeclared = / = (?:external|extern_weak) /.test(global);
    if (isKept(global, bodies)) return withoutForeignBlocks(global, bodies);
    return isDeclared ? global : declareGlobal(global);
  }
  const [head] = module.functions.get(name) ?? [];
  return head === undefined ? module.declarations.get(name) : declareFunction(head);
}

function isKept(global: string, bodies: Bodies): boolean {
  if (global.length > MAX_INITIALISER_CHARACTERS) return false;
  if (/ = private /.test(global)) return true;
  return [...global.matchAll(BLOCK_ADDRESS)].some(([, symbol = ""]) => bodies.has(symbol));
}

const comdatOf = (line: string): string => `$${symbolIn(line).slice(1)}`;

const BLOCK_ADDRESS = /blockaddress\((@(?:"[^"]*"|[-\w.$]+)), %(\d+)\)/g;

function withoutForeignBlocks(line: string, bodies: Bodies): string {
  return line.includes("blockaddress(")
    ? line.replaceAll(BLOCK_ADDRESS, (text, symbol: string, label: string) =>
        bodies.get(symbol)?.includes(`${label}:`) ? text : "inttoptr (i32 1 to ptr)",
      )
    : line;
}

/** In the normal form's order of kinds, and in each kind in the module's order. */
function assemble(module: IrModule, bodies: Bodies, needed: ReadonlyMap<string, string>): string {
  const named = (first: string): string[] =>
    [...module.named.keys()]
      .filter((name) => name.startsWith(first))
      .flatMap((name) => needed.get(name) ?? []);
  const lines = [
    ...module.header,
    ...named("%"),
    ...named("$"),
    ...[...module.globals.keys()].flatMap((name) => needed.get(name) ?? []),
    ...[...module.functions.keys()].flatMap((name) => bodies.get(name) ?? needed.get(name) ?? []),
    ...[...module.declarations.keys()].flatMap((name) => needed.get(name) ?? []),
    ...module.flags,
    ...named("#"),
    ...named("!"),
  ];
  return `${lines.join("\n")}\n`;
}
