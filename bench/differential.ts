/**
 * The differential check, measured: how many of 50 planted miscompiles it catches, how many of 200 pairs that are
 * taken to be right it calls wrong (wanted: none), and what it costs. On real modules whose packages no coreset saw.
 *
 * A miss is looked into: a probe that traps at the changed line tells whether any counted input comes there at all.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRng } from "../src/base/rng.ts";
import { median, quantile, sum } from "../src/base/stats.ts";
import type { LoadedModule, Pool } from "../src/llvm/pool.ts";
import { printPassList } from "../src/passes/print.ts";
import { registryFor } from "../src/passes/registry.ts";
import { loadCoreset } from "../src/tuner/coreset.ts";
import {
  type DifferentialReport,
  type Reference,
  makeReference,
} from "../src/verify/differential/differential.ts";
import { symbolOf } from "../src/verify/differential/ir-text.ts";
import { type Mutation, mutate } from "../src/verify/mutator.ts";
import { benchPool, testModules } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const PAIRS = 200;
const MUTANTS = 50;
const MAX_MODULE_BYTES = 60_000;
const MODULES = 60;
const SEED = 1;
/** At most so many mutants from one module. */
const MUTANTS_PER_MODULE = 2;
const LISTS_FROM_CORESET = 3;
const TRIES_PER_MUTANT = 8;

type Miss =
  | "equivalent code"
  | "function undecided"
  | "no counted input comes to the change"
  | "run, but nothing seen differed";

interface Planted {
  readonly module: string;
  readonly kind: string;
  readonly fn: string;
  readonly before: string;
  readonly after: string;
  readonly verdict: string;
  readonly words: string;
  readonly miss?: Miss;
}

interface Pair {
  readonly module: string;
  readonly passes: string;
  readonly status: string;
  readonly words: string;
}

using pool = benchPool(2);
const scratch = mkdtempSync(join(tmpdir(), "llmc-differential-"));
const rng = makeRng(SEED);
const lists = [
  ...["O3", "Os", "O2", "O1"].map((level) => `default<${level}>`),
  ...loadCoreset(registryFor(22)).lists.slice(0, LISTS_FROM_CORESET).map(printPassList),
];
const pairs: Pair[] = [];
const planted: Planted[] = [];
const costs = {
  buildSeconds: [] as number[],
  checkSeconds: [] as number[],
  perFunctionMs: [] as number[],
};
const functions = { all: 0, tested: 0, whys: new Map<string, number>() };

for (const chosen of testModules({ count: MODULES, maxBytes: MAX_MODULE_BYTES })) {
  if (pairs.length >= PAIRS && planted.length >= MUTANTS) break;
  const name = `${chosen.package}/${chosen.id.slice(0, 8)}`;
  const loaded = await pool.load(chosen.bitcode(), name);
  if (loaded.status !== "ok") continue;
  await study(pool, loaded.value, name);
  pool.unload(loaded.value);
}
rmSync(scratch, { recursive: true, force: true });
write();

async function study(on: Pool, module: LoadedModule, name: string): Promise<void> {
  const started = performance.now();
  const made = await makeReference(on, module, { scratch, seed: SEED });
  const seconds = (performance.now() - started) / 1000;
  if (made.status !== "ok") {
    say(`${name}: ${made.message.slice(0, 300)}`);
    pairs.push({
      module: name,
      passes: "",
      status: "undecided",
      words: made.message.slice(0, 200),
    });
    return;
  }
  using reference = made.value;
  costs.buildSeconds.push(seconds);
  for (const [k, passes] of lists.entries()) {
    if (pairs.length >= PAIRS) break;
    const report = await reference.check({ passes });
    pairs.push({ module: name, passes, ...wordsOf(report) });
    if (k === 0) countFunctions(report, seconds);
    costs.checkSeconds.push(report.seconds);
    if (report.verdict.status === "wrong") say(`${name} ${passes}: ${wordsOf(report).words}`);
  }
  for (let k = 0; k < MUTANTS_PER_MODULE && planted.length < MUTANTS; k++) {
    const found = await plant(on, module, { reference, name });
    if (found === undefined) continue;
    planted.push(found);
    if (found.miss !== undefined)
      say(`  missed, ${found.miss}: ${found.fn}: ${found.before} -> ${found.after}`);
  }
  say(
    `${name}: ${seconds.toFixed(1)} s, ${pairs.length} pairs, ${pairs.filter(({ status }) => status === "wrong").length} wrong; ${planted.filter(({ verdict }) => verdict === "wrong").length} of ${planted.length} caught`,
  );
}

function wordsOf({ verdict }: DifferentialReport): { status: string; words: string } {
  const words =
    verdict.status === "correct"
      ? verdict.evidence
      : verdict.status === "wrong"
        ? verdict.counterexample
        : verdict.why;
  return { status: verdict.status, words };
}

function countFunctions(report: DifferentialReport, seconds: number): void {
  functions.all += report.functions.length;
  for (const { verdict } of report.functions) {
    if (verdict.status !== "undecided") functions.tested++;
    else {
      const why = verdict.why
        .replaceAll(/\d+/g, "N")
        .replace(/ in \S+$/, "")
        .replace(/; of the rest.*/, "");
      functions.whys.set(why, (functions.whys.get(why) ?? 0) + 1);
    }
  }
  if (report.functions.length > 0)
    costs.perFunctionMs.push((1000 * (seconds + report.seconds)) / report.functions.length);
}

async function plant(
  on: Pool,
  module: LoadedModule,
  { reference, name }: { reference: Reference; name: string },
): Promise<Planted | undefined> {
  const optimised = await on.emit(module, "default<Oz>", "ir");
  const original = await on.emit(module, "default<Oz>", "object");
  if (optimised.status !== "ok" || original.status !== "ok") return undefined;
  const text = Buffer.from(optimised.value).toString("utf8");
  for (let attempt = 0; attempt < TRIES_PER_MUTANT; attempt++) {
    const mutation = mutate(text, rng);
    if (mutation === undefined) return undefined;
    const object = await objectOf(on, mutation.text);
    if (object === undefined || Buffer.compare(object, original.value) === 0) continue; // does not verify, or the same code
    const report = await reference.check({ object });
    const { kind, fn, before, after } = mutation;
    const caught = report.verdict.status === "wrong";
    const miss = caught ? {} : { miss: await classify(on, text, { mutation, reference, report }) };
    return {
      module: name,
      kind,
      fn: symbolOf(fn),
      before,
      after,
      verdict: report.verdict.status,
      words: wordsOf(report).words,
      ...miss,
    };
  }
  return undefined;
}

async function objectOf(on: Pool, text: string): Promise<Uint8Array | undefined> {
  const loaded = await on.load(Buffer.from(text), "mutant");
  if (loaded.status !== "ok") return undefined;
  const object = await on.emit(loaded.value, "", "object");
  on.unload(loaded.value);
  return object.status === "ok" ? object.value : undefined;
}

async function classify(
  on: Pool,
  text: string,
  {
    mutation,
    reference,
    report,
  }: { mutation: Mutation; reference: Reference; report: DifferentialReport },
): Promise<Miss> {
  const probe = await objectOf(on, withTrap(text, mutation));
  const probed = probe === undefined ? undefined : await reference.check({ object: probe });
  if (probed?.verdict.status === "wrong") return "run, but nothing seen differed";
  const own = report.functions.find((fn) => fn.name === symbolOf(mutation.fn));
  if (own?.verdict.status === "undecided") say(`  ${own.name}: ${own.verdict.why}`);
  return own?.verdict.status === "undecided"
    ? "function undecided"
    : "no counted input comes to the change";
}

/** The optimised module, trapping where the mutant was changed. */
function withTrap(text: string, { text: mutated }: Mutation): string {
  const lines = text.split("\n");
  const changed = mutated.split("\n");
  let at = lines.findIndex((line, i) => line !== changed[i]);
  while (/^ {4}/.test(lines[at] ?? "")) at--; // a row of a switch
  lines.splice(at, 0, "  call void @llvm.trap()");
  return [...lines, ...(text.includes("@llvm.trap()") ? [] : ["declare void @llvm.trap()"])].join(
    "\n",
  );
}

function write(): void {
  const caught = planted.filter(({ verdict }) => verdict === "wrong").length;
  const wrongPairs = pairs.filter(({ status }) => status === "wrong");
  const misses = Map.groupBy(
    planted.filter(({ miss }) => miss !== undefined),
    ({ miss }) => miss ?? "",
  );
  const kinds = Map.groupBy(planted, ({ kind }) => kind);
  const reachable =
    planted.length -
    (misses.get("function undecided")?.length ?? 0) -
    (misses.get("no counted input comes to the change")?.length ?? 0);
  const summary = {
    planted: planted.length,
    caught,
    reachable,
    pairs: pairs.length,
    calledWrong: wrongPairs.length,
    functions: functions.all,
    functionsTested: functions.tested,
    perFunctionMs: { median: median(costs.perFunctionMs), p90: quantile(costs.perFunctionMs, 0.9) },
    referenceSeconds: median(costs.buildSeconds),
    candidateSeconds: median(costs.checkSeconds),
  };
  const whys = [...functions.whys].toSorted(([, a], [, b]) => b - a).slice(0, 12);
  writeResults(
    "differential",
    { provenance: provenance("22.1.8"), summary, whys: Object.fromEntries(whys), planted, pairs },
    [
      `- Planted miscompiles: **${caught} of ${planted.length}** caught; of the ${reachable} whose change some counted input comes to, ${caught}.`,
      `- Pairs taken to be right (${lists.map((list) => `\`${list}\``).join(", ")}): **${wrongPairs.length} of ${pairs.length}** called wrong (wanted: 0).`,
      `- Functions tested: ${functions.tested} of ${functions.all}; the rest is undecided.`,
      `- Time for a function, trusted builds and one candidate: median ${summary.perFunctionMs.median.toFixed(0)} ms, p90 ${summary.perFunctionMs.p90.toFixed(0)} ms` +
        ` (machine shared with other work). A module's reference: ${summary.referenceSeconds.toFixed(1)} s; each candidate: ${summary.candidateSeconds.toFixed(1)} s, medians over ${sum(costs.buildSeconds.map(() => 1))} modules.`,
      "",
      "## Misses",
      "",
      markdownTable(
        ["why", "mutants"],
        [...misses].map(([why, list]) => [why, list.length]),
      ),
      markdownTable(
        ["module", "function", "kind", "before", "after", "why missed"],
        planted
          .filter(({ miss }) => miss !== undefined)
          .map((p) => [p.module, p.fn, p.kind, `\`${p.before}\``, `\`${p.after}\``, p.miss ?? ""]),
      ),
      "## By kind",
      "",
      markdownTable(
        ["kind", "planted", "caught"],
        [...kinds].map(([kind, list]) => [
          kind,
          list.length,
          list.filter(({ verdict }) => verdict === "wrong").length,
        ]),
      ),
      "## Why functions are undecided",
      "",
      markdownTable(["why", "functions"], whys),
    ].join("\n"),
  );
}
