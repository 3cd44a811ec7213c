/**
 * `optimize` over many modules: as many at a time as the pool has workers, each written as soon as it is done. With a
 * check command all objects are put in place first, and what makes it fail falls back to -Oz.
 */

import { writeFileAtomic } from "../base/files.ts";
import { inLanes } from "../base/lanes.ts";
import { describeFailure } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { type CheckCommandOptions, runCheckCommand } from "../verify/check-command.ts";
import { type Verdict, describeVerdict } from "../verify/verdict.ts";
import type { Input } from "./inputs.ts";
import type { Output } from "./outputs.ts";
import { type Optimised, type OptimizeOptions, optimizeModule } from "./optimize-module.ts";
import type { ModuleFailure, ModuleResult } from "./result.ts";

export interface OptimizeAllOptions extends OptimizeOptions {
  readonly outputFor: (input: Input) => Output | undefined;
  /** The user's own test of the whole; it needs an output for every module. */
  readonly check?: CheckCommandOptions | undefined;
  readonly onResult: (done: ModuleResult | ModuleFailure) => void;
}

type Done = ModuleFailure | Kept;
interface Kept extends Optimised {
  readonly path: string | undefined;
}

/** Results and failures in the order of the inputs. After the signal no new module is begun. */
export async function optimizeAll(
  pool: Pool,
  inputs: readonly Input[],
  options: OptimizeAllOptions,
): Promise<{ results: ModuleResult[]; failures: ModuleFailure[] }> {
  const done: Done[] = [];
  const optimizeAt = async ([index, input]: [number, Input]): Promise<void> => {
    const finished = await optimizeOne(pool, input, options);
    done[index] = finished;
    options.onResult("error" in finished ? finished : finished.result);
  };
  await inLanes(inputs.entries(), optimizeAt, { lanes: pool.workers, signal: options.signal });
  const ordered = done.filter((item) => item !== undefined); // holes: not begun when interrupted
  const kept = ordered.filter((item): item is Kept => !("error" in item));
  const failures = ordered.filter((item): item is ModuleFailure => "error" in item);
  const isWhole = kept.length === inputs.length; // a check of half a program says nothing
  const results =
    options.check !== undefined && isWhole
      ? await checked(kept, options.check)
      : kept.map(({ result }) => result);
  return { results, failures };
}

export function isFailure(item: ModuleResult | ModuleFailure): item is ModuleFailure {
  return "error" in item;
}

async function optimizeOne(pool: Pool, input: Input, options: OptimizeAllOptions): Promise<Done> {
  const output = options.outputFor(input);
  const optimised = await optimizeModule(pool, input, { ...options, as: output?.as ?? "object" });
  if (optimised.status !== "ok") return { input: input.name, error: describeFailure(optimised) };
  if (output === undefined) return { ...optimised.value, path: undefined };
  try {
    writeFileAtomic(output.path, optimised.value.output);
  } catch (error) {
    // Checked before the search, but disks fill and folders vanish.
    return {
      input: input.name,
      error: `cannot write ${output.path}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  return { ...optimised.value, path: output.path };
}

/** The results after the user's check: verdicts in place of "unchecked", -Oz for the modules that made it fail. */
async function checked(all: readonly Kept[], check: CheckCommandOptions): Promise<ModuleResult[]> {
  const changed = all.filter(({ result, path }) => result.source !== "-Oz" && path !== undefined);
  const report = await runCheckCommand(
    changed.map(({ result, path = "", baseline, output }) => ({
      name: result.input,
      path,
      baseline,
      optimised: output,
    })),
    check,
  );
  return all.map((kept) => {
    const index = changed.indexOf(kept);
    const verdict = report.verdicts[index];
    return verdict === undefined
      ? kept.result
      : withVerdict(
          kept.result,
          verdict,
          report.kept.some(({ path }) => path === kept.path),
        );
  });
}

function withVerdict(result: ModuleResult, verdict: Verdict, isKept: boolean): ModuleResult {
  const notes = [...result.notes, describeVerdict(verdict)];
  if (isKept) return { ...result, verdict: verdict.status, notes };
  return {
    ...result,
    bytes: result.baselineBytes,
    passList: presets.Oz,
    source: "-Oz",
    verdict: "same as -Oz",
    notes: [...notes, `dropped: ${printPassList(result.passList)}`],
  };
}
