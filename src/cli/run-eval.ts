/** What `llmc eval` does: opens what was asked for, runs it, keeps the rows. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { sharedFunctions } from "../dataset/select.ts";
import { openCorpus } from "../corpus/store.ts";
import { remembering } from "../eval/answer-cache.ts";
import { readCodeCases, type CodeCase } from "../eval/code/problems.ts";
import { type Python, openPython } from "../eval/code/python.ts";
import { type Evaluation, writeEvaluation } from "../eval/evaluation-file.ts";
import { modelIdentity, rivalIdentity } from "../eval/identity.ts";
import { knownSizes } from "../eval/known-sizes.ts";
import { type Plan, planSuites } from "../eval/plan.ts";
import { type Programs, corpusPrograms, folderPrograms } from "../eval/programs.ts";
import { writeRows } from "../eval/row-files.ts";
import type { Row } from "../eval/row.ts";
import { openRows } from "../eval/rows-journal.ts";
import { type Entrant, type EvalProgress, runEval } from "../eval/run.ts";
import { type Kit, RIVALS, type Rival, SUITES, type SuiteName } from "../eval/suite.ts";
import { openLearned } from "../eval/learned.ts";
import type { Pool } from "../llvm/pool.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { coresetHash } from "../tasks/provenance.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import {
  CommandError,
  EXIT,
  cacheFolder,
  interruptSignal,
  journalsIn,
  openPool,
  requireToolchain,
  versionOf,
} from "./context.ts";
import { findModel } from "./open-model.ts";
import { statusLine } from "./terminal.ts";

export interface EvalOptions {
  suite?: SuiteName[];
  model: string[];
  rivals?: readonly Rival[];
  corpus?: string;
  programs?: string;
  output?: string;
  count: number;
  perPackage: number;
  minBytes: number;
  maxBytes: number;
  compilations: number;
  search: number;
  functions: number;
  candidates: number;
  emulations: number;
  texts: number;
  labels?: string;
  known?: string;
  humaneval?: string;
  mbpp?: string;
  samples: number;
  limit: number;
  seed: number;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export async function runEvalCommand(options: EvalOptions): Promise<void> {
  const { output } = options;
  if (output === undefined) throw new CommandError("-o FOLDER is missing", EXIT.usage);
  const code = codeCases(options);
  using pool = openPool(requireToolchain(options.llvm), options.jobs);
  using stack = new DisposableStack();
  const kit = await kitOf(pool, options, stack);
  const llvm = await versionOf(pool);
  const line = statusLine();
  const entrants = await entrantsOf(options, { pool, kit, output });
  try {
    const programs = await programsOf(options, kit, line.show);
    const plan = await planOf(options, { kit, programs, code, stack });
    const rows = await runEval({
      suites: plan.suites,
      entrants,
      kit,
      llvmVersion: llvm,
      journal: openRows(join(output, "rows.jsonl")),
      lanes: pool.workers,
      onProgress: progress(options, line.show),
    });
    line.clear();
    await writeRows(output, rows);
    const isWhole = kit.signal?.aborted !== true;
    writeEvaluation(
      output,
      await evaluationOf(options, { kit, llvm, programs, plan, entrants, isWhole }),
    );
    tell(rows, options, output);
    if (!isWhole) process.exitCode = EXIT.interrupted;
  } finally {
    line.clear();
    for (const entrant of entrants) if (entrant.kind === "model") await entrant.model.close();
  }
}

async function kitOf(pool: Pool, options: EvalOptions, stack: DisposableStack): Promise<Kit> {
  const registry = registryFor(pool.toolchain.major);
  const scratch = mkdtempSync(join(tmpdir(), "llmc-eval-"));
  stack.defer(() => rmSync(scratch, { recursive: true, force: true }));
  return {
    pool,
    registry,
    coreset: loadCoreset(registry),
    journalFor: journalsIn(join(cacheFolder(), "journal", `llvm-${await versionOf(pool)}`)),
    seed: options.seed,
    scratch,
    limitMs: options.limit * 1000,
    signal: interruptSignal(pool),
  };
}

async function entrantsOf(
  { model: wanted, rivals: chosen = RIVALS }: EvalOptions,
  { pool, kit, output }: { pool: Pool; kit: Kit; output: string },
): Promise<Entrant[]> {
  const { registry, coreset } = kit;
  const models: Entrant[] = [];
  for (const text of wanted) {
    const [, name = text, path = text] = /^([\w./-]+)=(.+)$/.exec(text) ?? [];
    const model = await findModel(path, pool, { registry, coreset: coreset.lists });
    if (model === undefined) continue;
    const identity = await modelIdentity(path);
    const answers = join(output, "answers", `${identity.replaceAll(/\W+/g, "_")}.jsonl`);
    models.push({ kind: "model", name, identity, model: remembering(model, identity, answers) });
  }
  const names = models.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new CommandError(
      `two models are called ${twice}; want --model NAME=${twice}`,
      EXIT.usage,
    );
  const made = coresetHash(coreset.lists.map(printPassList));
  const others = chosen.map(async (rival): Promise<Entrant> => {
    const identity = await rivalIdentity(rival, made);
    return { kind: "rival", name: rival, rival, identity };
  });
  return [...models, ...(await Promise.all(others))];
}

async function programsOf(
  { corpus, programs: path, ...options }: EvalOptions,
  kit: Kit,
  show: (text: string) => void,
): Promise<Programs> {
  if ((corpus === undefined) === (path === undefined))
    throw new CommandError("want --corpus DIR or --programs DIR, one of them", EXIT.usage);
  const onProgress = (done: number, total: number): void => show(`programs: ${done}/${total}`);
  const how = { kit, signal: kit.signal, onProgress };
  if (corpus !== undefined) {
    if (!existsSync(corpus)) throw new CommandError(`${corpus}: no such corpus`, EXIT.usage);
    return corpusPrograms(corpus, options, how);
  }
  const found = await folderPrograms(path ?? "", options, how);
  if (!found.ok) throw new CommandError(found.message, EXIT.usage);
  return found;
}

interface Code {
  readonly cases: readonly CodeCase[];
  readonly isWanted: boolean;
}

function codeCases({ humaneval, mbpp, suite = [] }: EvalOptions): Code {
  const files = [humaneval, mbpp].filter((path) => path !== undefined);
  if (files.length === 0 && suite.includes("code"))
    throw new CommandError("the suite code wants --humaneval FILE or --mbpp FILE", EXIT.usage);
  const cases = files.flatMap((path) => {
    const read = readCodeCases(path);
    if (!read.ok) throw new CommandError(read.message, EXIT.usage);
    return read.cases;
  });
  return { cases, isWanted: files.length > 0 };
}

async function planOf(
  options: EvalOptions,
  {
    kit,
    programs,
    code,
    stack,
  }: { kit: Kit; programs: Programs; code: Code; stack: DisposableStack },
): Promise<Plan> {
  const usual = SUITES.filter((name) => name !== "code" || code.isWanted);
  const { compilations, search: searchCompilations } = options;
  const learned = openLearned(kit.coreset);
  const python = code.isWanted ? await pythonFor(stack) : new Error("no problems were given");
  return planSuites(kit, programs.programs, {
    ...options,
    suites: options.suite ?? usual,
    tune: { compilations, searchCompilations, rankers: learned.rankers },
    predictors: learned.predictors,
    code: { cases: code.cases, python, samples: options.samples },
    isKnown: await knownFunctions(options),
  });
}

async function pythonFor(stack: DisposableStack): Promise<Python | Error> {
  const python = await openPython();
  return python instanceof Error ? python : stack.use(python);
}

/** Functions of a test program that a training program has too are not asked about; a sample of a corpus does not tell which. */
async function knownFunctions({
  corpus: path,
  known: list,
}: EvalOptions): Promise<(hash: string) => boolean> {
  if (list !== undefined) {
    const known = new Set(readText(list).split("\n"));
    return (hash) => known.has(hash);
  }
  if (path === undefined) return () => false;
  const corpus = await openCorpus(path);
  try {
    const shared = await sharedFunctions(corpus);
    return (hash) => shared.isForeign(hash, "test");
  } finally {
    corpus.close();
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${path}: cannot be read: ${why}`, EXIT.usage);
  }
}

interface Made {
  readonly kit: Kit;
  readonly llvm: string;
  readonly programs: Programs;
  readonly plan: Plan;
  readonly entrants: readonly Entrant[];
  readonly isWhole: boolean;
}

async function evaluationOf(options: EvalOptions, made: Made): Promise<Evaluation> {
  const { kit, llvm, programs, plan, entrants, isWhole } = made;
  const { compilations, search, candidates, minBytes, maxBytes } = options;
  return {
    llvm,
    version: packageJson.version,
    coreset: coresetHash(kit.coreset.lists.map(printPassList)),
    seed: options.seed,
    programs: options.corpus === undefined ? "a folder of programs" : "the test split of a corpus",
    packages: new Set(programs.programs.map((program) => program.package)).size,
    cases: Object.fromEntries(plan.suites.map(({ name, questions }) => [name, questions.length])),
    contenders: entrants.map(({ name, kind, identity }) => ({ name, kind, identity })),
    unusable: [...programs.unusable, ...plan.unusable],
    leftOut: Object.fromEntries(
      Object.entries(plan.leftOut).map(([suite, counts]) => [suite, { ...counts }]),
    ),
    known: Object.fromEntries(await knownSizes(options.labels, programs.programs)),
    settings: { compilations, search, candidates, minBytes, maxBytes },
    isWhole,
  };
}

/** How often a run without a terminal says where it is. */
const LOG_SECONDS = 30;

function progress({ json }: EvalOptions, show: (text: string) => void): (at: EvalProgress) => void {
  let told = performance.now();
  return ({ suite, contender, done, total, known }) => {
    const text = `${suite}, ${contender}: ${done}/${total}${known > 0 ? `, ${known} known before` : ""}`;
    show(text);
    const now = performance.now();
    const isDue = now - told > LOG_SECONDS * 1000 || (done === total && known < total);
    if (json || process.stderr.isTTY || !isDue) return;
    told = now;
    process.stderr.write(`${text}\n`);
  };
}

function tell(rows: readonly Row[], { json }: EvalOptions, output: string): void {
  const counts = Object.fromEntries(
    SUITES.map(
      (suite) => [suite, rows.filter((row) => row.suite === suite).length] as const,
    ).filter(([, count]) => count > 0),
  );
  const failed = rows.filter(({ status }) => status !== "ok").length;
  if (json) {
    process.stdout.write(`${JSON.stringify({ output, rows: counts, notOk: failed }, null, 2)}\n`);
    return;
  }
  const parts = Object.entries(counts).map(([suite, count]) => `${suite} ${count}`);
  process.stdout.write(
    `${rows.length} rows (${parts.join(", ")}), ${failed} of them no answer; written to ${output}\n` +
      `next: llmc report ${output} -o report.html\n`,
  );
}
