// Makes a pass list short without making its result larger. It knows nothing of LLVM: `measure`
// says what a list gives, undefined where it fails. Every step is taken only if its result is as
// small as the best so far, so the answer is never worse than what came in. The same list and the
// same measure give the same answer; nothing is random.
//
// Until a whole round changes nothing: drop passes (first large pieces, then smaller ones: ddmin,
// Zeller and Hildebrandt 2002), take adaptors away that are not needed, join neighbouring adaptors.
// Then drop parameters, and bring neighbours into alphabetical order, so that lists that mean the
// same come out alike.

import { adaptorFits, bodyLevel, isAdaptor } from "./levels.ts";
import { DEFAULT_PARAMS, NEEDS_PARAMS } from "./params.ts";
import { printPassList } from "./print.ts";
import { replaceAt, walk, withBody, withParams } from "./tree.ts";
import type { PassLevel, PassList, PassNode, Path } from "./tree.ts";

export type Measure = (list: PassList) => Promise<number | undefined>;

export interface MinimizeOptions {
  /** What the list that comes in measures. */
  readonly value: number;
  /** How often `measure` may be asked; the best list so far is the answer when that is used up. */
  readonly maxMeasurements: number;
}

export interface Minimized {
  readonly list: PassList;
  /** What `list` measures; at most the value that came in. */
  readonly value: number;
  /** How often `measure` was asked. */
  readonly measurements: number;
}

type Candidates = (list: PassList) => Iterable<PassList>;

/** Reordering only makes lists alike, so it may cost few measurements. */
const MAX_REORDERINGS = 16;

export async function minimizePassList(
  list: PassList,
  measure: Measure,
  { value, maxMeasurements }: MinimizeOptions,
): Promise<Minimized> {
  const minimizer = new Minimizer(list, measure, { value, maxMeasurements });
  return minimizer.run();
}

class Minimizer {
  #list: PassList;
  #value: number;
  #measurements = 0;
  readonly #measure: Measure;
  readonly #maxMeasurements: number;
  /** Texts already asked for; a list that comes up again is not better now. */
  readonly #seen: Set<string>;

  constructor(list: PassList, measure: Measure, options: MinimizeOptions) {
    this.#list = list;
    this.#measure = measure;
    this.#value = options.value;
    this.#maxMeasurements = options.maxMeasurements;
    this.#seen = new Set([printPassList(list)]);
  }

  async run(): Promise<Minimized> {
    let before: PassList | undefined;
    while (before !== this.#list && !this.#spent()) {
      before = this.#list;
      await this.#dropPasses();
      await this.#tryAll(unwrapped);
      await this.#tryAll(joined);
    }
    await this.#dropParams();
    // function<no-rerun> fits only into cgscc; without the parameter it may come out and be joined.
    await this.#tryAll(unwrapped);
    await this.#tryAll(joined);
    await this.#reorder();
    return { list: this.#list, value: this.#value, measurements: this.#measurements };
  }

  #spent(): boolean {
    return this.#measurements >= this.#maxMeasurements;
  }

  /** Takes `candidate` over if it measures no more than the best so far. */
  async #try(candidate: PassList): Promise<boolean> {
    const text = printPassList(candidate);
    if (candidate.length === 0 || this.#spent() || this.#seen.has(text)) return false;
    this.#seen.add(text);
    this.#measurements++;
    const value = await this.#measure(candidate);
    if (value === undefined || !(value <= this.#value)) return false;
    this.#list = candidate;
    this.#value = value;
    return true;
  }

  /** Pieces of half the passes, then of a quarter, and so on down to one. */
  async #dropPasses(): Promise<void> {
    const half = Math.ceil(leaves(this.#list).length / 2);
    for (let size = half; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      // From the end: later passes more often do nothing, and earlier paths stay right.
      for (let end = leaves(this.#list).length; end > 0 && !this.#spent(); end -= size) {
        const paths = leaves(this.#list).slice(Math.max(0, end - size), end);
        await this.#try(without(this.#list, paths));
      }
    }
  }

  /** All parameters of a pass at once, then one by one. */
  async #dropParams(): Promise<void> {
    for (const { path } of walk(this.#list)) {
      const all = await this.#tryParams(path, (node) => withoutParams(node));
      if (all) continue;
      const params = nodeAt(this.#list, path)?.params ?? "";
      for (let index = params.split(";").length - 1; index >= 0; index--) {
        await this.#tryParams(path, (node) => withoutParam(node, index));
      }
    }
  }

  async #tryParams(path: Path, change: (node: PassNode) => PassNode): Promise<boolean> {
    const node = nodeAt(this.#list, path);
    if (node?.params === undefined) return false;
    const changed = change(node);
    return changed.params !== node.params && this.#try(replaceNode(this.#list, path, changed));
  }

  async #reorder(): Promise<void> {
    const most = Math.min(this.#maxMeasurements, this.#measurements + MAX_REORDERINGS);
    await this.#tryAll(swaps, most);
  }

  /** Tries each candidate, and starts over from the new list whenever one is taken. */
  async #tryAll(candidates: Candidates, most = this.#maxMeasurements): Promise<void> {
    for (let taken = true; taken;) {
      taken = false;
      for (const candidate of candidates(this.#list)) {
        if (this.#measurements >= most) return;
        taken = await this.#try(candidate);
        if (taken) break;
      }
    }
  }
}

function leaves(list: PassList): Path[] {
  return walk(list)
    .filter(({ node }) => node.body === undefined)
    .map(({ path }) => path);
}

/** Removing the last path first keeps the others right. */
function without(list: PassList, paths: readonly Path[]): PassList {
  return paths.toReversed().reduce((rest, path) => replaceAt(rest, path, []), list);
}

function nodeAt(list: PassList, path: Path): PassNode | undefined {
  const [index, ...below] = path;
  const node = index === undefined ? undefined : list[index];
  return below.length === 0 ? node : nodeAt(node?.body ?? [], below);
}

function replaceNode(list: PassList, path: Path, node: PassNode): PassList {
  return replaceAt(list, path, [node]);
}

/** Every list in which one adaptor gives way to what it runs, where that may stand there too. */
function* unwrapped(list: PassList): Iterable<PassList> {
  for (const { node, path } of walk(list)) {
    const context = levelAt(list, path);
    if (node.body && mayUnwrap(node, node.body, context)) yield replaceAt(list, path, node.body);
  }
}

function mayUnwrap(node: PassNode, body: PassList, context: PassLevel): boolean {
  if (!isAdaptor(node.name)) return false;
  if (bodyLevel(node.name, context) === context) return true;
  return body.every((inner) => adaptorFits(inner, context));
}

function levelAt(list: PassList, path: Path): PassLevel {
  let level: PassLevel = "module";
  for (let depth = 1; depth < path.length; depth++) {
    const above = nodeAt(list, path.slice(0, depth));
    if (above && isAdaptor(above.name)) level = bodyLevel(above.name, level);
  }
  return level;
}

/** Every list in which two neighbouring adaptors of one name and the same parameters are one. */
function* joined(list: PassList): Iterable<PassList> {
  for (const { node, path } of walk(list)) {
    const next = nodeAt(list, sibling(path));
    const alike = next?.name === node.name && next.params === node.params;
    if (!next || !alike || !isAdaptor(node.name)) continue;
    const both = withBody(node, [...(node.body ?? []), ...(next.body ?? [])]);
    yield replaceAt(replaceAt(list, sibling(path), []), path, [both]);
  }
}

function sibling(path: Path): Path {
  return [...path.slice(0, -1), (path.at(-1) ?? 0) + 1];
}

/** Every list in which two neighbouring passes, not adaptors, have come into alphabetical order. */
function* swaps(list: PassList): Iterable<PassList> {
  for (const { node, path } of walk(list)) {
    const next = nodeAt(list, sibling(path));
    if (!next || node.body || next.body || node.name <= next.name) continue;
    yield replaceAt(replaceAt(list, sibling(path), [node]), path, [next]);
  }
}

/** No parameters, but those that must be written out. */
function withoutParams(node: PassNode): PassNode {
  return NEEDS_PARAMS.has(node.name) ? node : withParams(node, DEFAULT_PARAMS[node.name]);
}

function withoutParam(node: PassNode, index: number): PassNode {
  const parts = (node.params ?? "").split(";");
  const needed = parts[index] === DEFAULT_PARAMS[node.name] || NEEDS_PARAMS.has(node.name);
  return needed || parts.length === 1
    ? node
    : withParams(node, parts.toSpliced(index, 1).join(";"));
}
