/**
 * The main job on one module: a pass list is searched, the object built with it and compared with what clang -Oz gives.
 * Whatever goes wrong on the way, the answer is -Oz.
 */

import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import type { Progress } from "../tuner/search.ts";
import { type TuneOptions, type Tuned, tuneModule } from "../tuner/tune.ts";
import { type Backend, backendFor, sizeOf } from "./backend.ts";
import type { Input } from "./inputs.ts";
import { loadInput, preparationNotes } from "./load.ts";
import type { ExplainedStep, ModuleResult } from "./result.ts";

export interface OptimizeOptions extends Omit<TuneOptions, "objective" | "minimize" | "onProgress"> {
  readonly explain: boolean;
  readonly onProgress?: ((input: Input, progress: Progress) => void) | undefined;
}

export interface Optimised {
  readonly result: ModuleResult;
  readonly backend: Backend;
}

/** A failure when there is no -Oz to fall back on: the input is broken, or even -Oz does not end. */
export async function optimizeModule(pool: Pool, input: Input, options: OptimizeOptions): Promise<Outcome<Optimised>> {
  const started = performance.now();
  const loaded = await loadInput(pool, input);
  if (loaded.status !== "ok") return loaded;
  try {
    const backend = backendFor(pool, loaded.value, input);
    const baselineBytes = await sizeOf(backend.baseline("object"));
    if (baselineBytes.status !== "ok") return baselineBytes;
    const plain = ozResult(input, loaded.value, baselineBytes.value);
    const result = await beat(pool, loaded.value, { input, options, backend, plain });
    return ok({ backend, result: { ...result, seconds: (performance.now() - started) / 1000 } });
  } finally {
    pool.unload(loaded.value);
  }
}

interface Work {
  readonly input: Input;
  readonly options: OptimizeOptions;
  readonly backend: Backend;
  /** The answer when nothing is smaller. */
  readonly plain: ModuleResult;
}

function ozResult(input: Input, module: LoadedModule, baselineBytes: number): ModuleResult {
  return {
    input: input.name, baselineBytes, bytes: baselineBytes, compilations: 0, seconds: 0, passList: presets.Oz, source: "-Oz",
    verdict: "same as -Oz", notes: [...input.notes, ...preparationNotes(module)],
  };
}

async function beat(pool: Pool, module: LoadedModule, { input, options, backend, plain }: Work): Promise<ModuleResult> {
  if (module.info.functions === 0) return withNote(plain, "no function in it, so no pass list makes it smaller");
  const tuned = await tuneModule(pool, module, {
    ...options, objective: "size", minimize: true, onProgress: (progress) => options.onProgress?.(input, progress),
  });
  if (tuned.status !== "ok") return withNote(plain, `no search: ${describeFailure(tuned)}`);
  const { best, compilations, isFromCoreset }: Tuned = tuned.value;
  if (best === undefined) return { ...plain, compilations };
  const bytes = await sizeOf(backend.build(printPassList(best.list), "object"));
  if (bytes.status !== "ok") return withNote({ ...plain, compilations }, `the list found was dropped: ${describeFailure(bytes)}`);
  if (bytes.value >= plain.baselineBytes) {
    return withNote({ ...plain, compilations }, "the list found saves nothing with these clang flags");
  }
  return {
    ...plain, bytes: bytes.value, compilations, passList: best.list, verdict: "unchecked",
    source: isFromCoreset ? "coreset" : "search",
    ...(options.explain && { explanation: await explain(pool, module, best.list) }),
  };
}

function withNote(result: ModuleResult, note: string): ModuleResult {
  return { ...result, notes: [...result.notes, note] };
}

/** The size of the object when the list ends after its first, second, ... step. */
async function explain(pool: Pool, module: LoadedModule, list: PassList): Promise<ExplainedStep[]> {
  const steps = list.map((node) => printPassList([node]));
  const prefixes = ["", ...steps].map((_, count) => steps.slice(0, count));
  const measured = await Promise.all(prefixes.map((prefix) => pool.measure(module, prefix, { fresh: false })));
  return measured.map((outcome, count) => ({
    step: steps[count - 1] ?? "(no pass)",
    bytes: outcome.status === "ok" ? outcome.value.sections.size : undefined,
  }));
}
