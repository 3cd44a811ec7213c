/** What `optimize` says of one module, and the JSON that scripts read. */

import type { PassList } from "../passes/tree.ts";
import { printPassList } from "../passes/print.ts";
import { savedPercent } from "../base/stats.ts";
import type { Proposer } from "../tuner/tune.ts";
import type { VerdictStatus } from "../verify/verdict.ts";

/** Where the pass list came from. `-Oz`: nothing was smaller, so the answer is what clang -Oz gives. */
export type ResultSource = Proposer | "-Oz";

/**
 * `unchecked`: only LLVM's own verifier has looked at it. `same as -Oz`: it is what clang makes. `undecided`: a check ran
 * and could not tell. A result that is wrong is never given: it falls back to -Oz.
 */
export type ResultVerdict = "unchecked" | "same as -Oz" | VerdictStatus;

export interface ModuleResult {
  readonly input: string;
  readonly baselineBytes: number;
  readonly bytes: number;
  /** Pass lists measured: the search's and the minimiser's. */
  readonly compilations: number;
  readonly seconds: number;
  readonly passList: PassList;
  readonly source: ResultSource;
  readonly verdict: ResultVerdict;
  readonly notes: readonly string[];
  readonly explanation?: readonly ExplainedStep[];
}

export interface ExplainedStep {
  readonly step: string;
  /** Object size when the list ends after this step. */
  readonly bytes: number | undefined;
}

export interface ModuleFailure {
  readonly input: string;
  readonly error: string;
}

export interface Total {
  readonly baselineBytes: number;
  readonly bytes: number;
  readonly savedPercent: number;
  readonly compilations: number;
  readonly seconds: number;
}

/** `seconds` is the wall-clock time of the whole run: modules run beside each other. */
export function totalOf(results: readonly ModuleResult[], seconds: number): Total {
  const add = (field: "baselineBytes" | "bytes" | "compilations"): number =>
    results.reduce((total, result) => total + result[field], 0);
  const baselineBytes = add("baselineBytes");
  const bytes = add("bytes");
  return {
    baselineBytes,
    bytes,
    savedPercent: rounded(savedPercent(baselineBytes, bytes)),
    compilations: add("compilations"),
    seconds: rounded(seconds),
  };
}

/** The object that `--json` prints. `failed` is there only when something failed. */
export function toJson(
  results: readonly ModuleResult[],
  failures: readonly ModuleFailure[],
  seconds: number,
) {
  return {
    modules: results.map((result) => ({
      input: result.input,
      baselineBytes: result.baselineBytes,
      bytes: result.bytes,
      savedPercent: rounded(savedPercent(result.baselineBytes, result.bytes)),
      compilations: result.compilations,
      seconds: rounded(result.seconds),
      passList: printPassList(result.passList),
      source: result.source,
      verdict: result.verdict,
      ...(result.notes.length > 0 && { notes: result.notes }),
      ...(result.explanation && { explanation: result.explanation }),
    })),
    total: totalOf(results, seconds),
    ...(failures.length > 0 && { failed: failures }),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
