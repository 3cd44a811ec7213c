/** What an evaluation is made of, opened as `llmc eval` was told: the kit, contenders, programs, and the cases of all suites. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedFunctions } from "../dataset/select.ts";
import { openCorpus } from "../corpus/store.ts";
import { remembering } from "../eval/answer-cache.ts";
import { readCodeCases, type CodeCase } from "../eval/code/problems.ts";
import { type Python, openPython } from "../eval/code/python.ts";
import { modelIdentity, rivalIdentity } from "../eval/identity.ts";
import { openLearned } from "../eval/learned.ts";
import { type Plan, planSuites } from "../eval/plan.ts";
import { type Programs, corpusPrograms, folderPrograms } from "../eval/programs.ts";
import type { Entrant } from "../eval/run.ts";
import { type Kit, RIVALS, SUITES, type SuiteName } from "../eval/suite.ts";
import type { Pool } from "../llvm/pool.ts";
import { proposedCount } from "../optimize/propose.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { CommandError, EXIT, interruptSignal, journalFolder, journalsIn } from "./context.ts";
import type { EvalOptions } from "./eval-options.ts";
import { findModel } from "./open-model.ts";

export async function kitOf(
  pool: Pool,
  options: EvalOptions,
  stack: DisposableStack,
): Promise<Kit> {
  const registry = registryFor(pool.toolchain.major);
  const scratch = mkdtempSync(join(tmpdir(), "llmc-eval-"));
  stack.defer(() => rmSync(scratch, { recursive: true, force: true }));
  return {
    pool,
    registry,
    coreset: loadCoreset(registry),
    journalFor: journalsIn(await journalFolder(pool)),
    seed: options.seed,
    scratch,
    limitMs: options.limit * 1000,
    signal: interruptSignal(pool),
  };
}

/** Tasks in whose answers a model is sent back where it writes what cannot stand. */
const WITH_MONITOR: readonly SuiteName[] = ["disassemble", "emulate"];

export async function entrantsOf(
  { model: wanted, rivals: chosen = RIVALS, optimize, alone, search }: EvalOptions,
  { kit, coreset: made, output }: { kit: Kit; coreset: string; output: string },
): Promise<Entrant[]> {
  const { pool, registry, coreset } = kit;
  const models: Entrant[] = [];
  for (const text of wanted) {
    const [, name = text, path = text] = /^([\w./-]+)=(.+)$/.exec(text) ?? [];
    const model = await findModel(path, pool, { tune: { registry, coreset: coreset.lists } });
    if (model === undefined) continue;
    const identity = await modelIdentity(path);
    const answers = join(output, "answers", `${identity.replaceAll(/\W+/g, "_")}.jsonl`);
    const remembered = remembering(model, identity, answers);
    models.push({ kind: "model", name, identity, model: remembered });
    if (alone && WITH_MONITOR.some((task) => model.tasks?.includes(task) !== false))
      models.push({ kind: "alone", name: `${name} alone`, identity, model: remembered });
    const first = `${identity}, first ${proposedCount(search)}`;
    if (optimize)
      models.push({
        kind: "optimize",
        name: `${name} + search`,
        identity: first,
        model: remembered,
      });
  }
  const names = models.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new CommandError(
      `two models are called ${twice}; want --model NAME=${twice}`,
      EXIT.usage,
    );
  const others = chosen.map(async (rival): Promise<Entrant> => {
    const identity = await rivalIdentity(rival, made);
    return { kind: "rival", name: rival, rival, identity };
  });
  return [...models, ...(await Promise.all(others))];
}

export async function programsOf(
  { corpus, programs: path, ...options }: EvalOptions,
  kit: Kit,
  show: (text: string) => void,
): Promise<Programs> {
  const isNone = corpus === undefined && path === undefined;
  if (isNone && options.suite?.every((name) => name === "code") === true)
    return { programs: [], unusable: [] };
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

export interface Code {
  readonly cases: readonly CodeCase[];
  readonly isWanted: boolean;
}

export function codeCases({ humaneval, mbpp, suite = [] }: EvalOptions): Code {
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

export async function planOf(
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
