/**
 * The grammar of `tune` answers, made from the pass registry: with it a model can only write pass lists that
 * `readProposal` accepts, and names that the coreset has.
 *
 * In it are the passes and parameters that searches use, and those of the coreset's lists and of the written-out -Oz, for
 * searches start from these and models learn from what searches find. Adaptors only lead deeper, as in searches: a list
 * nests five deep at most. It may be longer than `checkPassList` wants; a limit of tokens comes long before.
 */

import { REFUSED } from "../passes/classify.ts";
import { ADAPTORS, type AdaptorName, bodyLevel, DEPTH, isAdaptor } from "../passes/levels.ts";
import { searchParams } from "../passes/params.ts";
import { ozTree } from "../passes/presets.ts";
import { printPass } from "../passes/print.ts";
import { LEVEL_ORDER, type Registry, searchPasses } from "../passes/registry.ts";
import type { PassLevel, PassList } from "../passes/tree.ts";
import {
  anyOf,
  choice,
  digit,
  type Grammar,
  listOf,
  type Part,
  printGbnf,
  repeat,
  rule,
  sequence,
  text,
} from "./grammar.ts";
import { MARKS } from "./marks.ts";
import { coresetName, type ProposalContext } from "./proposal.ts";

export interface TuneGrammarOptions {
  /** The sizes before and after follow, as in the compact dialect; without them an answer ends after the list. */
  readonly sizes: boolean;
}

export function tuneGrammar(context: ProposalContext, { sizes }: TuneGrammarOptions): Grammar {
  const { registry, coreset } = context;
  const rules = Object.fromEntries(
    PLACES.map((place) => [
      ruleOf(place),
      listOf(itemsAt(place, leavesOf(registry, coreset)), ","),
    ]),
  );
  const list = rule(ruleOf("module"));
  const proposal = coreset.length === 0 ? list : choice(anyName(coreset.length), list);
  const pair = sequence(text(MARKS.sizes), rule("count"), text(" "), rule("count"));
  return {
    ...rules,
    count: choice(text("0"), sequence(digit(1), repeat(digit(), MORE_DIGITS))),
    root: sizes ? sequence(proposal, pair) : proposal,
  };
}

/** As GBNF. The prompt ends with the mark that the answer follows. */
export const tuneGbnf = (context: ProposalContext, options: TuneGrammarOptions): string =>
  printGbnf(tuneGrammar(context, options));

/** Twelve digits in all: numbers.ts. */
const MORE_DIGITS = 11;

const anyName = (length: number): Part =>
  anyOf(Array.from({ length }, (_, number) => coresetName(number)));

/** A level; `devirt` is cgscc inside devirt, where no other devirt stands. */
type Place = PassLevel | "devirt";
const PLACES: readonly Place[] = [...LEVEL_ORDER, "devirt"];

const levelOf = (place: Place): PassLevel => (place === "devirt" ? "cgscc" : place);
const ruleOf = (place: Place): string => `in-${place}`;

/** By level: passes that run no others, with their parameters, as written. */
type Leaves = ReadonlyMap<PassLevel, ReadonlySet<string>>;

function itemsAt(place: Place, leaves: Leaves): Part {
  const adaptors = adaptorsAt(place);
  const texts = [...(leaves.get(levelOf(place)) ?? []), ...adaptors.keys()];
  return anyOf(texts, (written) => {
    const body = adaptors.get(written);
    return body === undefined ? text("") : sequence(text("("), rule(ruleOf(body)), text(")"));
  });
}

/** The adaptors that may stand here, as written, with the place that is inside. */
function adaptorsAt(place: Place): Map<string, Place> {
  const level = levelOf(place);
  const found = new Map<string, Place>();
  for (const name of Object.keys(ADAPTORS).filter(isAdaptor)) {
    const inside = insideOf(name, place);
    for (const params of inside === undefined ? [] : (ADAPTORS[name].within[level] ?? []))
      if (inside !== undefined) found.set(printPass(withParams(name, params)), inside);
  }
  return found;
}

const withParams = (name: string, params: string | undefined) =>
  params === undefined ? { name } : { name, params };

function insideOf(name: AdaptorName, place: Place): Place | undefined {
  if (name === "devirt") return place === "cgscc" ? "devirt" : undefined;
  const level = levelOf(place);
  const body = bodyLevel(name, level);
  return DEPTH[body] > DEPTH[level] ? body : undefined;
}

function leavesOf(registry: Registry, coreset: readonly PassList[]): Leaves {
  const leaves = new Map<PassLevel, Set<string>>(LEVEL_ORDER.map((level) => [level, new Set()]));
  for (const info of searchPasses(registry))
    for (const params of searchParams(info))
      for (const level of info.levels)
        leaves.get(level)?.add(printPass(withParams(info.name, params)));
  const addList = (list: PassList, level: PassLevel): void => {
    for (const node of list) {
      if (isAdaptor(node.name)) addList(node.body ?? [], bodyLevel(node.name, level));
      else if (isAllowed(node.name, registry)) leaves.get(level)?.add(printPass(node));
    }
  };
  for (const list of [...coreset, ozTree(registry.llvmVersion)]) addList(list, "module");
  return leaves;
}

function isAllowed(name: string, registry: Registry): boolean {
  const info = registry.passes.get(name);
  return info !== undefined && !REFUSED.has(info.kind);
}
