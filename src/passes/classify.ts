// The hand-written half of the registry: what each pass is good for. LLVM does not say which of its
// passes may be used in a search; this table does, one kind for every name of every checked-in
// version (registry.test.ts sees to that). Evidence is what opt did, or what the pass is made for.
// Levels and parameters come from LLVM itself, see generated/.

/**
 * A closed set. Only `transform` is put into lists by searches; `check` refuses the kinds in
 * REFUSED.
 */
export const PASS_KINDS = [
  "transform", // keeps the meaning of the program and may make it smaller
  "support", // harmless and part of stock pipelines, or a step other passes need; searches leave it alone
  "analysis", // computes or forgets facts, checks, counts; changes nothing
  "pipeline", // a whole stock pipeline by one name
  "adaptor", // runs the passes in its parentheses
  "printer", // writes to the terminal or to files
  "instrument", // adds run-time checks or counters; needs a run-time library or a profile
  "lowering", // belongs to code generation for some target and is run there by LLVM itself
  "unsafe", // crashes, hangs, breaks programs, changes the ABI or needs outside input
] as const;

export type PassKind = (typeof PASS_KINDS)[number];

export const REFUSED: ReadonlySet<PassKind> = new Set([
  "printer",
  "instrument",
  "lowering",
  "unsafe",
]);

export interface Verdict {
  readonly kind: PassKind;
  readonly evidence?: string;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const TRANSFORMS = words(`
  always-inline called-value-propagation constmerge deadargelim elim-avail-extern globaldce globalopt globalsplit
  hotcoldsplit inferattrs ipsccp iroutliner mergefunc module-inline partial-inliner rel-lookup-table-converter
  rpo-function-attrs scc-oz-module-inliner strip-dead-prototypes

  argpromotion function-attrs inline

  adce aggressive-instcombine alignment-from-assumptions assume-builder assume-simplify bdce break-crit-edges
  callsite-splitting chr consthoist constraint-elimination correlated-propagation dce dfa-jump-threading div-rem-pairs
  drop-unnecessary-assumes dse early-cse flatten-cfg float2int gvn gvn-hoist gvn-sink infer-address-spaces
  infer-alignment inject-tli-mappings instcombine instsimplify irce jump-table-to-switch jump-threading lcssa
  libcalls-shrinkwrap load-store-vectorizer loop-data-prefetch loop-distribute loop-fusion loop-load-elim loop-simplify
  loop-sink loop-unroll loop-vectorize loop-versioning lower-constant-intrinsics lower-expect lower-matrix-intrinsics
  lower-switch mem2reg memcpyopt mergeicmps mldst-motion move-auto-init nary-reassociate
  partially-inline-libcalls reassociate redundant-dbg-inst-elim scalarize-masked-mem-intrin scalarizer sccp
  separate-const-offset-from-gep simplifycfg sink slp-vectorizer slsr speculative-execution sroa tailcallelim tlshoist
  unreachableblockelim vector-combine guard-widening make-guards-explicit

  canon-freeze indvars licm lnicm loop-bound-split loop-deletion loop-flatten loop-idiom loop-idiom-vectorize
  loop-instsimplify loop-interchange loop-predication loop-reduce loop-rotate loop-simplifycfg loop-term-fold
  loop-unroll-and-jam loop-unroll-full loop-versioning-licm simple-loop-unswitch
`);

const SUPPORT = words(`
  add-discriminators alloc-token annotation2metadata cg-profile coro-annotation-elide coro-cleanup coro-early coro-elide
  coro-split declare-runtime-libcalls declare-to-assign ee-instrument extra-simple-loop-unswitch-passes
  extra-vector-passes forceattrs instnamer memprof-remove-attributes name-anon-globals no-op-cgscc no-op-function
  no-op-loop no-op-loopnest no-op-module objc-arc objc-arc-apelim objc-arc-expand openmp-opt openmp-opt-cgscc
  recompute-globalsaa strip-gc-relocates strip-dead-cg-profile strip-dead-debug-info strip-debug-declare
  strip-nonlinetable-debuginfo
`);

const ANALYSES = words(`
  aa-eval annotation-remarks count-visits invalidate pa-eval prof-verify require transform-warning verify
`);

const PIPELINES = words(`default function-simplification`);

const ADAPTOR_NAMES = words(`module coro-cond cgscc devirt function loop loop-mssa`);

const PRINTERS = words(`
  dot-callgraph dot-cfg dot-cfg-only dot-ddg dot-dom dot-dom-only dot-post-dom dot-post-dom-only func-properties-stats
  helloworld instcount kernel-info lint print print-alias-sets print-callgraph print-callgraph-sccs print-cfg-sccs
  print-ir-similarity print-lcg print-lcg-dot print-memderefs print-must-be-executed-contexts print-mustexecute
  print-predicateinfo print-profile-summary print-stack-safety view-callgraph view-cfg view-cfg-only view-dom
  view-dom-only view-post-dom view-post-dom-only check-debugify
`);

const INSTRUMENTS: Readonly<Record<string, string>> = {
  "adds run-time checks and calls a sanitizer's run-time library":
    "asan bounds-checking dfsan hwasan msan nsan rtsan sancov-module sanmd-module tsan tsan-module tysan",
  "adds hardening checks, which only make code larger":
    "cfguard kcfi safe-stack stack-protector jmc-instrumenter",
  "adds counters, or needs a profile file":
    "ctx-instr-gen ctx-instr-lower ctx-prof-flatten ctx-prof-flatten-prethinlink insert-gcov-profiling instrorderfile " +
    "instrprof memprof memprof-module memprof-use memprof-context-disambiguation pgo-force-function-attrs " +
    "pgo-icall-prom pgo-instr-gen pgo-instr-use pgo-memop-opt prof-inject pseudo-probe pseudo-probe-update sample-profile " +
    "synthetic-counts-propagation noinline-nonprevailing assign-guid",
};

const LOWERINGS: Readonly<Record<string, string>> = {
  "a step of code generation: LLVM runs it itself where the target wants it":
    "atomic-expand callbr-prepare complex-deinterleaving dwarf-eh-prepare expand-ir-insts expand-large-div-rem " +
    "expand-large-fp-convert expand-reductions expand-variadics gc-lowering global-merge global-merge-func hardware-loops " +
    "indirectbr-expand interleaved-access interleaved-load-combine lower-allow-check lower-emutls lower-global-dtors " +
    "lower-guard-intrinsic lower-ifunc lower-widenable-condition objc-arc-contract pre-isel-intrinsic-lowering " +
    "replace-with-veclib select-optimize shadow-stack-gc-lowering sjlj-eh-prepare typepromotion wasm-eh-prepare " +
    "win-eh-prepare free-machine-function",
  "a step of code generation: without a target machine opt 19.1.7 segfaults, opt 22.1.8 rejects it":
    "expand-memcmp",
  "for GPUs and offloading":
    "dxil-upgrade hipstdpar-interpose-alloc hipstdpar-math-fixup " +
    "hipstdpar-select-accelerator-code",
};

const UNSAFE: Readonly<Record<string, string>> = {
  "structurizecfg": "miscompiles: 8 of 1,577 gcc torture programs break from it alone",
  "unify-loop-exits": "makes invalid IR",
  "fix-irreducible": "not trusted: companion of structurizecfg and unify-loop-exits",
  "attributor": "miscompile after iroutliner",
  "attributor-cgscc": "miscompile after iroutliner, as attributor",
  "attributor-light": "miscompile after iroutliner, as attributor",
  "attributor-light-cgscc": "miscompile after iroutliner, as attributor",
  "newgvn": "miscompile: a program hangs at run time",
  "reg2mem":
    "miscompile: function(gvn,jump-threading,reg2mem) breaks strings-and-streams.cc of the builtin suite (22.1.8)",
  "loop-extract": "segfault when run twice",
  "mergereturn": "opt 19.1.7 and 22.1.8: invalid IR from a function with a musttail call",
  "codegenprepare": "segfault in opt",
  "function-import": "aborts without a summary file",
  "internalize": "makes exported symbols local, so other objects no longer link",

  "lower-atomic": "makes atomic operations plain ones",
  "lower-invoke": "turns invokes into calls: exceptions are no longer caught",
  "lowertypetests": "needs the whole program",
  "simplify-type-tests": "needs the whole program",
  "cross-dso-cfi": "needs the whole program and changes the ABI",
  "wholeprogramdevirt": "needs the whole program",
  "norecurse-lto-inference": "needs the whole program",
  "openmp-opt-postlink": "needs the whole program",
  "fatlto-cleanup": "needs the whole program",
  "lto": "needs the whole program",
  "lto-pre-link": "leaves work for a link-time step that does not come",
  "thinlto": "needs a link-time summary",
  "thinlto-pre-link": "leaves work for a link-time step that does not come",
  "fatlto-pre-link": "leaves work for a link-time step that does not come",
  "embed-bitcode": "adds the bitcode to the object",
  "inliner-ml-advisor-release": "needs an embedded model",
  "inliner-size-estimator": "needs an embedded model",
  "inliner-wrapper": "a test harness around inline",
  "inliner-wrapper-no-mandatory-first": "a test harness around inline",
  "canonicalize-aliases": "for link-time optimisation: renames aliases",
  "metarenamer": "renames symbols",
  "rewrite-symbols": "renames symbols by a file",
  "strip": "takes symbol names away, so other objects no longer link",
  "strip-nondebug": "takes symbol names away, so other objects no longer link",
  "extract-blocks": "tool of llvm-extract: takes code away",
  "debugify": "a test tool: adds invented debug information",
  "normalize": "for comparing IR by eye: reorders and renames instructions",
  "poison-checking": "a test tool: adds calls of a checker",
  "trigger-crash-module": "a test tool: crashes",
  "trigger-crash-function": "a test tool: crashes",
  "trigger-verifier-error": "a test tool: makes invalid IR",
  "place-safepoints": "for garbage-collected languages: adds calls",
  "rewrite-statepoints-for-gc": "for garbage-collected languages: changes the ABI",
  "sandbox-vectorizer": "experimental test bed",
};

function grouped(kind: PassKind, groups: Readonly<Record<string, string>>): [string, Verdict][] {
  return Object.entries(groups).flatMap(([evidence, names]) =>
    words(names).map((name): [string, Verdict] => [name, { kind, evidence }]),
  );
}

function plain(kind: PassKind, names: readonly string[]): [string, Verdict][] {
  return names.map((name) => [name, { kind }]);
}

const ROWS: readonly [string, Verdict][] = [
  ...plain("transform", TRANSFORMS),
  ...plain("support", SUPPORT),
  ...plain("analysis", ANALYSES),
  ...plain("pipeline", PIPELINES),
  ...plain("adaptor", ADAPTOR_NAMES),
  ...plain("printer", PRINTERS),
  ...grouped("instrument", INSTRUMENTS),
  ...grouped("lowering", LOWERINGS),
  ...Object.entries(UNSAFE).map(([name, evidence]): [string, Verdict] => [
    name,
    { kind: "unsafe", evidence },
  ]),
];

const VERDICTS: ReadonlyMap<string, Verdict> = new Map(ROWS);

/** Names that stand in the table more than once; a test wants none. */
export const CLASSIFIED_TWICE: readonly string[] = ROWS.map(([name]) => name).filter(
  (name, index, names) => names.indexOf(name) !== index,
);

/** What we know of a pass. A pass that nobody has looked at is unsafe until somebody has. */
export function classify(name: string): Verdict {
  return VERDICTS.get(name) ?? { kind: "unsafe", evidence: "nobody has tried it yet" };
}

export function isClassified(name: string): boolean {
  return VERDICTS.has(name);
}
