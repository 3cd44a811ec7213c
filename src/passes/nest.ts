// Gives every pass the adaptors it needs. A list such as `globalopt,sroa,licm` becomes
// `globalopt,function(sroa,loop-mssa(licm))`: passes are wrapped down to their level, neighbours
// share a wrapper, and a pass that stands too deep (`function(sroa,globalopt)`) is moved out, which
// splits the adaptor around it. What is already in its place stays as it is, so a valid tree is
// left unchanged and nesting twice is nesting once.

import { adaptorFits, bodyLevel, isAdaptor, wrap } from "./levels.ts";
import { levelsOf } from "./registry.ts";
import type { Registry } from "./registry.ts";
import { withBody } from "./tree.ts";
import type { PassLevel, PassList, PassNode } from "./tree.ts";

export function nestPassList(list: PassList, registry: Registry): PassList {
  const nester = new Nester(registry);
  return nester.settle(list, "module").map(({ node }) => node);
}

/**
 * A node after nesting; `out` says that it has no place at this level and must be moved out of the
 * adaptor.
 */
interface Settled {
  readonly node: PassNode;
  readonly out: boolean;
}

class Nester {
  readonly #registry: Registry;
  /** Adaptors that nesting itself has made: only these are merged with each other. */
  readonly #fresh = new WeakSet<PassNode>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  settle(list: PassList, context: PassLevel): Settled[] {
    const settled = list.flatMap((node) =>
      isAdaptor(node.name) && node.body ? this.#adaptor(node, context) : this.#pass(node, context),
    );
    return this.#merge(settled);
  }

  #pass(node: PassNode, context: PassLevel): Settled[] {
    const levels = levelsOf(node, this.#registry);
    if (levels.length === 0 || levels.includes(context)) return [{ node, out: false }];
    return this.#place(node, context, levels);
  }

  #adaptor(node: PassNode, context: PassLevel): Settled[] {
    if (!isAdaptor(node.name)) return [];
    if (!adaptorFits(node, context)) {
      const homes = levelsOf(node, this.#registry).filter((level) => adaptorFits(node, level));
      // No level takes these parameters: leave it for check to name.
      if (homes.length === 0) return [{ node, out: false }];
      const placed = this.#place(node, context, homes);
      const moved = placed.every(({ out }) => out);
      return moved
        ? placed
        : this.settle(
            placed.map((item) => item.node),
            context,
          );
    }
    const body = this.settle(node.body ?? [], bodyLevel(node.name, context));
    return runsOf(body).flatMap((run) =>
      run[0]?.out === true
        ? run.flatMap((item) => this.settle([item.node], context))
        : [{ node: this.#rebuilt(node, run), out: false }],
    );
  }

  /** Keeps the very node where nothing under it has changed. */
  #rebuilt(node: PassNode, body: readonly Settled[]): PassNode {
    const nodes = body.map((item) => item.node);
    const old = node.body ?? [];
    if (nodes.length === old.length && nodes.every((inner, index) => inner === old[index]))
      return node;
    const rebuilt = withBody(node, nodes);
    if (this.#fresh.has(node)) this.#fresh.add(rebuilt);
    return rebuilt;
  }

  #place(node: PassNode, context: PassLevel, levels: readonly PassLevel[]): Settled[] {
    for (const level of levels) {
      const [wrapped] = wrap([node], context, level) ?? [];
      if (!wrapped) continue;
      this.#markFresh(wrapped, node);
      return [{ node: wrapped, out: false }];
    }
    return [{ node, out: true }];
  }

  #markFresh(wrapped: PassNode, inner: PassNode): void {
    for (let at: PassNode | undefined = wrapped; at && at !== inner; at = at.body?.[0])
      this.#fresh.add(at);
  }

  #merge(settled: readonly Settled[]): Settled[] {
    const merged: Settled[] = [];
    for (const item of settled) {
      const last = merged.at(-1);
      if (last && this.#mergeable(last.node, item.node)) {
        merged[merged.length - 1] = this.#joined(last.node, item.node);
      } else {
        merged.push(item);
      }
    }
    return merged;
  }

  #mergeable(a: PassNode, b: PassNode): boolean {
    return a.name === b.name && this.#fresh.has(a) && this.#fresh.has(b);
  }

  #joined(a: PassNode, b: PassNode): Settled {
    const both = [...(a.body ?? []), ...(b.body ?? [])].map((node) => ({ node, out: false }));
    const node = withBody(
      a,
      this.#merge(both).map((item) => item.node),
    );
    this.#fresh.add(node);
    return { node, out: false };
  }
}

/** Neighbours that stay, and neighbours that must move out, in turns. */
function runsOf(body: readonly Settled[]): Settled[][] {
  const runs: Settled[][] = [];
  for (const item of body) {
    const last = runs.at(-1);
    if (last && last[0]?.out === item.out) last.push(item);
    else runs.push([item]);
  }
  return runs;
}
