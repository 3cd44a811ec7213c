/**
 * How many random pass lists compile a program wrongly: lists over the passes that searches may use (wanted: none), and,
 * for comparison, over every transform pass, the ones held to be unsafe too. Goes on where it was stopped.
 *
 * Options: --count N lists of safe passes (1,000), --compare N lists of all passes (250), --sample N programs of each suite (20), --csmith N programs (20),
 * --seed N, --workers N.
 */

import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeRng } from "../src/base/rng.ts";
import { randomPassList } from "../src/passes/mutate.ts";
import { printPassList } from "../src/passes/print.ts";
import { type Registry, registryFor } from "../src/passes/registry.ts";
import { auditedPasses } from "../src/verify/audit.ts";
import { type ListReports, verifyManyLists } from "../src/verify/many-lists.ts";
import { openRig } from "../src/verify/rig.ts";
import { type PreparedSuite, prepareSuite } from "../src/verify/run-suite.ts";
import { SUITES, SUITE_NAMES } from "../src/verify/suites/index.ts";
import { benchPool } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

/** As random search draws them. */
const LENGTH = { minLength: 1, maxLength: 50 };
/** One failing program is enough to count a list; the third shows that it is no accident. */
const MAX_FAILURES = 3;
const CHUNK = 20;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    compare: { type: "string", default: "250" },
    sample: { type: "string", default: "20" },
    csmith: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
  },
});
const seed = Number(values.seed);
const sample = Number(values.sample);

using pool = benchPool(Number(values.workers));
const llvmVersion = await pool.llvmVersion();
const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "llmc", "verify");
const opened = await openRig({ toolchain: pool.toolchain, llvmVersion, cache });
if (opened instanceof Error) throw opened;
using rig = opened;

const suites: PreparedSuite[] = [];
for (const name of SUITE_NAMES) {
  const made = await prepareSuite(pool, SUITES[name], {
    rig,
    sample,
    context: { count: Number(values.csmith), seed },
  });
  if ("unavailable" in made) say(made.unavailable);
  else suites.push(made);
}

const safe = registryFor(pool.toolchain.major);
const kinds = [
  { kind: "safe passes", registry: safe, count: Number(values.count) },
  {
    kind: "all transform passes",
    registry: withoutWarnings(safe),
    count: Number(values.compare),
  },
];
const results: ({ kind: string; minutes: number } & ReturnType<typeof countFailures>)[] = [];
for (const { kind, registry, count } of kinds) {
  const rng = makeRng(`random lists ${seed} ${kind}`);
  const lists = Array.from({ length: count }, () =>
    printPassList(randomPassList(rng, registry, LENGTH)),
  );
  const started = performance.now();
  let told = 0;
  const rows = await verifyManyLists(pool, lists, suites, {
    rig,
    chunk: CHUNK,
    maxFailures: MAX_FAILURES,
    journal: join(cache, `random-lists-${llvmVersion}.jsonl`),
    onProgress: ({ list, suite, done, total }) => {
      if (performance.now() - told < 30_000) return;
      told = performance.now();
      say(`${kind}: list ${list}/${count}, ${suite} ${done}/${total}`);
    },
  });
  results.push({ kind, ...countFailures(rows), minutes: (performance.now() - started) / 60_000 });
}
write();

/** The same registry, with the passes held to be unsafe open to searches. */
function withoutWarnings(registry: Registry): Registry {
  const open = new Set(auditedPasses(registry).map(({ name }) => name));
  const passes = [...registry.passes].map(
    ([name, info]) =>
      [name, open.has(name) ? { ...info, kind: "transform" as const } : info] as const,
  );
  return { ...registry, passes: new Map(passes) };
}

function countFailures(rows: readonly ListReports[]) {
  const failing = rows.filter(({ reports }) => reports.some(({ wrong }) => wrong.length > 0));
  const noObject = rows.filter(({ reports }) =>
    reports.some(({ undecided }) => undecided.some(({ outcome }) => outcome !== undefined)),
  );
  const programs = rows
    .flatMap(({ reports }) => reports)
    .reduce((total, { run }) => total + run, 0);
  const evidence = failing.map(({ passes, reports }) => ({
    passes,
    wrong: reports.flatMap(({ suite, wrong }) =>
      wrong.map(({ program, counterexample }) => `${suite}/${program}: ${counterexample}`),
    ),
  }));
  const crashes = noObject.map(({ passes, reports }) => ({
    passes,
    undecided: reports.flatMap(({ suite, undecided }) =>
      undecided.map(({ program, why }) => `${suite}/${program}: ${why}`),
    ),
  }));
  return {
    lists: rows.length,
    failing: failing.length,
    withoutObject: noObject.length,
    programs,
    evidence,
    crashes,
  };
}

function write(): void {
  const table = markdownTable(
    [
      "random lists over",
      "lists",
      "compile some program wrongly",
      "LLVM fails on some program",
      "programs compiled",
    ],
    results.map(({ kind, lists, failing, withoutObject, programs }) => [
      kind,
      lists,
      failing,
      withoutObject,
      programs,
    ]),
  );
  const held = suites.map(({ name, programs, leftOut }) => [name, programs.length, leftOut.length]);
  const told = results.flatMap(({ kind, evidence }) =>
    evidence
      .slice(0, 10)
      .map(({ passes, wrong }) => `- ${kind}: ${wrong[0]?.split("\n")[0]}\n  \`${passes}\``),
  );
  writeResults(
    "verify-random-lists",
    { provenance: provenance(llvmVersion), seed, suites: held, results },
    `${table}\nLists of 1 to 50 passes, seed ${seed}. A list is given up after ${MAX_FAILURES} failing programs of a suite.\n\n` +
      `${markdownTable(["suite", "programs", "left out"], held)}\n${told.length === 0 ? "" : `First failures:\n\n${told.join("\n")}\n`}`,
  );
}
