/**
 * One program on the bench: sizes of it under pass lists, each measured fresh, once. No staged measurement is among them, and
 * what is remembered between runs lies under a journal's name of its own, `HASH-fresh`: the journal `HASH` of `optimize` and
 * `tune` holds staged ones.
 */

import { isFact } from "../../label/measure.ts";
import { type Failure, type Outcome, ok } from "../../llvm/outcome.ts";
import type { LoadedModule } from "../../llvm/pool.ts";
import type { Measurement } from "../../llvm/protocol.ts";
import { checkPassList } from "../../passes/check.ts";
import { withMandatoryInlining } from "../../passes/mandatory.ts";
import { presets } from "../../passes/presets.ts";
import { printPassList } from "../../passes/print.ts";
import type { Journal } from "../../tuner/journal.ts";
import type { Program } from "../program.ts";
import type { Status } from "../row.ts";
import type { Kit } from "../suite.ts";

export interface Bench extends Disposable {
  readonly module: LoadedModule;
  /** Under -Oz. */
  readonly oz: Measurement;
  /** Without any pass. */
  readonly unoptimised: () => Promise<Outcome<Measurement>>;
  /**
   * Under a pass list, which is checked before LLVM sees it. One without any inliner gets `always-inline` before it where
   * the module has functions that must be inlined, as in every search.
   */
  readonly measure: (passes: string) => Promise<Outcome<Measurement>>;
}

export type BenchKit = Pick<Kit, "pool" | "registry" | "journalFor">;

/** A failure where the program is none: LLVM does not take it, it has no function, or -Oz cannot be measured. */
export async function openBench(
  kit: BenchKit,
  { bitcode, id }: Pick<Program, "bitcode" | "id">,
): Promise<Outcome<Bench>> {
  const loaded = await kit.pool.load(bitcode, id);
  if (loaded.status !== "ok") return loaded;
  const module = loaded.value;
  const dispose = (): void => kit.pool.unload(module);
  const measureText = remembering(kit, module);
  const measure = measuring(kit, module, measureText);
  const oz = module.info.functions > 0 ? await measure(printPassList(presets.Oz)) : NO_FUNCTION;
  const found = oz.status === "ok" && oz.value.sections.size === 0 ? EMPTY : oz;
  if (found.status !== "ok") return (dispose(), found);
  const unoptimised = (): Promise<Outcome<Measurement>> => measureText("");
  return ok({ module, oz: found.value, unoptimised, measure, [Symbol.dispose]: dispose });
}

const NO_FUNCTION: Failure = { status: "rejected", message: "it has no function" };
const EMPTY: Failure = { status: "rejected", message: "under -Oz its object is empty" };

/** What a failure of LLVM is called in a row. */
export const STATUS_OF_FAILURE: Readonly<Record<Failure["status"], Status>> = {
  rejected: "invalid",
  invalid: "invalid",
  crashed: "crashed",
  timeout: "timeout",
  oom: "crashed",
};

type Measure = Bench["measure"];

function measuring({ registry }: BenchKit, { info }: LoadedModule, measureText: Measure): Measure {
  return async (passes) => {
    const checked = checkPassList(passes, registry);
    if (!checked.ok) return { status: "rejected", message: checked.mistakes[0].message };
    const list = info.hasAlwaysInline ? withMandatoryInlining(checked.list) : checked.list;
    return measureText(printPassList(list));
  };
}

/** Each text once, whoever asks and however often. */
function remembering(kit: BenchKit, module: LoadedModule): Measure {
  const journal = kit.journalFor(`${module.info.hash}-fresh`);
  const asked = new Map<string, Promise<Outcome<Measurement>>>();
  return (text) => {
    const measured = asked.get(text) ?? findOrMeasure(kit, module, { text, journal });
    asked.set(text, measured);
    return measured;
  };
}

async function findOrMeasure(
  { pool }: BenchKit,
  module: LoadedModule,
  { text, journal }: { text: string; journal: Journal },
): Promise<Outcome<Measurement>> {
  const known = journal.find(text);
  if (known !== undefined) return known;
  const measure = (timeoutMs: number): Promise<Outcome<Measurement>> =>
    pool.measure(module, [text], { fresh: true, timeoutMs });
  const first = await measure(TIMEOUT_MS);
  const outcome = isFact(first) ? first : await measure(SECOND_TIMEOUT_MS);
  if (isFact(outcome)) journal.add(text, outcome);
  return outcome;
}

/** What a busy machine may be to blame for is tried once more, with time to spare: tables must not depend on it. */
const TIMEOUT_MS = 10_000;
const SECOND_TIMEOUT_MS = 60_000;
