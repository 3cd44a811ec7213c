// Parameters: which spellings a pass takes, and which of them a search tries.

import type { PassInfo, Registry } from "./registry.ts";

/**
 * The parameter that is not in the pass's table, or undefined where all are. Empty parts (`gvn<>`,
 * a last `;`) pass.
 */
export function badParam(info: PassInfo, params: string): string | undefined {
  if (info.params === undefined) return params;
  return params
    .split(";")
    .find((part) => part !== "" && !info.params?.some((known) => spells(known, part)));
}

/**
 * Whether `part` is the parameter `known`, which may end in `=N` (a number), `=S` or the like (any
 * text).
 */
function spells(known: string, part: string): boolean {
  const equals = known.indexOf("=");
  if (equals < 0) return known === part;
  const value = part.slice(equals + 1);
  if (!part.startsWith(known.slice(0, equals + 1))) return false;
  return known.endsWith("=N") ? /^\d{1,9}$/.test(value) : value !== "";
}

/** Passes that mean nothing without a parameter. */
export const NEEDS_PARAMS: ReadonlySet<string> = new Set([
  "default",
  "thinlto",
  "thinlto-pre-link",
  "lto",
  "lto-pre-link",
  "fatlto-pre-link",
  "function-simplification",
  "require",
  "invalidate",
  "devirt",
]);

/**
 * What must be written out, and what minimisation never takes away: without it, instcombine ends
 * the process when its fix-point check fails.
 */
export const DEFAULT_PARAMS: Readonly<Record<string, string>> = {
  instcombine: "no-verify-fixpoint",
};

const NO_SWITCHES =
  "bonus-inst-threshold=1;no-forward-switch-cond;switch-range-to-icmp;no-switch-to-lookup;keep-loops;" +
  "no-hoist-common-insts;no-sink-common-insts;speculate-blocks;simplify-cond-branch;no-speculate-unpredictables";

/** Spellings worth a try; undefined stands for none. A pass without a row is tried plain. */
const SEARCH_PARAMS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "drop-unnecessary-assumes": [undefined, "drop-deref"],
  "early-cse": [undefined, "memssa"],
  "function-attrs": [undefined, "skip-non-recursive-function-attrs"],
  "globaldce": [undefined],
  "gvn": [
    undefined,
    "no-pre",
    "no-load-pre",
    "no-pre;no-load-pre",
    "split-backedge-load-pre",
    "no-memdep;memoryssa",
  ],
  "inline": [undefined, "only-mandatory"],
  "instcombine": ["no-verify-fixpoint", "max-iterations=1;no-verify-fixpoint"],
  "ipsccp": [undefined, "no-func-spec", "func-spec"],
  "licm": ["allowspeculation", "no-allowspeculation"],
  "lnicm": ["allowspeculation", "no-allowspeculation"],
  "loop-rotate": [
    undefined,
    "no-header-duplication",
    "header-duplication",
    "header-duplication;prepare-for-lto",
  ],
  "loop-unroll": [
    undefined,
    "O1",
    "O2",
    "O3",
    "no-runtime;no-partial",
    "full-unroll-max=4",
    "full-unroll-max=8",
    "no-peeling;no-runtime;no-partial;no-upperbound",
  ],
  "loop-vectorize": [
    undefined,
    "no-interleave-forced-only;vectorize-forced-only",
    "interleave-forced-only;vectorize-forced-only",
  ],
  "lower-matrix-intrinsics": [undefined, "minimal"],
  "mldst-motion": [undefined, "no-split-footer-bb", "split-footer-bb"],
  "scalarizer": [
    undefined,
    "load-store",
    "no-load-store",
    "variable-insert-extract",
    "min-bits=32",
  ],
  "separate-const-offset-from-gep": [undefined, "lower-gep"],
  "simple-loop-unswitch": [undefined, "nontrivial", "no-nontrivial;trivial"],
  "simplifycfg": [
    undefined,
    NO_SWITCHES,
    "hoist-common-insts;sink-common-insts",
    "hoist-common-insts",
    "sink-common-insts",
    "no-hoist-common-insts;no-sink-common-insts",
    "forward-switch-cond;switch-to-lookup;no-keep-loops;hoist-common-insts;sink-common-insts",
    "switch-to-lookup",
    "switch-to-arithmetic",
    "no-switch-range-to-icmp",
    "switch-range-to-icmp",
    "no-keep-loops",
    "bonus-inst-threshold=0",
    "bonus-inst-threshold=2",
    "bonus-inst-threshold=4",
    "no-speculate-blocks",
    "no-speculate-blocks;no-simplify-cond-branch",
    "no-simplify-cond-branch",
    "speculate-unpredictables;hoist-loads-stores-with-cond-faulting",
  ],
  "speculative-execution": [undefined, "only-if-divergent-target"],
  "sroa": [undefined, "modify-cfg", "preserve-cfg"],
};

/** The spellings a search may try for a pass, those that this LLVM takes; never empty. */
export function searchParams(info: PassInfo): readonly (string | undefined)[] {
  const known = (SEARCH_PARAMS[info.name] ?? [DEFAULT_PARAMS[info.name]]).filter(
    (params) => params === undefined || badParam(info, params) === undefined,
  );
  return known.length > 0 ? known : [undefined];
}

/** Passes with a row here; a test holds them against the registry. */
export function passesWithSearchParams(registry: Registry): string[] {
  return Object.keys(SEARCH_PARAMS).filter((name) => registry.passes.has(name));
}
