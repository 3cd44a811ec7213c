/**
 * The normal form of LLVM-IR text, a pure function of text as `LLVMPrintModuleToString` prints it, from a module whose
 * debug info was stripped and whose value names were discarded. The result parses, and compiles to the same code.
 *
 * What goes, because no pass and no code generator reads it:
 * - comments, blank lines, indentation, `source_filename`;
 * - the named metadata `llvm.ident`, `llvm.commandline`, `llvm.dbg.*`, the module flags about DWARF;
 * - attachments of `dbg`, `DIAssignID`, `srcloc` (diagnostics), `annotation` (remarks), `heapallocsite` (CodeView);
 * - metadata nodes that nothing left refers to;
 * - `, align N` where the parser puts N by itself (scalar loads, stores, allocas; never atomics).
 * What is named anew, in order of first use:
 * - types `%T0`; metadata `!0`; private symbols `@.0`; internal symbols and TBAA types whose names are over
 *   MAX_NAME_CHARS: `@f.0`, `@v.0`, `!"t.0"` (normalize-names.ts);
 * - attribute groups `#0`. A long tail of string attributes ("target-cpu"="x86-64" ...) becomes a group of its own,
 *   referred to beside the short one: every function has the same tail, and hardly two the same head.
 * What stays: everything else. All other metadata (tbaa, range, noalias scopes, prof, loops, module flags, ...), the
 * names of symbols that a linker sees, however long, and the order of all globals, functions, blocks and instructions.
 */

import { functionHashes } from "./normalize-hash.ts";
import {
  scalarAlignments,
  splitAttributes,
  withoutDeadAttachments,
  withoutUsualAlignment,
} from "./normalize-lines.ts";
import {
  definedSymbol,
  numbered,
  type Numbering,
  symbolNames,
  symbolOf,
  tbaaShortener,
} from "./normalize-names.ts";
import { type ModuleText, replaceTokens, splitModule } from "./normalize-sections.ts";

export interface NormalText {
  readonly text: string;
  /** Defined functions in module order; names as they were. */
  readonly functions: readonly { readonly name: string; readonly hash: string }[];
}

const DEAD_NAMED_METADATA = /^!llvm\.(?:ident|commandline|dbg\..*)$/;
const DWARF_FLAG = /^!\{i32 \d+, !"(?:Debug Info Version|Dwarf Version|DWARF64)",/;

/** Throws an Error where the text is not as LLVM's printer writes it. */
export function normalizeText(ir: string): NormalText {
  const module = cleaned(splitModule(ir));
  const symbols = symbolNames(module);
  const names = {
    symbols: symbols.renamed,
    types: numbered((index) => `%T${index}`),
    metadata: numbered((index) => `!${index}`),
    attributes: numbered((index) => `#${index}`),
  };
  const rename = renamer(module, names);
  const body = [
    ...module.globals.map(rename),
    ...module.functions.flatMap(({ lines }) => lines.map(rename)),
    ...[...module.namedMetadata].map(([name, nodes]) => `${name} = ${rename(nodes)}`),
  ];
  const shorten = tbaaShortener(module.metadata);
  const nodes = definitions(names.metadata, (old) =>
    rename(shorten(module.metadata.get(old) ?? "!{}")),
  );
  const types = typeDefinitions(module, names.types, rename);
  const attributes = [...names.attributes.all].map(
    ([content, name]) => `attributes ${name} = { ${content} }`,
  );
  const lines = [...module.header, ...types, ...module.comdats, ...body, ...attributes, ...nodes];
  const hashes = functionHashes(module, symbols.local);
  const functions = module.functions
    .filter(({ isDefined }) => isDefined)
    .map(({ lines: [head = ""] }, index) => ({
      name: symbolOf(definedSymbol(head)),
      hash: hashes[index] ?? "",
    }));
  return { text: `${lines.join("\n")}\n`, functions };
}

/** Without what no pass reads. */
function cleaned(module: ModuleText): ModuleText {
  const layout = module.header.find((line) => line.startsWith("target datalayout"));
  const alignments = scalarAlignments(layout?.split('"')[1] ?? "");
  const clean = (line: string): string =>
    withoutUsualAlignment(withoutDeadAttachments(line), alignments);
  const live = [...module.namedMetadata].filter(([name]) => !DEAD_NAMED_METADATA.test(name));
  return {
    ...module,
    globals: module.globals.map(withoutDeadAttachments),
    functions: module.functions.map(({ lines, isDefined }) => ({
      lines: lines.map(clean),
      isDefined,
    })),
    namedMetadata: new Map(
      live.flatMap(([name, nodes]) => {
        const kept = name === "!llvm.module.flags" ? withoutDwarfFlags(nodes, module) : nodes;
        return kept === "!{}" ? [] : [[name, kept]];
      }),
    ),
  };
}

function withoutDwarfFlags(nodes: string, { metadata }: ModuleText): string {
  const flags = nodes.match(/!\d+/g) ?? [];
  return `!{${flags.filter((flag) => !DWARF_FLAG.test(metadata.get(flag) ?? "")).join(", ")}}`;
}

interface Names {
  readonly symbols: ReadonlyMap<string, string>;
  readonly types: Numbering;
  readonly metadata: Numbering;
  readonly attributes: Numbering;
}

function renamer(module: ModuleText, names: Names): (line: string) => string {
  const groups = new Map<string, string>();
  const groupsOf = (token: string): string => {
    const known = groups.get(token);
    if (known !== undefined) return known;
    const parts = splitAttributes(module.attributes.get(token) ?? "");
    const references = parts.map(names.attributes.of).join(" ");
    groups.set(token, references);
    return references;
  };
  const renamed = (token: string): string => {
    if (token.startsWith("@")) return names.symbols.get(token) ?? token;
    if (token.startsWith("%")) return isNamedType(token, module) ? names.types.of(token) : token;
    if (token.startsWith("#")) return groupsOf(token);
    return /^!\d/.test(token) ? names.metadata.of(token) : token;
  };
  return (line) => replaceTokens(line, renamed);
}

/** Numbered types (`%0 = type`) share their spelling with values; they are canonical as they are. */
const isNamedType = (token: string, { types }: ModuleText): boolean =>
  !/^%\d+$/.test(token) && types.has(token);

/** One line per numbered thing; more are numbered while these are written. */
function definitions({ all }: Numbering, bodyOf: (old: string) => string): string[] {
  const lines: string[] = [];
  for (const [old, name] of all) lines.push(`${name} = ${bodyOf(old)}`);
  return lines;
}

function typeDefinitions(
  { types }: ModuleText,
  names: Numbering,
  rename: (line: string) => string,
): string[] {
  const unnamed = [...types].filter(([name]) => /^%\d+$/.test(name));
  const first = unnamed.map(([name, body]) => `${name} = type ${rename(body)}`);
  return [...first, ...definitions(names, (old) => `type ${rename(types.get(old) ?? "opaque")}`)];
}
