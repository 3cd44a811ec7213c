/** `optimize` over many modules: as many at a time as the pool has workers, each written as soon as it is done. */

import { writeFileAtomic } from "../base/files.ts";
import { type Outcome, describeFailure } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { printPassList } from "../passes/print.ts";
import type { Input } from "./inputs.ts";
import type { Output } from "./outputs.ts";
import { type Optimised, type OptimizeOptions, optimizeModule } from "./optimize-module.ts";
import type { ModuleFailure, ModuleResult } from "./result.ts";

export interface OptimizeAllOptions extends OptimizeOptions {
  readonly outputFor: (input: Input) => Output | undefined;
  readonly onResult: (done: ModuleResult | ModuleFailure) => void;
}

/** Results and failures in the order of the inputs. After the signal no new module is begun. */
export async function optimizeAll(
  pool: Pool, inputs: readonly Input[], options: OptimizeAllOptions,
): Promise<{ results: ModuleResult[]; failures: ModuleFailure[] }> {
  const done: (ModuleResult | ModuleFailure)[] = [];
  const queue = [...inputs.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (options.signal?.aborted === true) return;
      const [index, input] = next;
      const finished = await optimizeOne(pool, input, options);
      done[index] = finished;
      options.onResult(finished);
    }
  };
  await Promise.all(Array.from({ length: pool.workers }, lane));
  const ordered = done.filter((item) => item !== undefined); // holes: not begun when interrupted
  return { results: ordered.filter(isResult), failures: ordered.filter(isFailure) };
}

export function isFailure(item: ModuleResult | ModuleFailure): item is ModuleFailure {
  return "error" in item;
}

function isResult(item: ModuleResult | ModuleFailure): item is ModuleResult {
  return !isFailure(item);
}

async function optimizeOne(
  pool: Pool, input: Input, options: OptimizeAllOptions,
): Promise<ModuleResult | ModuleFailure> {
  const optimised = await optimizeModule(pool, input, options);
  if (optimised.status !== "ok") return { input: input.name, error: describeFailure(optimised) };
  const output = options.outputFor(input);
  if (output === undefined) return optimised.value.result;
  const written = await write(optimised.value, output);
  return written.status === "ok" ? optimised.value.result : { input: input.name, error: describeFailure(written) };
}

async function write({ result, backend }: Optimised, { path, as }: Output): Promise<Outcome<null>> {
  const built = result.source === "-Oz"
    ? await backend.baseline(as)
    : await backend.build(printPassList(result.passList), as);
  if (built.status !== "ok") return built;
  try {
    writeFileAtomic(path, built.value);
  } catch (error) {
    // Checked before the search, but disks fill and folders vanish.
    return { status: "rejected", message: `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { status: "ok", value: null };
}
