// Which passes an LLVM has: what opt says (generated/registry-*.ts), joined with what we say (classify.ts) and with what
// running them has shown (generated/audit-*.ts).

import { classify } from "./classify.ts";
import type { PassKind, Verdict } from "./classify.ts";
import { audit22 } from "./generated/audit-22.ts";
import type { GeneratedRegistry } from "./generated/format.ts";
import { registry19 } from "./generated/registry-19.ts";
import { registry22 } from "./generated/registry-22.ts";
import { ADAPTORS, isAdaptor } from "./levels.ts";
import type { AdaptorName } from "./levels.ts";
import type { PassLevel, PassNode } from "./tree.ts";

export type { PassKind } from "./classify.ts";

export interface PassInfo {
  readonly name: string;
  /** Where it is at home; for an adaptor, the level of its body. */
  readonly level: PassLevel;
  /**
   * Every level at which it runs, `level` first: most loop passes also run in loop-mssa. For an
   * adaptor, where it stands.
   */
  readonly levels: readonly PassLevel[];
  /**
   * Parameter spellings as opt prints them (`N` stands for a number); undefined where it takes
   * none.
   */
  readonly params: readonly string[] | undefined;
  readonly kind: PassKind;
  /** Why it is refused. */
  readonly evidence?: string;
}

export interface Registry {
  readonly llvmVersion: number;
  readonly passes: ReadonlyMap<string, PassInfo>;
  /** What `require<...>` and `invalidate<...>` may name, and at which level. */
  readonly analyses: ReadonlyMap<string, readonly PassLevel[]>;
}

/** Every checked-in version, oldest first. */
const GENERATED: readonly [GeneratedRegistry, ...GeneratedRegistry[]] = [registry19, registry22];

/**
 * The checked-in facts for a major version: its own, else the nearest older one, else the oldest.
 */
export function generatedFor(llvmMajor: number): GeneratedRegistry {
  return GENERATED.findLast((generated) => generated.llvmVersion <= llvmMajor) ?? GENERATED[0];
}

const cache = new Map<number, Registry>();

/**
 * The registry for an LLVM. Only 19 and 22 are checked in: 20 and 21 use 19's, and so do 17 and 18,
 * whose LLVM then rejects by itself the few names it does not know yet. `llvmVersion` says whose
 * registry it is.
 */
export function registryFor(llvmMajor: number): Registry {
  const generated = generatedFor(llvmMajor);
  const made = cache.get(generated.llvmVersion) ?? makeRegistry(generated);
  cache.set(generated.llvmVersion, made);
  return made;
}

/** The transform passes that a search may use, in order of name. */
export function searchPasses(registry: Registry): PassInfo[] {
  return [...registry.passes.values()].filter((info) => info.kind === "transform");
}

/** Whether a pass (not an adaptor) runs directly at this level. */
export function runsAt(info: PassInfo, level: PassLevel): boolean {
  return info.kind !== "adaptor" && info.levels.includes(level);
}

/** The levels at which this very node runs: require<domtree> only where domtree is computed. */
export function levelsOf(node: PassNode, registry: Registry): readonly PassLevel[] {
  const takesAnalysis = node.name === "require" || node.name === "invalidate";
  const analysis = takesAnalysis ? registry.analyses.get(node.params ?? "") : undefined;
  return analysis ?? registry.passes.get(node.name)?.levels ?? [];
}

function makeRegistry(generated: GeneratedRegistry): Registry {
  const analyses = new Map(generated.analyses);
  const infos = [
    ...generated.passes.map(([name, levels, params]) => passInfo(name, levels, params)),
    passInfo("require", ALL_LEVELS, [...analyses.keys()]),
    passInfo("invalidate", ALL_LEVELS, ["all", ...analyses.keys()]),
    ...Object.keys(ADAPTORS).filter(isAdaptor).map(adaptorInfo),
  ];
  const sorted = infos.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const passes = new Map(sorted.map((info) => [info.name, info]));
  return { llvmVersion: generated.llvmVersion, passes, analyses };
}

const ALL_LEVELS: readonly PassLevel[] = ["module", "cgscc", "function", "loop"];

function passInfo(
  name: string,
  levels: readonly PassLevel[],
  params: readonly string[] | undefined,
): PassInfo {
  return { name, level: levels[0] ?? "module", levels, params, ...audited(name) };
}

/** Evidence found with one LLVM counts for all: nobody has shown that the others are better. */
const AUDITS = [audit22];

/**
 * A pass that broke a program is refused. One that LLVM only fails with makes no wrong code: searches leave it alone, and the
 * stock pipelines that contain it can still be written out.
 */
function audited(name: string): Verdict {
  const verdict = classify(name);
  if (verdict.kind !== "transform") return verdict;
  for (const { llvmVersion, passes } of AUDITS) {
    const found = passes[name];
    if (found === undefined || found.status === "safe") continue;
    const evidence = `${found.status} (audit, ${llvmVersion}): ${found.evidence ?? ""}`;
    return { kind: found.status === "breaks" ? "unsafe" : "support", evidence };
  }
  return verdict;
}

function adaptorInfo(name: AdaptorName): PassInfo {
  const { body, within } = ADAPTORS[name];
  const levels = LEVEL_ORDER.filter((level) => within[level] !== undefined);
  const spelled = new Set(levels.flatMap((level) => within[level] ?? []));
  const params = [...spelled]
    .filter((spelling) => spelling !== undefined)
    .filter((spelling) => spelling !== "");
  const known = params.length > 0 ? params : undefined;
  return { name, level: body, levels, params: known, kind: "adaptor" };
}

/** Outermost first. */
export const LEVEL_ORDER: readonly PassLevel[] = [
  "module",
  "cgscc",
  "function",
  "loop",
  "loop-mssa",
];
