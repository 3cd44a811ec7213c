/** `llmc verify`: does a pass list compile programs right? Suites of self-checking programs, compared with -O0. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import type { Pool } from "../../llvm/pool.ts";
import { checkPassList } from "../../passes/check.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import { coresetFileSchema } from "../../tuner/coreset.ts";
import { type ListReports, verifyManyLists } from "../../verify/many-lists.ts";
import type { ReadyProgram } from "../../verify/program.ts";
import { reduceFailure } from "../../verify/reduce.ts";
import { writeReport } from "../../verify/report.ts";
import { type Rig, openRig } from "../../verify/rig.ts";
import {
  type PreparedSuite,
  type SuiteReport,
  prepareSuite,
  verifyPassList,
} from "../../verify/run-suite.ts";
import { SUITES, SUITE_NAMES, type SuiteName } from "../../verify/suites/index.ts";
import {
  CommandError,
  EXIT,
  cacheFolder,
  integer,
  interruptSignal,
  openPool,
  requireToolchain,
} from "../context.ts";
import { jobsOption, jsonOption, llvmOption, seedOption } from "../options.ts";
import { paint, statusLine, table } from "../terminal.ts";

const SUITE_HELP = SUITE_NAMES.map((name) => `  ${name.padEnd(12)} ${SUITES[name].about}`).join(
  "\n",
);
const MORE_HELP = `
Suites:
${SUITE_HELP}

Examples:
  llmc verify --passes 'default<Oz>,iroutliner'                     the builtin suite, in a minute
  llmc verify --passes 'default<Oz>,iroutliner' --suite all         every suite
  llmc verify --passes 'function(structurizecfg)' --reduce report/  shrink the smallest failure and write it up
  llmc verify --coreset --suite all --count 500 --out results      every list that is shipped

Passes that searches must not use are let through: trying them is what this is for.
A program that LLVM crashes on is undecided, not wrong: there is nothing to run.
Exit codes: 0 all correct, 1 something is wrong or undecided, 2 bad usage, 3 something is missing here.`;

interface Options {
  passes?: string;
  coreset?: boolean;
  suite: SuiteName | "all";
  count: number;
  sample?: number;
  seed: number;
  reduce?: string | true;
  out?: string;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Run a pass list over suites of self-checking programs and compare with -O0.")
    .option("-p, --passes <list>", "the pass list, as opt -passes= takes it")
    .option("--coreset", "every list of the shipped coreset; goes on where it was")
    .addOption(
      new Option("-s, --suite <name>", "which programs")
        .choices([...SUITE_NAMES, "all"])
        .default("builtin"),
    )
    .option("--count <n>", "how many programs csmith makes", integer(1), 100)
    .option("--sample <n>", "only so many programs of each suite, drawn by the seed", integer(1))
    .addOption(seedOption("csmith and of the sample"))
    .option(
      "--reduce [folder]",
      "shrink the smallest failure to a short list and a small IR, and write it up",
    )
    .option("--out <folder>", "with --coreset: write coreset-verify.json and .md there")
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addOption(jsonOption("value"))
    .addHelpText("after", MORE_HELP)
    .action(runVerify);
}

async function runVerify(options: Options): Promise<void> {
  const toolchain = requireToolchain(options.llvm);
  const lists = wantedLists(options, toolchain.major);
  using pool = openPool(toolchain, options.jobs);
  const signal = interruptSignal(pool);
  using rig = await requireRig(pool);
  const suites = await openSuites(pool, rig, { ...options, signal });
  if (options.coreset === true) await overCoreset(pool, rig, { suites, lists, options, signal });
  else await overList(pool, rig, { suites, passes: lists[0] ?? "", options, signal });
  if (signal.aborted) process.exitCode = EXIT.interrupted;
}

function wantedLists({ passes, coreset }: Options, major: number): string[] {
  if ((passes === undefined) === (coreset !== true)) {
    throw new CommandError("want --passes LIST or --coreset, one of them", EXIT.usage);
  }
  const texts = passes === undefined ? coresetLists() : [passes];
  return texts.map((text) => {
    const checked = checkPassList(text, registryFor(major), { allowUnsafe: true });
    if (checked.ok) return printPassList(checked.list);
    const [mistake] = checked.mistakes;
    throw new CommandError(
      `--passes: ${mistake?.message}; ${mistake?.mend} (\`llmc passes check\` shows where)`,
      EXIT.usage,
    );
  });
}

/** All that are shipped, whatever this LLVM's registry thinks of them. */
function coresetLists(): string[] {
  const text = readFileSync(new URL("../../tuner/coreset.json", import.meta.url), "utf8");
  return coresetFileSchema.parse(JSON.parse(text)).lists;
}

/** Everything `verify` and `passes audit` keep lies in one folder of the cache. */
export async function requireRig(pool: Pool): Promise<Rig> {
  const cache = join(cacheFolder(), "verify");
  const rig = await openRig({
    toolchain: pool.toolchain,
    llvmVersion: await pool.llvmVersion(),
    cache,
  });
  if (rig instanceof Error) throw new CommandError(rig.message, EXIT.environment);
  return rig;
}

export interface SuiteOptions {
  readonly suite: SuiteName | "all";
  readonly count: number;
  readonly sample?: number | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The suites asked for; one that cannot be had is told, and the others go on. */
export async function openSuites(
  pool: Pool,
  rig: Rig,
  options: SuiteOptions,
): Promise<PreparedSuite[]> {
  const { suite, count, sample, seed, signal } = options;
  const prepared: PreparedSuite[] = [];
  const line = statusLine();
  for (const name of suite === "all" ? SUITE_NAMES : [suite]) {
    const made = await prepareSuite(pool, SUITES[name], {
      rig,
      sample,
      signal,
      context: { count, seed, onProgress: line.show },
      onProgress: (done, total) => line.show(`${name}: ${done}/${total} programs ready`),
    });
    line.clear();
    if (!("unavailable" in made)) prepared.push(made);
    else
      process.stderr.write(
        `${paint("yellow", "unavailable:", process.stderr)} ${made.unavailable}\n`,
      );
  }
  if (prepared.length === 0) throw new CommandError("no suite can be had here", EXIT.environment);
  return prepared;
}

interface Work {
  readonly suites: readonly PreparedSuite[];
  readonly options: Options;
  readonly signal: AbortSignal;
}

async function overList(
  pool: Pool,
  rig: Rig,
  { suites, passes, options, signal }: Work & { passes: string },
): Promise<void> {
  const reports: SuiteReport[] = [];
  const line = statusLine();
  for (const suite of suites) {
    reports.push(
      await verifyPassList(pool, passes, suite, {
        rig,
        signal,
        onProgress: ({ done, total, wrong, seconds }) =>
          line.show(
            `${suite.name}: ${done}/${total} programs, ${wrong} wrong, ${(done / seconds).toFixed(0)}/s`,
          ),
      }),
    );
    line.clear();
  }
  if (options.json)
    print(
      JSON.stringify(options.suite === "all" ? reports.map(toJson) : toJson(reports[0]), null, 2),
    );
  else printReports(reports, suites);
  if (reports.some(({ wrong, undecided }) => wrong.length + undecided.length > 0))
    process.exitCode = EXIT.problem;
  if (options.reduce !== undefined)
    await reduceFirst(pool, rig, { suites, reports, passes, options, signal });
}

async function overCoreset(
  pool: Pool,
  rig: Rig,
  { suites, lists, options, signal }: Work & { lists: string[] },
): Promise<void> {
  const line = statusLine();
  const rows = await verifyManyLists(pool, lists, suites, {
    rig,
    signal,
    journal: join(rig.cache, `coreset-${rig.llvmVersion}.jsonl`),
    chunk: CORESET_CHUNK,
    onProgress: ({ list, lists: all, suite, done, total }) =>
      line.show(`list ${list}/${all}, ${suite}: ${done}/${total} programs`),
  });
  line.clear();
  const results: CoresetResult = {
    llvmVersion: rig.llvmVersion,
    lists: rows.map(({ passes, reports }) => ({ passes, suites: reports.map(toJson) })),
  };
  if (options.json) print(JSON.stringify(results, null, 2));
  else print(coresetTable(rows));
  if (options.out !== undefined && !signal.aborted) writeCoresetResults(options.out, results, rows);
  const isClean = rows.every(({ reports }) =>
    reports.every(({ wrong, undecided }) => wrong.length + undecided.length === 0),
  );
  if (!isClean) process.exitCode = EXIT.problem;
}

interface CoresetResult {
  readonly llvmVersion: string;
  readonly lists: readonly {
    readonly passes: string;
    readonly suites: readonly ReturnType<typeof toJson>[];
  }[];
}

function coresetRows(rows: readonly ListReports[]): string[][] {
  return rows.map(({ passes, reports }, index) => [
    `${index + 1}`,
    ...reports.flatMap(({ run, correct, wrong, undecided }) => [
      `${correct}/${run}`,
      `${wrong.length}`,
      `${undecided.length}`,
    ]),
    passes.length > MAX_LIST_CHARACTERS ? `${passes.slice(0, MAX_LIST_CHARACTERS)}...` : passes,
  ]);
}

const coresetHead = (rows: readonly ListReports[]): string[] => [
  "list",
  ...(rows[0]?.reports ?? []).flatMap(({ suite }) => [`${suite}: correct`, "wrong", "undecided"]),
  "passes",
];

function coresetTable(rows: readonly ListReports[]): string {
  const head = coresetHead(rows);
  return table(
    [head, ...coresetRows(rows)],
    head.map((_, column) => (column === head.length - 1 ? "left" : "right")),
  );
}

function writeCoresetResults(
  folder: string,
  results: CoresetResult,
  rows: readonly ListReports[],
): void {
  const head = coresetHead(rows);
  const failures = rows.flatMap(({ reports }, index) =>
    reports.flatMap(({ suite, wrong, undecided }) => [
      ...wrong.map(
        ({ program, counterexample }) =>
          `- list ${index + 1}, ${suite}/${program}, wrong: ${counterexample.split("\n")[0]}`,
      ),
      ...undecided.map(
        ({ program, why }) =>
          `- list ${index + 1}, ${suite}/${program}, undecided: ${why.split("\n")[0]}`,
      ),
    ]),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const text = [
    "# Every shipped list over the suites",
    "",
    `LLVM ${results.llvmVersion}, made by \`llmc verify --coreset\`. Correct: exit code and output as at -O0.`,
    "",
    line(head),
    `|${"---|".repeat(head.length)}`,
    ...coresetRows(rows).map(line),
    "",
    failures.length === 0 ? "Nothing failed." : "## What failed",
    "",
    ...failures,
    "",
  ].join("\n");
  writeFileAtomic(join(folder, "coreset-verify.md"), text);
  writeFileAtomic(join(folder, "coreset-verify.json"), `${JSON.stringify(results, null, 2)}\n`);
}

/** Lists tried on a program while its module is loaded. */
const CORESET_CHUNK = 10;
const MAX_LIST_CHARACTERS = 80;

function toJson(report: SuiteReport | undefined) {
  if (report === undefined) return undefined;
  const { suite, run, correct, wrong, undecided } = report;
  return { suite, run, correct, wrong, undecided };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const MAX_SHOWN = 20;
/** llvm-reduce would go on for hours; after this the IR is small enough to read. */
const REDUCE_IR_SECONDS = 300;

function printReports(reports: readonly SuiteReport[], suites: readonly PreparedSuite[]): void {
  const head = [
    "suite",
    "run",
    "correct",
    "wrong",
    "undecided",
    "of these LLVM failed",
    "left out",
    "seconds",
    "programs/s",
    "run anew",
  ];
  const rows = reports.map((report) => {
    const { suite, run, correct, wrong, undecided, seconds, executed } = report;
    const noObject = undecided.filter(({ outcome }) => outcome !== undefined).length;
    const leftOut = suites.find(({ name }) => name === suite)?.leftOut.length ?? 0;
    const numbers = [run, correct, wrong.length, undecided.length, noObject, leftOut].map(String);
    return [suite, ...numbers, seconds.toFixed(1), (run / seconds).toFixed(1), `${executed}`];
  });
  print(
    table(
      [head, ...rows],
      ["left", ...Array.from({ length: head.length - 1 }, () => "right" as const)],
    ),
  );
  for (const { suite, wrong, undecided } of reports) {
    const lines = [
      ...wrong.map(
        ({ program, counterexample }) =>
          `${paint("red", "wrong")}      ${suite}/${program}: ${counterexample}`,
      ),
      ...undecided.map(
        ({ program, why }) => `${paint("yellow", "undecided")}  ${suite}/${program}: ${why}`,
      ),
    ].map((text) => text.split("\n")[0] ?? "");
    for (const text of lines.slice(0, MAX_SHOWN)) print(text);
    if (lines.length > MAX_SHOWN)
      print(`... and ${lines.length - MAX_SHOWN} more in ${suite}; --json has all`);
  }
}

/** The least bitcode; hangs last, since each try of reducing one takes the whole time limit. */
function smallestFailure(
  suites: readonly PreparedSuite[],
  reports: readonly SuiteReport[],
): ReadyProgram | undefined {
  const failures = reports.flatMap(({ suite, wrong }) =>
    wrong.flatMap(({ program, counterexample }) => {
      const ready = suites
        .find(({ name }) => name === suite)
        ?.programs.find((one) => one.program.name === program);
      return ready === undefined ? [] : [{ ready, hangs: counterexample.startsWith("hangs") }];
    }),
  );
  return failures.toSorted(
    (a, b) =>
      Number(a.hangs) - Number(b.hangs) || a.ready.bitcode.byteLength - b.ready.bitcode.byteLength,
  )[0]?.ready;
}

async function reduceFirst(
  pool: Pool,
  rig: Rig,
  {
    suites,
    reports,
    passes,
    options,
    signal,
  }: Work & { reports: readonly SuiteReport[]; passes: string },
): Promise<void> {
  const ready = smallestFailure(suites, reports);
  if (ready === undefined) return print("nothing wrong, so nothing to reduce");
  const line = statusLine();
  const reduced = await reduceFailure(pool, rig, ready, {
    passes,
    signal,
    irSeconds: REDUCE_IR_SECONDS,
    onProgress: line.show,
  });
  line.clear();
  if (reduced === undefined)
    return print(`${ready.program.name} does not fail again, so nothing to reduce`);
  const folder =
    typeof options.reduce === "string"
      ? options.reduce
      : `llmc-report-${ready.program.name.replaceAll(/\W+/g, "-")}`;
  writeReport(folder, reduced, rig);
  const told = `reduced ${ready.program.name} to ${reduced.passes} (${reduced.ir === undefined ? "IR not reduced" : `${reduced.ir.split("\n").length} lines of IR`}); report in ${folder}`;
  if (options.json) process.stderr.write(`${told}\n`);
  else print(told);
}
