// Random edits of pass trees, for searches. Every edit gives a tree that check accepts, if it was
// given one: a pass is only put where it runs, wrapped where that is needed, and an adaptor never
// stays empty. Lists never become empty.

import type { Rng } from "../base/rng.ts";
import { MAX_PASS_NODES } from "./check.ts";
import {
  adaptorFits,
  ADAPTORS,
  adaptorsBetween,
  bodyLevel,
  DEPTH,
  isAdaptor,
  wrap,
} from "./levels.ts";
import { nestPassList } from "./nest.ts";
import { searchParams } from "./params.ts";
import { levelsOf, runsAt, searchPasses } from "./registry.ts";
import type { PassInfo, Registry } from "./registry.ts";
import { countNodes, insertAt, replaceAt, walk, withParams } from "./tree.ts";
import type { PassLevel, PassList, PassNode, Path, Placed } from "./tree.ts";

export type EditName = "insert" | "remove" | "replace" | "swap" | "move" | "copy" | "params";

/** An edit that finds nothing to do gives undefined. */
type Edit = (list: PassList, rng: Rng, registry: Registry) => PassList | undefined;

const EDITS: Readonly<Record<EditName, Edit>> = {
  insert: insertPass,
  remove: removeNode,
  replace: replacePass,
  swap: swapNeighbours,
  move: moveNode,
  copy: copyNode,
  params: changeParams,
};

/** How often each edit is drawn, relative to the others. */
const WEIGHTS: Readonly<Record<EditName, number>> = {
  insert: 6,
  remove: 4,
  replace: 3,
  swap: 2,
  move: 2,
  copy: 1,
  params: 2,
};

const EDIT_NAMES = Object.keys(WEIGHTS).filter((name): name is EditName => name in WEIGHTS);
const DRAWN: readonly EditName[] = EDIT_NAMES.flatMap((name) =>
  Array.from({ length: WEIGHTS[name] }, () => name),
);

/** Every edit finds something to do in most lists; then a pass is inserted, which always works. */
const MAX_DRAWS = 8;
/** Wrapping a pass adds at most two adaptors, and a copy stays below this. */
const NODES_TO_SPARE = 8;

/** One random edit. The list must be valid; the result is, and is not empty. */
export function mutatePassList(list: PassList, rng: Rng, registry: Registry): PassList {
  const full = countNodes(list) > MAX_PASS_NODES - NODES_TO_SPARE;
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const edit = full ? "remove" : rng.pick(DRAWN);
    const edited = EDITS[edit](list, rng, registry);
    if (edited && edited.length > 0 && countNodes(edited) <= MAX_PASS_NODES) return edited;
  }
  return full ? list : insertPass(list, rng, registry);
}

/**
 * One-point crossover at the top level: a head of `a`, then a tail of `b`. Not empty unless both
 * are.
 */
export function crossPassLists(a: PassList, b: PassList, rng: Rng): PassList {
  const crossed = [...a.slice(0, rng.int(a.length + 1)), ...b.slice(rng.int(b.length + 1))];
  if (crossed.length > 0 && countNodes(crossed) <= MAX_PASS_NODES) return crossed;
  return a.length > 0 ? a : b;
}

export interface RandomLength {
  readonly minLength: number;
  readonly maxLength: number;
}

/** A random list of `minLength` to `maxLength` passes, each drawn alike, adaptors not counted. */
export function randomPassList(
  rng: Rng,
  registry: Registry,
  { minLength, maxLength }: RandomLength,
): PassList {
  const infos = searchPasses(registry);
  const length = Math.max(1, minLength + rng.int(Math.max(1, maxLength - minLength + 1)));
  const flat = Array.from({ length }, () => randomPass(rng.pick(infos), rng));
  return nestPassList(flat, registry);
}

function randomPass(info: PassInfo, rng: Rng): PassNode {
  return withParams({ name: info.name }, rng.pick(searchParams(info)));
}

/** A place between two nodes: where insertAt puts something, and the level there. */
interface Slot {
  readonly path: Path;
  readonly level: PassLevel;
}

function slots(list: PassList, level: PassLevel = "module", above: Path = []): Slot[] {
  const inner = list.flatMap((node, index) =>
    isAdaptor(node.name)
      ? slots(node.body ?? [], bodyLevel(node.name, level), [...above, index])
      : [],
  );
  const own = Array.from({ length: list.length + 1 }, (_, index) => ({
    path: [...above, index],
    level,
  }));
  return [...own, ...inner];
}

interface LevelledNode extends Placed {
  readonly level: PassLevel;
}

function nodesWithLevel(
  list: PassList,
  level: PassLevel = "module",
  above: Path = [],
): LevelledNode[] {
  return list.flatMap((node, index) => {
    const path = [...above, index];
    const inner = isAdaptor(node.name) ? bodyLevel(node.name, level) : level;
    return [{ node, path, level }, ...nodesWithLevel(node.body ?? [], inner, path)];
  });
}

function pickOrNone<T>(rng: Rng, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : rng.pick(items);
}

/** Half of the time at a place of the pass's own level, else wherever it can be wrapped to fit. */
function insertPass(list: PassList, rng: Rng, registry: Registry): PassList {
  const info = rng.pick(searchPasses(registry));
  const all = slots(list);
  const direct = all.filter((slot) => runsAt(info, slot.level));
  const near = direct.length > 0 && rng.next() < 0.5;
  const takes = ({ level }: Slot): boolean =>
    runsAt(info, level) || adaptorsBetween(level, info.level) !== undefined;
  const open = near ? direct : all.filter(takes);
  const slot = rng.pick(open);
  const pass = randomPass(info, rng);
  const nodes = runsAt(info, slot.level) ? [pass] : wrap([pass], slot.level, info.level);
  return nodes ? insertAt(list, slot.path, nodes) : list;
}

function removeNode(list: PassList, rng: Rng): PassList | undefined {
  const target = pickOrNone(rng, walk(list));
  return target && replaceAt(list, target.path, []);
}

function replacePass(list: PassList, rng: Rng, registry: Registry): PassList | undefined {
  const target = pickOrNone(
    rng,
    nodesWithLevel(list).filter(({ node }) => node.body === undefined),
  );
  if (!target) return undefined;
  const { node: old, level } = target;
  const others = searchPasses(registry).filter(
    (info) => runsAt(info, level) && info.name !== old.name,
  );
  const info = pickOrNone(rng, others);
  return info && replaceAt(list, target.path, [randomPass(info, rng)]);
}

function swapNeighbours(list: PassList, rng: Rng): PassList | undefined {
  const placed = walk(list);
  const pairs = placed.flatMap(({ node, path }) => {
    const index = path.at(-1) ?? 0;
    const next = siblings(list, path)[index + 1];
    return next ? [{ node, next, path }] : [];
  });
  const pair = pickOrNone(rng, pairs);
  if (!pair) return undefined;
  const after = [...pair.path.slice(0, -1), (pair.path.at(-1) ?? 0) + 1];
  return replaceAt(replaceAt(list, after, [pair.node]), pair.path, [pair.next]);
}

function siblings(list: PassList, path: Path): PassList {
  return path.slice(0, -1).reduce<PassList>((body, index) => body[index]?.body ?? [], list);
}

function moveNode(list: PassList, rng: Rng, registry: Registry): PassList | undefined {
  const target = pickOrNone(rng, walk(list));
  if (!target) return undefined;
  const without = replaceAt(list, target.path, []);
  const slot = pickOrNone(
    rng,
    slots(without).filter(({ level }) => mayStand(target.node, level, registry)),
  );
  return slot && insertAt(without, slot.path, [target.node]);
}

/** Copies a pass, or an adaptor with all it runs, to anywhere it may stand. */
function copyNode(list: PassList, rng: Rng, registry: Registry): PassList | undefined {
  const target = pickOrNone(rng, walk(list));
  if (!target) return undefined;
  const slot = pickOrNone(
    rng,
    slots(list).filter(({ level }) => mayStand(target.node, level, registry)),
  );
  return slot && insertAt(list, slot.path, [target.node]);
}

/**
 * Adaptors go only where they lead deeper, so that trees do not grow in depth by
 * `function(function(...))`.
 */
function mayStand(node: PassNode, level: PassLevel, registry: Registry): boolean {
  if (!isAdaptor(node.name)) return levelsOf(node, registry).includes(level);
  return adaptorFits(node, level) && DEPTH[ADAPTORS[node.name].body] > DEPTH[level];
}

function changeParams(list: PassList, rng: Rng, registry: Registry): PassList | undefined {
  const choices = walk(list).flatMap(({ node, path }) => {
    const info = registry.passes.get(node.name);
    const spellings = info?.kind === "transform" ? searchParams(info) : [];
    const others = spellings.filter((params) => params !== node.params);
    return others.length > 0 ? [{ node, path, others }] : [];
  });
  const choice = pickOrNone(rng, choices);
  return choice && replaceAt(list, choice.path, [withParams(choice.node, rng.pick(choice.others))]);
}
