/** Judges assembly that is still being written: LLVM's assembler on the lines so far, and assembly-slips.ts. */

import { indexOfPlace } from "../base/text-place.ts";
import type { Pool } from "../llvm/pool.ts";
import { firstAssemblySlip } from "../tasks/assembly-slips.ts";
import { firstOf } from "./ir-monitor.ts";

/**
 * `text`: from its first line, cleaned as assembly.ts does, the last line perhaps unfinished. The place of the first character that is wrong
 * whatever follows, of those behind the characters that stand; the text's length where it cannot be the end, undefined where there is none.
 */
export async function firstWrongAssembly(
  pool: Pool,
  text: string,
  { triple, isEnd, stands = 0 }: { triple: string; isEnd: boolean; stands?: number },
): Promise<number | undefined> {
  const whole = isEnd && !text.endsWith("\n") ? `${text}\n` : text;
  return firstOf(stands, firstAssemblySlip(text, isEnd), await firstRefused(pool, whole, triple));
}

const PLACE = /^<inline asm>:(\d+):(\d+): /;

/**
 * As a module's own assembly, which a worker reads in a tenth of the time that an assembler takes to start. Labels that a later line may
 * define are told without a line.
 */
async function firstRefused(pool: Pool, text: string, triple: string): Promise<number | undefined> {
  if (!text.endsWith("\n")) return undefined; // the lines before were looked at
  const module = await pool.load(Buffer.from(moduleOf(text, triple)), "assembly");
  if (module.status !== "ok") return undefined;
  const made = await pool.emit(module.value, "", "object");
  pool.unload(module.value);
  const [, line, column] = made.status === "invalid" ? (PLACE.exec(made.message) ?? []) : [];
  if (line === undefined || column === undefined) return undefined;
  const at = indexOfPlace(text, { line: Number(line), column: Number(column) });
  return Math.min(at, text.length - 1);
}

function moduleOf(text: string, triple: string): string {
  const escaped = (line: string): string =>
    line.replaceAll("\\", String.raw`\5C`).replaceAll('"', String.raw`\22`);
  const lines = text.split("\n").slice(0, -1);
  const all = lines.map((line) => `module asm "${escaped(line)}"\n`);
  return `target triple = "${triple}"\n${all.join("")}`;
}
