/** Every search strategy, by the name the command line knows. */

import type { Strategy } from "../strategy.ts";
import { climb } from "./climb.ts";
import { coresetInOrder } from "./coreset-in-order.ts";
import { expected } from "./expected.ts";
import { genetic } from "./genetic.ts";
import { guided } from "./guided.ts";
import { random } from "./random.ts";

export type StrategyName = "guided" | "coreset" | "expected" | "climb" | "genetic" | "random";

export const STRATEGIES: Record<StrategyName, { readonly run: Strategy; readonly about: string }> =
  {
    guided: {
      run: guided,
      about: "coreset lists by expected saving, then evolution from the best of them",
    },
    coreset: { run: coresetInOrder, about: "the coreset in its order, at most 100 compilations" },
    expected: {
      run: expected,
      about: "the coreset, each next list by what those before it saved; one at a time",
    },
    climb: { run: climb, about: "hill-climbing over the tree of passes, from -Oz" },
    genetic: { run: genetic, about: "a genetic search from -Oz and random lists" },
    random: { run: random, about: "random lists of 1 to 50 passes" },
  };
