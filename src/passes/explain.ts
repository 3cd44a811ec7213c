// Passes and mistakes as text for people: an indented tree, and a caret under the position.

import type { Mistake, PassList } from "./tree.ts";

/** One node a line, two spaces a level. */
export function renderTree(list: PassList, indent = ""): string[] {
  return list.flatMap(({ name, params, body }) => {
    const head = indent + name + (params === undefined ? "" : `<${params}>`);
    return [head, ...(body ? renderTree(body, `${indent}  `) : [])];
  });
}

/** How much of a long list is shown around a mistake. */
const EXCERPT_CHARACTERS = 76;

export interface Excerpt {
  /** The part of the text around the position; `…` stands for what is left out. */
  readonly line: string;
  /** Where the caret belongs under `line`. */
  readonly column: number;
}

export function excerpt(text: string, { position }: Mistake): Excerpt {
  const flat = text.replaceAll(/\s/g, " ");
  const start = Math.max(
    0,
    Math.min(position - EXCERPT_CHARACTERS / 2, flat.length - EXCERPT_CHARACTERS),
  );
  const end = Math.min(flat.length, start + EXCERPT_CHARACTERS);
  const before = start > 0 ? "…" : "";
  const after = end < flat.length ? "…" : "";
  return {
    line: before + flat.slice(start, end) + after,
    column: before.length + position - start,
  };
}
