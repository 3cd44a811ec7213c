// Says what is wrong with a pass list before LLVM sees it, where, and what to write instead. It is
// stricter than LLVM: every level is written out, and passes that print, instrument, lower or break
// programs are refused.

import { REFUSED } from "./classify.ts";
import { ADAPTORS, adaptorFits, adaptorsBetween, bodyLevel, isAdaptor } from "./levels.ts";
import type { AdaptorName } from "./levels.ts";
import { badParam, NEEDS_PARAMS } from "./params.ts";
import { parsePassList } from "./parse.ts";
import { printPass } from "./print.ts";
import { levelsOf } from "./registry.ts";
import type { PassInfo, Registry } from "./registry.ts";
import { nearest } from "./spelling.ts";
import { countNodes } from "./tree.ts";
import type { Mistake, PassLevel, PassList, PassNode } from "./tree.ts";

export type CheckResult =
  | { readonly ok: true; readonly list: PassList }
  | { readonly ok: false; readonly mistakes: readonly [Mistake, ...Mistake[]] };

export interface CheckOptions {
  /** Let printers, instrumentation, lowerings and unsafe passes through. */
  readonly allowUnsafe?: boolean;
}

/** The expanded -Oz has about 120 nodes; a list eight times as long only costs time. */
export const MAX_PASS_NODES = 1000;
/** The expanded -Oz is 6,400 characters long. */
export const MAX_PASS_LIST_CHARACTERS = 100_000;

export function checkPassList(
  text: string,
  registry: Registry,
  options: CheckOptions = {},
): CheckResult {
  if (text.length > MAX_PASS_LIST_CHARACTERS) {
    return failed([tooLong(MAX_PASS_LIST_CHARACTERS, `${text.length} characters`)]);
  }
  const parsed = parsePassList(text);
  if (!parsed.ok) return failed([parsed.mistake]);
  const nodes = countNodes(parsed.list);
  if (nodes > MAX_PASS_NODES) return failed([tooLong(0, `${nodes} passes`)]);
  const checker = new Checker(registry, parsed.offsets, options.allowUnsafe ?? false);
  checker.list(parsed.list, "module");
  return checker.mistakes.length === 0 ? { ok: true, list: parsed.list } : failed(checker.mistakes);
}

function failed(mistakes: readonly Mistake[]): CheckResult {
  const [first, ...rest] = mistakes;
  if (!first) throw new Error("checkPassList: failed without a mistake");
  return { ok: false, mistakes: [first, ...rest] };
}

function tooLong(position: number, found: string): Mistake {
  const limit = `${MAX_PASS_NODES} passes or ${MAX_PASS_LIST_CHARACTERS} characters`;
  return {
    position,
    message: `the pass list has ${found}; the limit is ${limit}`,
    mend: "take passes away",
  };
}

class Checker {
  readonly mistakes: Mistake[] = [];
  readonly #registry: Registry;
  readonly #offsets: ReadonlyMap<PassNode, number>;
  readonly #allowUnsafe: boolean;

  constructor(registry: Registry, offsets: ReadonlyMap<PassNode, number>, allowUnsafe: boolean) {
    this.#registry = registry;
    this.#offsets = offsets;
    this.#allowUnsafe = allowUnsafe;
  }

  list(list: PassList, context: PassLevel): void {
    for (const node of list) this.#node(node, context);
  }

  #node(node: PassNode, context: PassLevel): void {
    if (isAdaptor(node.name)) return this.#adaptor(node, node.name, context);
    const info = this.#registry.passes.get(node.name);
    if (!info) return this.#unknown(node, context);
    if (node.body !== undefined) {
      const message = `${node.name} is not an adaptor: it runs no other passes`;
      this.#say(node, message, `write ${printPass(alone(node))} alone`);
    }
    if (!this.#params(node, info)) return;
    this.#level(node, context);
    this.#kind(node, info);
  }

  #adaptor(node: PassNode, name: AdaptorName, context: PassLevel): void {
    if (node.body === undefined || node.body.length === 0) {
      const message = `${name} is an adaptor and has no passes to run`;
      this.#say(node, message, `write ${printPass(alone(node))}(PASS,...)`);
      return;
    }
    if (!adaptorFits(node, context)) this.#misplaced(node, name, context);
    this.list(node.body, bodyLevel(name, context));
  }

  #misplaced(node: PassNode, name: AdaptorName, context: PassLevel): void {
    const spellings = ADAPTORS[name].within[context];
    if (spellings) {
      const known = spellings.map((params) => (params === undefined ? name : `${name}<${params}>`));
      const message = `${printPass(alone(node))}(...) is no adaptor at ${context} level`;
      this.#say(node, message, `write ${known.join(" or ")}`);
      return;
    }
    const homes = this.#registry.passes.get(name)?.levels ?? [];
    const message = `${name}(...) cannot stand at ${context} level`;
    this.#say(node, message, nesting(`${name}(...)`, context, homes));
  }

  #unknown(node: PassNode, context: PassLevel): void {
    const names = [...this.#registry.passes.keys()];
    const near = nearest(node.name, names);
    const message = `LLVM ${this.#registry.llvmVersion} has no pass "${node.name}"`;
    const mend = near === undefined ? "see `llmc passes list`" : `did you mean ${near}?`;
    this.#say(node, message, mend);
    if (node.body) this.list(node.body, context);
  }

  #params(node: PassNode, info: PassInfo): boolean {
    if (node.params === undefined) {
      if (!NEEDS_PARAMS.has(node.name)) return true;
      this.#say(
        node,
        `${node.name} needs a parameter`,
        `write ${node.name}<...> with ${choices(info)}`,
      );
      return false;
    }
    const bad = badParam(info, node.params);
    if (bad === undefined) return true;
    const start = (this.#offsets.get(node) ?? 0) + node.name.length + "<".length;
    const position = start + Math.max(0, node.params.indexOf(bad));
    if (info.params === undefined) {
      this.#say(node, `${node.name} takes no parameters`, `write ${node.name}`);
    } else {
      const near = nearest(bad, info.params);
      const meant = near === undefined ? "it" : `did you mean ${near}? It`;
      const mend = `${meant} takes ${choices(info)}`;
      this.mistakes.push({ position, message: `${node.name} has no parameter "${bad}"`, mend });
    }
    return false;
  }

  #level(node: PassNode, context: PassLevel): void {
    const levels = levelsOf(node, this.#registry);
    if (levels.includes(context)) return;
    const name = printPass(alone(node));
    const message = `${name} is a ${levels.join(" or ")} pass and stands at ${context} level`;
    this.#say(node, message, nesting(name, context, levels));
  }

  #kind(node: PassNode, info: PassInfo): void {
    if (this.#allowUnsafe || !REFUSED.has(info.kind)) return;
    const why: Partial<Record<PassInfo["kind"], string>> = {
      printer: "prints instead of transforming",
      instrument: "instruments the program",
      lowering: "belongs to code generation",
      unsafe: "is not safe to use",
    };
    const evidence = info.evidence === undefined ? "" : `: ${info.evidence}`;
    this.#say(node, `${node.name} ${why[info.kind]}${evidence}`, "take it away");
  }

  #say(node: PassNode, message: string, mend: string): void {
    this.mistakes.push({ position: this.#offsets.get(node) ?? 0, message, mend });
  }
}

function alone(node: PassNode): PassNode {
  const { body: _body, ...rest } = node;
  return rest;
}

function nesting(text: string, context: PassLevel, levels: readonly PassLevel[]): string {
  for (const level of levels) {
    const adaptors = adaptorsBetween(context, level);
    if (adaptors)
      return `write ${adaptors.reduceRight((inner, name) => `${name}(${inner})`, text)}`;
  }
  return `move it out, to ${levels.join(" or ")} level`;
}

/** A list of parameters as long as simplifycfg's helps nobody on one line. */
const MAX_CHOICES = 12;

function choices(info: PassInfo): string {
  const params = info.params ?? [];
  if (params.length <= MAX_CHOICES) return params.join(" or ");
  return `one of ${params.length}, see \`llmc passes search ${info.name}\``;
}
