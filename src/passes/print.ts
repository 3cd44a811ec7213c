import type { PassList, PassNode } from "./tree.ts";

/**
 * The text that `opt -passes=` takes: canonical, without white space. The exact inverse of
 * parsePassList.
 */
export function printPassList(list: PassList): string {
  return list.map(printPass).join(",");
}

export function printPass(node: PassNode): string {
  const params = node.params === undefined ? "" : `<${node.params}>`;
  const body = node.body === undefined ? "" : `(${printPassList(node.body)})`;
  return node.name + params + body;
}

/** The list cut at its top-level commas: what a staged measurement takes. */
export function printSteps(list: PassList): string[] {
  return list.map((node) => printPassList([node]));
}
