/** What check-layers wants to know of a file: its imports and the members of `process` and `console` that it names. */

import { posix } from "node:path";
import { Visitor, parseSync } from "oxc-parser";

export interface Import {
  readonly specifier: string;
  /** The file meant, relative to the root; undefined for packages and node: modules. */
  readonly target: string | undefined;
  /** The names taken; empty for `import "x"`, `import * as x`, `import("x")` and all re-exports. */
  readonly names: readonly string[];
  readonly line: number;
  /** `import type` and `export type` are gone at run-time. `import { type T }` is not: the file is still loaded. */
  readonly isErased: boolean;
}

export interface Source {
  readonly path: string;
  readonly imports: readonly Import[];
  /** Such as `process.env` and `console.log`. */
  readonly globals: readonly { readonly name: string; readonly line: number }[];
}

/** `texts`: path relative to the root → TypeScript. */
export function parseSources(texts: ReadonlyMap<string, string>): Source[] {
  return [...texts].map(([path, text]) => parseSource(path, text));
}

function parseSource(path: string, text: string): Source {
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const make = (node: Span, specifier: string, names: readonly string[] = []): Import => ({
    specifier,
    target: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined,
    names,
    line: lineAt(text, node.start),
    isErased: /^(?:import|export)\s+type\b(?!\s*(?:,|from\b))/.test(
      text.slice(node.start, node.end),
    ),
  });
  // `export { x }` of an imported x is listed as an export from that import's own place.
  const imported = new Set(module.staticImports.map(({ start }) => start));
  return {
    path,
    imports: [
      ...module.staticImports.map((node) =>
        make(
          node,
          node.moduleRequest.value,
          node.entries.flatMap(({ importName }) => importName.name ?? []),
        ),
      ),
      ...module.staticExports.flatMap((node) => {
        const specifier = node.entries[0]?.moduleRequest?.value;
        return specifier === undefined || imported.has(node.start) ? [] : [make(node, specifier)];
      }),
      ...module.dynamicImports.flatMap((node) => {
        const written = text.slice(node.moduleRequest.start, node.moduleRequest.end);
        return /^["'][^"']*["']$/.test(written) ? [make(node, written.slice(1, -1))] : [];
      }),
    ],
    globals: memberNames(program).map(({ name, start }) => ({ name, line: lineAt(text, start) })),
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function memberNames(program: Parameters<Visitor["visit"]>[0]): { name: string; start: number }[] {
  const found: { name: string; start: number }[] = [];
  new Visitor({
    MemberExpression({ object, property, start }) {
      if (object.type !== "Identifier" || !["process", "console"].includes(object.name)) return;
      if (property.type === "Identifier")
        found.push({ name: `${object.name}.${property.name}`, start });
    },
  }).visit(program);
  return found;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
