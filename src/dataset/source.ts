/** What the stages make their rows of: one corpus module, opened, and everything that is drawn for it. */

import { type Rng, makeRng } from "../base/rng.ts";
import type { Failure } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { randomPassList } from "../passes/mutate.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import type { Registry } from "../passes/registry.ts";
import type { Architecture } from "../tasks/dialect.ts";
import type { Trials } from "./trials.ts";
import type { Unit } from "./unit.ts";

export interface Kit {
  readonly pool: Pool;
  readonly registry: Registry;
  /** In the order of their numbers. */
  readonly coreset: readonly PassList[];
  readonly seed: number;
  /** Tokens of a row at most. */
  readonly context: number;
  readonly countTokens: (text: string) => number;
}

export interface Source extends Kit {
  /** SHA-256 of the corpus module's bitcode. */
  readonly hash: string;
  /** The module as it is, for its own architecture. */
  readonly unit: Unit;
  readonly architecture: Architecture;
  /** For the other architecture; why not where that cannot be. */
  readonly other: Unit | { readonly why: string };
  /** What the coreset's lists save on the module, by its labels; undefined where it has none. */
  readonly trials: Trials | undefined;
  /** Whether `unit` is all of the corpus module: functions that another split has are cut off. */
  readonly isWhole: boolean;
}

/** The same for the same seed, module and purpose, whatever else is made. */
export const rngFor = ({ seed, hash }: Pick<Source, "seed" | "hash">, purpose: string): Rng =>
  makeRng(`${seed} ${hash} ${purpose}`);

/** As the published recipe draws them (facts: 1 to 50 passes). */
const RANDOM = { minLength: 1, maxLength: 50 };

export const drawRandom = ({ registry }: Kit, rng: Rng): PassList =>
  randomPassList(rng, registry, RANDOM);

export const drawCoreset = (kit: Kit, rng: Rng): PassList =>
  kit.coreset.length === 0 ? drawRandom(kit, rng) : rng.pick(kit.coreset);

export const printed = printPassList;

/** The count that a failure goes to: its message may hold what differs from run to run. */
export const failed = ({ status }: Failure): { left: string } => ({ left: `LLVM ${status}` });
