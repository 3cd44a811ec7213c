/**
 * Lifted functions put together into one module, by llvm-link: declarations meet definitions, local constants whose names
 * clash are renamed, metadata and types are merged. What cannot be joined with the rest is left out and said. The module's
 * own data is not lifted, so its variables stay declarations.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runTool } from "../llvm/tools.ts";
import { symbolIn } from "../tasks/ir-text.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { bareName, exported } from "./isolate.ts";
import { TRIPLES } from "./tools.ts";
import { type LiftedFunction, countVerdicts } from "./verdict.ts";

export interface WholeModule {
  /** Taken by LLVM's verifier, with a comment before each function. */
  readonly text: string;
  /** Functions that the others cannot be joined with, each with LLVM's reason. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

export async function putTogether(
  toolchain: Toolchain,
  functions: readonly LiftedFunction[],
  architecture: Architecture,
): Promise<Outcome<WholeModule>> {
  const folder = mkdtempSync(join(tmpdir(), "llmc-disassemble-"));
  try {
    const parts = functions.flatMap(({ name, ir }, index) => {
      if (ir === undefined) return [];
      const path = join(folder, `${index}.ll`);
      writeFileSync(path, exported(ir, name));
      return [{ name, path }];
    });
    const joined = await joinParts(toolchain, parts, folder);
    if (joined.status !== "ok") return joined;
    const { text, leftOut } = joined.value;
    const body = text === "" ? `target triple = "${TRIPLES[architecture]}"\n` : text;
    return ok({ text: commented(body, functions, leftOut), leftOut });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Part {
  readonly name: string;
  readonly path: string;
}

type Joined = Pick<WholeModule, "text" | "leftOut">;

/** All at once; where that fails one after the other, so that it is known which does not fit. */
async function joinParts(
  toolchain: Toolchain,
  parts: readonly Part[],
  folder: string,
): Promise<Outcome<Joined>> {
  if (parts.length === 0) return ok({ text: "", leftOut: [] });
  const all = await link(
    toolchain,
    parts.map(({ path }) => path),
  );
  if (all.status === "ok") return ok({ text: all.value, leftOut: [] });
  const leftOut: { name: string; why: string }[] = [];
  const held = join(folder, "held.ll");
  let text = "";
  for (const { name, path } of parts) {
    const linked = await link(toolchain, text === "" ? [path] : [held, path]);
    if (linked.status === "ok") writeFileSync(held, (text = linked.value));
    else leftOut.push({ name, why: linked.message });
  }
  return ok({ text, leftOut });
}

/** Verified by llvm-link itself before it writes. */
async function link(toolchain: Toolchain, paths: readonly string[]): Promise<Outcome<string>> {
  const linked = await runTool(toolchain, "llvm-link", { args: ["-S", "-o", "-", ...paths] });
  return linked.status === "ok" ? ok(Buffer.from(linked.value).toString("utf8")) : linked;
}

function commented(
  text: string,
  functions: readonly LiftedFunction[],
  leftOut: WholeModule["leftOut"],
): string {
  const byName = new Map(functions.map((fn) => [fn.name, fn]));
  const counts = countVerdicts(functions);
  const missing = [
    ...functions
      .filter(({ ir }) => ir === undefined)
      .map(({ name, reason }) => `${name}: failed: ${reason}`),
    ...leftOut.map(({ name, why }) => `${name}: left out: ${why}`),
  ];
  const head = [
    `${functions.length} functions: ${Object.entries(counts)
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(", ")}`,
    ...missing,
  ];
  const body = text
    .split("\n")
    .filter((line) => !/^(?:; ModuleID|source_filename)/.test(line))
    .flatMap((line) => {
      const fn = line.startsWith("define ") ? byName.get(bareName(symbolIn(line))) : undefined;
      return fn === undefined ? [line] : [comment(`${fn.name}: ${fn.verdict}: ${fn.reason}`), line];
    });
  return `${[...head.map(comment), ...body].join("\n").trimEnd()}\n`;
}

/** One line, whatever an assembler or a model said. */
const comment = (text: string): string => `; ${text.replaceAll(/\s+/g, " ").trim()}`;
