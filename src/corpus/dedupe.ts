/**
 * Which modules of a corpus are kept. Pure; the answer depends on the set of modules alone, not on the order in which
 * they came.
 *
 * Modules are gone through test first, then valid, then train, within a split by their hashes, and each is compared
 * with those kept so far. So code that is on both sides stays in the test split, where it is paid for with one
 * training module, and never the other way round.
 *
 * - *exact duplicate*: the same functions in normal form, equally often, as a kept module;
 * - *near duplicate*: at least NEAR_SHARE of its instructions are in functions that kept modules have already.
 *   "Kept modules" are all of them together: a C++ file whose templates are each in some other file adds nothing.
 */

import { hash } from "node:crypto";
import type { CorpusModule, Verdict } from "./corpus-module.ts";
import { pathIsHeldOut } from "./held-out.ts";
import type { Split } from "./split.ts";

export interface Candidate extends Pick<CorpusModule, "hash" | "package" | "path" | "split"> {
  readonly functions: readonly { readonly hash: string; readonly instructions: number }[];
}

/**
 * Of 2,460 recorded modules of 18 packages, 145 are over it: nearly all are files that a build compiles twice, with other
 * macros. They take 0.5 % of all instructions with them that no other module has. Between 50 and 80 % lie files that share
 * inline functions of one header and have code of their own.
 */
export const NEAR_SHARE = 0.8;

const RANK: Readonly<Record<Split, number>> = { test: 0, valid: 1, train: 2 };

/** What configure scripts and cmake compile to ask the compiler something. */
const PROBE =
  /(^|\/)(conftest|conf\d+-\d+-\d+|cmTC_\w+|CMakeC(XX)?CompilerId|_?configtest|ffconf\.\w+\/test)\.?\w*$|(^|\/)(CMakeScratch|CMakeTmp|CompilerIdC(XX)?|meson-private)\//;

const KEPT: Verdict = { kept: true, why: "", duplicateOf: "" };

/** A verdict for each candidate, in the order of the argument. */
export function dedupe(candidates: readonly Candidate[]): Verdict[] {
  const order = candidates
    .map((candidate, index) => ({ candidate, index }))
    .toSorted((a, b) => compareCandidates(a.candidate, b.candidate));
  const verdicts: Verdict[] = Array.from(candidates, () => KEPT);
  const kept = makeKept();
  for (const { candidate, index } of order) {
    const verdict = judge(candidate, kept);
    if (verdict.kept) kept.add(candidate);
    verdicts[index] = verdict;
  }
  return verdicts;
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    RANK[a.split] - RANK[b.split] ||
    compare(a.hash, b.hash) ||
    compare(a.package, b.package) || // the same bitcode in two packages
    compare(a.path, b.path)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function judge(candidate: Candidate, kept: Kept): Verdict {
  const drop = (why: Verdict["why"], duplicateOf = ""): Verdict => ({
    kept: false,
    why,
    duplicateOf,
  });
  if (PROBE.test(candidate.path)) return drop("configure probe");
  if (pathIsHeldOut(candidate.path)) return drop("held-out path");
  if (candidate.functions.length === 0) return drop("no function");
  const same = kept.sameFunctions(candidate);
  if (same !== undefined) return drop("exact duplicate", same);
  const { share, most } = kept.known(candidate);
  return share >= NEAR_SHARE ? drop("near duplicate", most) : KEPT;
}

interface Kept {
  add(candidate: Candidate): void;
  /** Hash of the kept module with the same functions. */
  sameFunctions(candidate: Candidate): string | undefined;
  /** The share of its instructions that is in kept modules, and the kept module that has most of it. */
  known(candidate: Candidate): { share: number; most: string };
}

function makeKept(): Kept {
  /** By function, the first kept module that has it. */
  const owners = new Map<string, string>();
  const bySignature = new Map<string, string>();
  return {
    add(candidate) {
      bySignature.set(signature(candidate), candidate.hash);
      for (const fn of candidate.functions)
        if (!owners.has(fn.hash)) owners.set(fn.hash, candidate.hash);
    },
    sameFunctions: (candidate) => bySignature.get(signature(candidate)),
    known({ functions }) {
      let all = 0;
      let known = 0;
      const from = new Map<string, number>();
      for (const { hash: name, instructions } of functions) {
        all += instructions;
        const owner = owners.get(name);
        if (owner === undefined) continue;
        known += instructions;
        from.set(owner, (from.get(owner) ?? 0) + instructions);
      }
      const [most] = [...from].toSorted((a, b) => b[1] - a[1] || compare(a[0], b[0]));
      return { share: all === 0 ? 0 : known / all, most: most?.[0] ?? "" };
    },
  };
}

/** Equal for equal multisets of functions. */
function signature({ functions }: Candidate): string {
  return hash(
    "sha256",
    functions
      .map((fn) => fn.hash)
      .toSorted()
      .join("\n"),
  );
}
