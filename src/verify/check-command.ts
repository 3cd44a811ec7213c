/**
 * `llmc optimize --check CMD`: the user's own test command decides. It is run with all new objects in place; when it
 * fails, the modules that make it fail are found by bisection and get their -Oz object back. A test that fails with
 * -Oz objects too says nothing. A failure counts when it is seen once: there are no retries.
 */

import { runCommand } from "../base/run-command.ts";
import { writeFileAtomic } from "../base/files.ts";
import { type Verdict, correct, undecided, wrong } from "./verdict.ts";

export interface CheckedModule {
  readonly name: string;
  /** Where the build expects the object. */
  readonly path: string;
  readonly baseline: Uint8Array;
  readonly optimised: Uint8Array;
}

export interface CheckCommandOptions {
  /** Goes to `sh -c`. */
  readonly command: string;
  readonly cwd?: string;
  /** For one run of the command. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each run, for progress: how many modules are optimised in it. */
  readonly onRun?: (run: {
    readonly run: number;
    readonly optimised: number;
    readonly of: number;
  }) => void;
}

export interface CheckCommandReport {
  /** By position in `modules`. Wrong: the command fails with this module's new object; its -Oz object is in place now. */
  readonly verdicts: readonly Verdict[];
  readonly kept: readonly CheckedModule[];
  readonly fellBack: readonly CheckedModule[];
  readonly runs: number;
}

const DEFAULT_TIMEOUT_MS = 10 * 60_000;
/** A test's output is not read, but a flood of it must end. */
const MAX_OUTPUT_BYTES = 256 * 2 ** 20;
const MAX_WORDS = 300;

export interface Bisection<T> {
  readonly kept: readonly T[];
  readonly fellBack: readonly T[];
}

/**
 * The items that can stay: `passes` holds for `kept`, and putting any one of `fellBack` back, when it was taken out,
 * made it fail. `passes` must hold for no item at all. Culprits may be several, and may do harm only together: then the
 * last of such a group goes. About log2(items) runs a culprit and one more.
 */
export async function bisectCheck<T>(
  modules: readonly T[],
  passes: (optimised: ReadonlySet<T>) => Promise<boolean>,
): Promise<Bisection<T>> {
  const fellBack: T[] = [];
  let rest = [...modules];
  while (!(await passes(new Set(rest)))) {
    // Invariant: the first `good` items pass, the first `bad` fail.
    let good = 0;
    let bad = rest.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      if (await passes(new Set(rest.slice(0, middle)))) good = middle;
      else bad = middle;
    }
    fellBack.push(...rest.slice(good, bad));
    rest = rest.toSpliced(good, 1);
    if (rest.length === 0) break;
  }
  return { kept: rest, fellBack };
}

/** Runs the command, finds culprits, and leaves the objects in place that were decided on. */
export async function runCheckCommand(
  modules: readonly CheckedModule[],
  options: CheckCommandOptions,
): Promise<CheckCommandReport> {
  const runner = makeRunner(modules, options);
  const all = new Set(modules);
  const first = await runner.run(all);
  if (first.passed) return report(modules, { kept: modules, fellBack: [] }, runner);
  const withoutUs = await runner.run(new Set());
  if (!withoutUs.passed) {
    return noAnswer(modules, {
      why: `the check fails with -Oz objects too: ${withoutUs.how}`,
      runs: runner.runs(),
    });
  }
  const isOver = (): boolean => options.signal?.aborted === true;
  const found = await bisectCheck(
    modules,
    async (optimised) => isOver() || (await runner.run(optimised)).passed,
  );
  return isOver()
    ? noAnswer(modules, { why: "interrupted", runs: runner.runs() })
    : report(modules, found, runner);
}

interface Ran {
  readonly passed: boolean;
  readonly how: string;
}

interface Runner {
  install(optimised: ReadonlySet<CheckedModule>): void;
  /** Each set is run once: asking again gives the same answer. */
  run(optimised: ReadonlySet<CheckedModule>): Promise<Ran>;
  runs(): number;
  /** How the command failed last. */
  lastFailure(): string;
}

function makeRunner(modules: readonly CheckedModule[], options: CheckCommandOptions): Runner {
  const { command, cwd, timeoutMs = DEFAULT_TIMEOUT_MS, signal, onRun } = options;
  const inPlace = new Map<CheckedModule, Uint8Array>();
  const answers = new Map<string, Ran>();
  let runs = 0;
  let lastFailure = "";
  const install = (optimised: ReadonlySet<CheckedModule>): void => {
    for (const module of modules) {
      const bytes = optimised.has(module) ? module.optimised : module.baseline;
      if (inPlace.get(module) === bytes) continue;
      writeFileAtomic(module.path, bytes);
      inPlace.set(module, bytes);
    }
  };
  return {
    install,
    runs: () => runs,
    lastFailure: () => lastFailure,
    async run(optimised) {
      install(optimised);
      const key = modules.map((module) => (optimised.has(module) ? "1" : "0")).join("");
      const known = answers.get(key);
      if (known !== undefined) return known;
      runs++;
      onRun?.({ run: runs, optimised: optimised.size, of: modules.length });
      const result = await runCommand("sh", ["-c", command], {
        cwd,
        timeoutMs,
        maxOutputBytes: MAX_OUTPUT_BYTES,
        signal,
      });
      const passed = result.status === "exited" && result.code === 0;
      const words = result.stderr.trim().slice(-MAX_WORDS);
      const ending =
        result.status === "exited"
          ? `exit code ${result.code}`
          : result.message.replace(/^sh /, "it ");
      const how = words === "" ? ending : `${ending}: ${words}`;
      if (!passed) lastFailure = how;
      answers.set(key, { passed, how });
      return { passed, how };
    },
  };
}

function report(
  modules: readonly CheckedModule[],
  found: Bisection<CheckedModule>,
  runner: Runner,
): CheckCommandReport {
  runner.install(new Set(found.kept)); // the last run may have been of another set
  const fellBack = new Set(found.fellBack);
  const verdicts = modules.map((module) =>
    fellBack.has(module)
      ? wrong(`the check fails with its new object (${runner.lastFailure()}); fell back to -Oz`)
      : correct("the check passes with the new object"),
  );
  return { verdicts, kept: found.kept, fellBack: found.fellBack, runs: runner.runs() };
}

/** All -Oz objects are in place: nothing is known of the new ones. */
function noAnswer(
  modules: readonly CheckedModule[],
  { why, runs }: { why: string; runs: number },
): CheckCommandReport {
  for (const { path, baseline } of modules) writeFileAtomic(path, baseline);
  return { verdicts: modules.map(() => undecided(why)), kept: [], fellBack: modules, runs };
}
