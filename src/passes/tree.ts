// The pass language as a tree: what `opt -passes=` takes, held as data.
//
// A node is a pass or an adaptor. `params` is the raw text between the outermost `<` and `>`, so
// `early-cse<>` (params '') and `early-cse` (no params) differ. `body` is what stands in
// parentheses. Trees are never changed in place: every edit gives a new one. Nothing here knows
// which passes exist; see registry.ts.

export interface PassNode {
  readonly name: string;
  readonly params?: string;
  readonly body?: PassList;
}

export type PassList = readonly PassNode[];

/** Where a pass runs. `loop-mssa` is a loop adaptor that keeps MemorySSA up to date. */
export type PassLevel = "module" | "cgscc" | "function" | "loop-mssa" | "loop";

/**
 * One wrong place in a pass list: where, what, and what to write instead. `position` counts UTF-16
 * units from 0.
 */
export interface Mistake {
  readonly position: number;
  readonly message: string;
  readonly mend: string;
}

/** An address in a tree: the index at each depth, from the top. */
export type Path = readonly number[];

export interface Placed {
  readonly node: PassNode;
  readonly path: Path;
}

/** Every node with its path, in the order in which they are printed. */
export function walk(list: PassList, above: Path = []): Placed[] {
  return list.flatMap((node, index) => {
    const path = [...above, index];
    return [{ node, path }, ...walk(node.body ?? [], path)];
  });
}

export function countNodes(list: PassList): number {
  return list.reduce((sum, node) => sum + 1 + countNodes(node.body ?? []), 0);
}

/** The same node with another body. */
export function withBody(node: PassNode, body: PassList): PassNode {
  return { ...node, body };
}

/** The same node with other parameters; undefined takes them away. */
export function withParams(node: PassNode, params: string | undefined): PassNode {
  const { params: _old, ...rest } = node;
  return params === undefined ? rest : { ...rest, params };
}

/** Puts `nodes` in the place of the node at `path`. An adaptor left without a body goes too. */
export function replaceAt(list: PassList, path: Path, nodes: PassList): PassList {
  const [index, ...below] = path;
  const node = index === undefined ? undefined : list[index];
  if (index === undefined || node === undefined) return list;
  if (below.length === 0) return list.toSpliced(index, 1, ...nodes);
  const body = replaceAt(node.body ?? [], below, nodes);
  return list.toSpliced(index, 1, ...(body.length === 0 ? [] : [withBody(node, body)]));
}

/** Puts `nodes` before the place that `path` names; the last index may be one past the end. */
export function insertAt(list: PassList, path: Path, nodes: PassList): PassList {
  const [index, ...below] = path;
  if (index === undefined) return list;
  if (below.length === 0) return list.toSpliced(index, 0, ...nodes);
  const node = list[index];
  if (node === undefined) return list;
  return list.toSpliced(index, 1, withBody(node, insertAt(node.body ?? [], below, nodes)));
}
