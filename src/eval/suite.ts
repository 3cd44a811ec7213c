/**
 * Evaluation: what a model, or a way without one, is worth. The words:
 *
 * A *suite* asks one kind of question; a *case* is one question of it, the same for all who answer; a *contender* answers: a
 * model, or a *rival*, which needs none. A *row* is what came of one contender on one case, a *table* is made of rows alone.
 * Every case gives a row: what did not parse, fit, compile or finish is a row that says so.
 */

import type { Pool } from "../llvm/pool.ts";
import type { Model } from "../model/model.ts";
import type { Registry } from "../passes/registry.ts";
import type { Coreset } from "../tuner/coreset.ts";
import type { Journal } from "../tuner/journal.ts";
import type { Row } from "./row.ts";

export const SUITES = ["tune", "size", "disassemble", "emulate", "loss", "code"] as const;
export type SuiteName = (typeof SUITES)[number];

/** `name` is what tables say, and with the suite and the case it names a row. */
export type Contender =
  | { readonly kind: "model"; readonly name: string; readonly model: Model }
  /** A model that writes code without a monitor (model.ts) over its shoulder. */
  | { readonly kind: "alone"; readonly name: string; readonly model: Model }
  /** As `llmc optimize` uses a model: its first lists, then the long search. */
  | { readonly kind: "optimize"; readonly name: string; readonly model: Model }
  | { readonly kind: "rival"; readonly name: string; readonly rival: Rival };

/** Without a model, of flag tuning and code-size prediction. */
export const RIVALS = [
  "-Oz",
  "-Os",
  "-O2",
  "-O3",
  /** The coreset's first list, whatever the module. */
  "single list",
  "coreset",
  /** The coreset's lists, each next one by what those before it have saved, with nothing known of the module. */
  "expected improvement",
  "nearest neighbour",
  "value prediction",
  /** The policy (rivals/policy): each next list by what those before it have saved. */
  "perceptron",
  "random search",
  "hill climbing",
  /** The long search: what is in reach (the potential). */
  "search",
] as const;
export type Rival = (typeof RIVALS)[number];

export interface Case {
  /** Unique in the suite and the same in every run on the same programs. */
  readonly id: string;
  readonly package: string;
  /** c, c++, assembly, python… */
  readonly language: string;
  /** Of what the contender is given: bitcode, assembly or text. */
  readonly bytes: number;
}

/** What the cases of a run are made from, and answered with. */
export interface Kit {
  readonly pool: Pool;
  readonly registry: Registry;
  readonly coreset: Coreset;
  /** Measurements of a module, named by the hash of its prepared bitcode; kept between runs. */
  readonly journalFor: (moduleHash: string) => Journal;
  readonly seed: number;
  /** A folder for checking programs. */
  readonly scratch: string;
  /** For one answer of a model. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Suite<C extends Case = Case> {
  readonly name: SuiteName;
  /** Whether the contender can be asked at all: no rival disassembles. */
  readonly takes: (contender: Contender) => boolean;
  /** Never throws for what a model or a program does wrong: that is the row's status. */
  readonly answer: (contender: Contender, asked: C, kit: Kit) => Promise<Row>;
}
