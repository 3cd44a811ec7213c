/**
 * A unit: a module, loaded, and its text in normal form. Everything a row holds is made of units: all of a corpus module,
 * a part of it that fits the context, what a pass list makes of either, the same for another architecture.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { fitModule } from "../tasks/fit.ts";
import type { Budget } from "../tasks/fit.ts";
import { readIr } from "../tasks/ir-text.ts";
import type { CodeSizes } from "../tasks/dialect.ts";
import type { Part } from "./row.ts";

export interface Unit extends Disposable {
  /** In normal form. */
  readonly text: string;
  readonly module: LoadedModule;
}

/** Nothing here waits for a person: a list that is slow on one module is worth less than the next module. */
const MEASURE_TIMEOUT_MS = 60_000;

/**
 * `bytes`: bitcode or IR text in any form. Private and long internal names of what is loaded may be others than in the
 * unit's text, unless `bytes` had gone through the normal form before.
 */
export async function openUnit(pool: Pool, bytes: Uint8Array | string): Promise<Outcome<Unit>> {
  const loaded = await pool.load(typeof bytes === "string" ? Buffer.from(bytes) : bytes, "module");
  if (loaded.status !== "ok") return loaded;
  const module = loaded.value;
  const normal = await pool.normalize(module);
  if (normal.status === "ok") return ok(unitOf(pool, module, normal.value.text));
  pool.unload(module);
  return normal;
}

/** `text` is in normal form already. */
export async function openText(pool: Pool, text: string): Promise<Outcome<Unit>> {
  const loaded = await pool.load(Buffer.from(text), "module");
  return loaded.status === "ok" ? ok(unitOf(pool, loaded.value, text)) : loaded;
}

const unitOf = (pool: Pool, module: LoadedModule, text: string): Unit => ({
  text,
  module,
  [Symbol.dispose]: () => pool.unload(module),
});

export async function normalText(pool: Pool, text: string): Promise<Outcome<string>> {
  const opened = await openUnit(pool, text);
  if (opened.status !== "ok") return opened;
  using unit = opened.value;
  return ok(unit.text);
}

/** What `opt` makes of a unit. `passes` "" gives the unit's own text again. */
export async function optimise(pool: Pool, unit: Unit, passes: string): Promise<Outcome<Unit>> {
  if (passes === "") return openText(pool, unit.text);
  const bitcode = await pool.emit(unit.module, passes, "bitcode");
  return bitcode.status === "ok" ? openUnit(pool, bitcode.value) : bitcode;
}

/** As LLVM writes it, of the unit as it is. */
export async function assemblyOf(pool: Pool, unit: Unit): Promise<Outcome<string>> {
  const emitted = await pool.emit(unit.module, "", "assembly");
  return emitted.status === "ok" ? ok(Buffer.from(emitted.value).toString()) : emitted;
}

/** IR instructions after the passes, and bytes of the object: all that a program loads of it. */
export async function sizesOf(pool: Pool, unit: Unit, passes: string): Promise<Outcome<CodeSizes>> {
  const how = { fresh: true, timeoutMs: MEASURE_TIMEOUT_MS };
  const measured = await pool.measure(unit.module, [passes], how);
  if (measured.status !== "ok") return measured;
  const { instructions, sections } = measured.value;
  return ok({ instructions, bytes: sections.size });
}

export interface TextPart {
  readonly part: Part;
  /** Not in normal form, unless it is all of the module. */
  readonly text: string;
}

export interface Parts {
  readonly parts: readonly TextPart[];
  /** Functions that do not fit, not even as an excerpt. */
  readonly tooLong: number;
}

/** All of a text in normal form, or groups of its functions (fit.ts). */
export function partsOf(text: string, budget: Budget): Parts {
  const fit = fitModule(text, budget);
  if (fit.kind === "module") return { parts: [{ part: "module", text }], tooLong: 0 };
  const parts = fit.groups.flatMap((group): TextPart[] =>
    group.state === "too long"
      ? []
      : [{ part: group.state === "whole" ? "part" : "excerpt", text: group.text }],
  );
  return { parts, tooLong: fit.groups.length - parts.length };
}

/** Of the functions that IR in normal form defines, in module order. */
export const symbolsOf = (ir: string): string[] => [...readIr(ir).functions.keys()];
