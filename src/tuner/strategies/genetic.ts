/**
 * A genetic search (steady state, elitist): a population of the best distinct results, tournament selection, one-point
 * crossover at the top level, and mutation. `evolve` is shared with the default strategy, which starts it from the
 * coreset's results instead of -Oz and random lists.
 */

import { crossPassLists, mutatePassList, randomPassList } from "../../passes/mutate.ts";
import { ozTree, presets } from "../../passes/presets.ts";
import type { PassList, PassNode } from "../../passes/tree.ts";
import { BATCH, type Scored, type Strategy, type StrategyContext } from "../strategy.ts";

const POPULATION = 24;
const RANDOM_FOUNDERS = 12;
const TOURNAMENT = 3;
const CROSSOVER_SHARE = 0.4;
/** Pieces of other lists that did well somewhere are better material than random passes. */
const GRAFT_SHARE = 0.5;
const MAX_GRAFT_STEPS = 4;
const RANDOM_LENGTH = { minLength: 4, maxLength: 40 };

/** Passes that save size and stand in no stock pipeline: what anyone would add to -Oz by hand. */
const SIZE_PASSES: PassList = [
  { name: "iroutliner" },
  { name: "mergefunc" },
  { name: "function", body: [{ name: "lower-switch" }] },
];

export const genetic: Strategy = function* (context) {
  const { rng, registry } = context;
  const drawn = Array.from({ length: RANDOM_FOUNDERS }, () =>
    randomPassList(rng, registry, RANDOM_LENGTH),
  );
  const founders = yield [...knownFounders(registry.llvmVersion), ...drawn];
  yield* evolve(context, [...context.known, ...founders], []);
};

/** -Oz, spelt out and by name, twice, and with one size pass more before or after it. */
function knownFounders(llvmMajor: number): PassList[] {
  const oz = presets.Oz[0] as PassNode;
  return [
    [oz],
    ozTree(llvmMajor),
    [oz, oz],
    presets.Os,
    presets.O1,
    ...SIZE_PASSES.flatMap((pass) => [
      [oz, pass],
      [pass, oz],
    ]),
  ];
}

/** Breeds from `founders` for ever. `material`: lists whose pieces are grafted in. */
export function* evolve(
  context: StrategyContext,
  founders: readonly Scored[],
  material: readonly PassList[],
): ReturnType<Strategy> {
  let population = fittest(founders);
  while (true) {
    const children = Array.from({ length: BATCH }, () => child(context, population, material));
    population = fittest([...(yield children), ...population]);
  }
}

/** The best distinct ones, youngest first among equals: that keeps the population moving on plateaus. */
function fittest(all: readonly Scored[]): Scored[] {
  const seen = new Set<string>();
  return all
    .filter(({ value }) => value !== undefined)
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))
    .filter(({ list }) => {
      const key = JSON.stringify(list);
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .slice(0, POPULATION);
}

function child(
  context: StrategyContext,
  population: readonly Scored[],
  material: readonly PassList[],
): PassList {
  const { rng, registry } = context;
  const parent = tournament(context, population);
  if (parent === undefined) return randomPassList(rng, registry, RANDOM_LENGTH);
  const other = tournament(context, population) ?? parent;
  let list = rng.next() < CROSSOVER_SHARE ? crossPassLists(parent, other, rng) : parent;
  if (material.length > 0 && rng.next() < GRAFT_SHARE) return graft(context, list, material);
  for (let edits = 1 + rng.int(3); edits > 0; edits--) list = mutatePassList(list, rng, registry);
  return list;
}

function tournament({ rng }: StrategyContext, population: readonly Scored[]): PassList | undefined {
  if (population.length === 0) return undefined;
  // The population is sorted: the smallest of some random indices is the fittest of them.
  const winner = Math.min(...Array.from({ length: TOURNAMENT }, () => rng.int(population.length)));
  return population[winner]?.list;
}

/** A run of top-level steps of some other list, put at a random place. */
function graft({ rng }: StrategyContext, list: PassList, material: readonly PassList[]): PassList {
  const donor = rng.pick(material);
  const start = rng.int(donor.length);
  const piece = donor.slice(start, start + 1 + rng.int(MAX_GRAFT_STEPS));
  return list.toSpliced(rng.int(list.length + 1), 0, ...piece);
}
