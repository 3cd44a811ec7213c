// Which of the recorded modules make the corpus: no duplicates, nothing trivial or huge, a few per package
// spread over its sizes. Pure and deterministic: the same records give the same corpus in any order.
import { hash } from "node:crypto";
import { basename } from "node:path";
import { pathIsHeldOut } from "./held-out.ts";
import type { Language } from "./recorder.ts";

export interface Recorded {
  package: string;
  version: string;
  /** Source file, relative to the package's root. */
  path: string;
  language: Language;
  flags: string[];
  bytes: number;
  sha256: string;
  /** Names of the functions it defines. */
  functions: string[];
}

export interface SelectLimits {
  minFunctions: number;
  minBytes: number;
  maxBytes: number;
  perPackage: number;
  total: number;
}

const SELECT_LIMITS: SelectLimits = {
  // Below these a module has nothing to tune; above, one evaluation takes seconds.
  minFunctions: 3,
  minBytes: 2_000,
  maxBytes: 200_000,
  perPackage: 12,
  total: 450,
};

// Code that is compiled but is not what ships in a firmware image.
const TEST_FOLDER =
  /(^|\/)([\w-]*[_-])?(tests?|testsuite|unittests?|fuzz|fuzzing|fuzzers?|bench|benchmarks?)\//i;
const TEST_FILE = /(^|[/_-])(tests?|unittest|fuzz|benchmark)([_-][\w-]*)?\.\w+$/i;

/** Why this module is not wanted, or null where it is. */
export function unwanted(module: Recorded, limits: SelectLimits = SELECT_LIMITS): string | null {
  if (pathIsHeldOut(module.path)) return "held out";
  if (TEST_FOLDER.test(module.path) || TEST_FILE.test(module.path)) return "test code";
  if (module.functions.length < limits.minFunctions) return "few functions";
  if (module.bytes < limits.minBytes) return "small";
  if (module.bytes > limits.maxBytes) return "large";
  return null;
}

/** The same source built twice, byte for byte or with other flags, or bundled by several packages. */
function duplicateKeys(module: Recorded): string[] {
  return [
    module.sha256,
    `${module.package}\0${module.path}`,
    [basename(module.path), ...module.functions.toSorted()].join("\0"),
  ];
}

function pathOrder(module: Recorded): string {
  return hash("sha256", `${module.package}/${module.path}`) + module.sha256;
}

export function withoutDuplicates<T extends Recorded>(modules: readonly T[]): T[] {
  const seen = new Set<string>();
  return modules.toSorted(by(pathOrder)).filter((module) => {
    const keys = duplicateKeys(module);
    const fresh = keys.every((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    return fresh;
  });
}

/** At most `count` modules: equal bands over the sizes, from each the one whose path hashes lowest. */
export function spreadOverSizes<T extends Recorded>(modules: readonly T[], count: number): T[] {
  const sorted = modules.toSorted(
    (a, b) => a.bytes - b.bytes || compare(pathOrder(a), pathOrder(b)),
  );
  const bands = Math.min(count, sorted.length);
  return Array.from({ length: bands }, (_, band) => {
    const from = Math.floor((band * sorted.length) / bands);
    const to = Math.floor(((band + 1) * sorted.length) / bands);
    return sorted.slice(from, to).toSorted(by(pathOrder)).slice(0, 1);
  }).flat();
}

export function selectModules<T extends Recorded>(
  modules: readonly T[],
  limits: SelectLimits = SELECT_LIMITS,
): T[] {
  const wanted = withoutDuplicates(modules.filter((module) => unwanted(module, limits) === null));
  const packages = [...Map.groupBy(wanted, (module) => module.package)].toSorted(
    by(([name]) => name),
  );
  const quota = fairQuota(
    packages.map(([, own]) => own.length),
    limits,
  );
  return packages.flatMap(([, own]) => spreadOverSizes(own, quota));
}

/** The largest share per package that keeps the total within bounds. */
function fairQuota(sizes: readonly number[], { perPackage, total }: SelectLimits): number {
  for (let quota = perPackage; quota > 1; quota--) {
    const sum = sizes.reduce((all, size) => all + Math.min(size, quota), 0);
    if (sum <= total) return quota;
  }
  return 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => compare(key(a), key(b));
}
