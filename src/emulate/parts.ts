/**
 * A module as a model can be asked about it: bare (tasks/bare-ir.ts), all of it, or groups of its functions that fit (tasks/fit.ts),
 * each a module of its own, in normal form and loaded. A function that does not fit alone is told, not cut: what a pass list makes of half a
 * function is no question.
 */

import { type Failure, type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { bareWithTriple } from "../tasks/bare-ir.ts";
import { cutFunction, fitModule } from "../tasks/fit.ts";
import { readIr } from "../tasks/ir-text.ts";

export interface Part {
  /** Symbols as IR writes them; undefined for all of the module. */
  readonly functions: readonly string[] | undefined;
  /** In normal form. */
  readonly text: string;
  readonly module: LoadedModule;
}

export interface Parts {
  readonly parts: readonly Part[];
  readonly tooLong: readonly { readonly symbol: string; readonly tokens: number }[];
}

export interface Room {
  /** For the IR of one question. */
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
}

/** The caller unloads the parts' modules. */
export async function partsOf(
  pool: Pool,
  module: LoadedModule,
  room: Room,
): Promise<Outcome<Parts>> {
  const normal = await pool.normalize(module);
  if (normal.status !== "ok") return normal;
  const fit = fitModule(bareWithTriple(normal.value.text), room);
  const groups =
    fit.kind === "module"
      ? [{ functions: undefined, text: fit.text }]
      : fit.groups.filter(({ state }) => state === "whole");
  const tooLong =
    fit.kind === "module"
      ? []
      : fit.groups
          .filter(({ state }) => state !== "whole")
          .map(({ functions: [symbol = ""], tokens }) => ({ symbol, tokens }));
  const parts = await openParts(pool, groups);
  return parts.status === "ok" ? ok({ parts: parts.value, tooLong }) : parts;
}

/** The functions of a part, each a part of its own; none where it has one alone. The caller unloads their modules. */
export async function singlesOf(pool: Pool, { text }: Part): Promise<Outcome<readonly Part[]>> {
  const symbols = [...readIr(text).functions.keys()];
  if (symbols.length < 2) return ok([]);
  const groups = symbols.map((symbol) => ({
    functions: [symbol],
    text: cutFunction(text, symbol) ?? "",
  }));
  return openParts(pool, groups);
}

/** All of them, or none and why. */
async function openParts(
  pool: Pool,
  groups: readonly Pick<Part, "functions" | "text">[],
): Promise<Outcome<readonly Part[]>> {
  const parts: Part[] = [];
  for (const { functions, text } of groups) {
    const part = await openPart(pool, text);
    if (part.status !== "ok") return (unload(pool, parts), part satisfies Failure);
    parts.push({ functions, ...part.value });
  }
  return ok(parts);
}

export function unload(pool: Pool, parts: readonly Part[]): void {
  for (const { module } of parts) pool.unload(module);
}

/** Names of a cut part are those of the whole; in normal form they are numbered anew. */
async function openPart(pool: Pool, text: string): Promise<Outcome<Pick<Part, "text" | "module">>> {
  const normal = await normalText(pool, Buffer.from(text));
  if (normal.status !== "ok") return normal;
  const loaded = await pool.load(Buffer.from(normal.value), "module");
  return loaded.status === "ok" ? ok({ text: normal.value, module: loaded.value }) : loaded;
}

export async function normalText(pool: Pool, bytes: Uint8Array): Promise<Outcome<string>> {
  const loaded = await pool.load(bytes, "module");
  if (loaded.status !== "ok") return loaded;
  try {
    const normal = await pool.normalize(loaded.value);
    return normal.status === "ok" ? ok(normal.value.text) : normal;
  } finally {
    pool.unload(loaded.value);
  }
}
