/**
 * The main job on one module: a pass list is searched, the object built with it and compared with what clang -Oz gives.
 * Whatever goes wrong on the way, the answer is -Oz.
 */

import { measureElf } from "../llvm/elf.ts";
import type { EmitKind } from "../llvm/module.ts";
import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { presets } from "../passes/presets.ts";
import { printPassList, printSteps } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import type { Progress } from "../tuner/search.ts";
import type { Proposals } from "../tuner/strategy.ts";
import { type Tuned, type TuneOptions, tuneModule } from "../tuner/tune.ts";
import { type Verdict, describeVerdict } from "../verify/verdict.ts";
import { type Backend, backendFor } from "./backend.ts";
import type { Input } from "./inputs.ts";
import { loadInput, preparationNotes } from "./load.ts";
import type { ExplainedStep, ModuleResult } from "./result.ts";

export interface OptimizeOptions extends Omit<
  TuneOptions,
  "objective" | "minimize" | "onProgress" | "propose"
> {
  readonly explain: boolean;
  /** A model, asked before the search; see propose.ts. */
  readonly propose?:
    | ((
        pool: Pool,
        module: LoadedModule,
        how: { readonly baseline: number; readonly onNote: (note: string) => void },
      ) => Proposals)
    | undefined;
  /** Looks at a pass list that won; without it the result is unchecked. */
  readonly judge?:
    ((pool: Pool, module: LoadedModule, passes: string) => Promise<Verdict>) | undefined;
  readonly onProgress?: ((input: Input, progress: Progress) => void) | undefined;
}

export interface Optimised {
  readonly result: ModuleResult;
  /** What the user gets, in the form asked for. */
  readonly output: Uint8Array;
  /** The same at -Oz, to fall back on. */
  readonly baseline: Uint8Array;
}

/** A failure when there is no -Oz to fall back on: the input is broken, or even -Oz does not end. */
export async function optimizeModule(
  pool: Pool,
  input: Input,
  { as, ...options }: OptimizeOptions & { readonly as: EmitKind },
): Promise<Outcome<Optimised>> {
  const started = performance.now();
  const loaded = await loadInput(pool, input);
  if (loaded.status !== "ok") return loaded;
  try {
    const backend = backendFor(pool, loaded.value, input);
    const object = await backend.baseline("object");
    if (object.status !== "ok") return object;
    const plain = ozResult(input, loaded.value, measureElf(object.value).size);
    const beaten = await beat(pool, loaded.value, { input, options, backend, plain });
    const result = { ...beaten.result, seconds: (performance.now() - started) / 1000 };
    const baseline = as === "object" ? object : await backend.baseline(as);
    if (baseline.status !== "ok") return baseline;
    if (result.source === "-Oz")
      return ok({ result, output: baseline.value, baseline: baseline.value });
    const output =
      as === "object" ? ok(beaten.object) : await backend.build(printPassList(result.passList), as);
    return output.status === "ok"
      ? ok({ result, output: output.value, baseline: baseline.value })
      : output;
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

interface Beaten {
  readonly result: ModuleResult;
  /** Empty when the answer is -Oz. */
  readonly object: Uint8Array;
}

function ozResult(input: Input, module: LoadedModule, baselineBytes: number): ModuleResult {
  return {
    input: input.name,
    baselineBytes,
    bytes: baselineBytes,
    compilations: 0,
    seconds: 0,
    passList: presets.Oz,
    source: "-Oz",
    verdict: "same as -Oz",
    notes: [...input.notes, ...preparationNotes(module)],
  };
}

async function beat(pool: Pool, module: LoadedModule, work: Work): Promise<Beaten> {
  const { options, backend, plain } = work;
  if (module.info.functions === 0)
    return stay(plain, ["no function in it, so no pass list makes it smaller"]);
  const { tuned, notes } = await searchLists(pool, module, work);
  if (tuned.status !== "ok") return stay(plain, [...notes, `no search: ${describeFailure(tuned)}`]);
  const { best, compilations, proposer } = tuned.value;
  const tried = { ...plain, compilations };
  if (best === undefined) return stay(tried, notes);
  const passes = printPassList(best.list);
  const object = await backend.build(passes, "object");
  if (object.status !== "ok")
    return stay(tried, [...notes, `${passes} dropped: ${describeFailure(object)}`]);
  const bytes = measureElf(object.value).size;
  if (bytes >= plain.baselineBytes)
    return stay(tried, [...notes, "the list found saves nothing with these clang flags"]);
  const verdict = await options.judge?.(pool, module, passes);
  if (verdict?.status === "wrong")
    return stay(tried, [...notes, `${passes} dropped: ${describeVerdict(verdict)}`]);
  const result: ModuleResult = {
    ...tried,
    bytes,
    passList: best.list,
    verdict: verdict?.status ?? "unchecked",
    source: proposer,
    notes: [...plain.notes, ...notes, ...(verdict ? [describeVerdict(verdict)] : [])],
    ...(options.explain && { explanation: await explain(pool, module, best.list) }),
  };
  return { result, object: object.value };
}

const stay = (plain: ModuleResult, notes: readonly string[]): Beaten => ({
  result: { ...plain, notes: [...plain.notes, ...notes] },
  object: new Uint8Array(),
});

/** `notes`: what the model could not do. */
async function searchLists(
  pool: Pool,
  module: LoadedModule,
  { input, options }: Work,
): Promise<{ tuned: Outcome<Tuned>; notes: readonly string[] }> {
  const { propose } = options;
  const notes = new Set<string>();
  const onNote = (note: string): void => void notes.add(note);
  const tuned = await tuneModule(pool, module, {
    ...options,
    propose: propose && ((held, loaded, baseline) => propose(held, loaded, { baseline, onNote })),
    objective: "size",
    minimize: true,
    onProgress: (progress) => options.onProgress?.(input, progress),
  });
  return { tuned, notes: [...notes] };
}

/** The size of the object when the list ends after its first, second, ... step. */
async function explain(pool: Pool, module: LoadedModule, list: PassList): Promise<ExplainedStep[]> {
  const steps = printSteps(list);
  const prefixes = ["", ...steps].map((_, count) => steps.slice(0, count));
  const measured = await Promise.all(
    prefixes.map((prefix) => pool.measure(module, prefix, { fresh: false })),
  );
  return measured.map((outcome, count) => ({
    step: steps[count - 1] ?? "(no pass)",
    bytes: outcome.status === "ok" ? outcome.value.sections.size : undefined,
  }));
}
