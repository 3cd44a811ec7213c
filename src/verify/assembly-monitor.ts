/** Judges assembly that is still being written: LLVM's assembler on the lines so far, and assembly-slips.ts. */

import { indexOfPlace } from "../base/text-place.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runAssembler } from "../llvm/tools.ts";
import { firstAssemblySlip } from "../tasks/assembly-slips.ts";
import { firstOf } from "./ir-monitor.ts";

/**
 * `text`: from its first line, cleaned as assembly.ts does, the last line perhaps unfinished. The place of the first character that is wrong
 * whatever follows, the text's length where it cannot be the end; undefined where there is none.
 */
export async function firstWrongAssembly(
  toolchain: Toolchain,
  text: string,
  { triple, isEnd }: { triple: string; isEnd: boolean },
): Promise<number | undefined> {
  const slip = firstAssemblySlip(text, isEnd);
  return firstOf(slip, await firstRefused(toolchain, text, triple));
}

const PLACE = /\(line (\d+), column (\d+)\)$/;

/** Labels that a later line may define are told without a line. */
async function firstRefused(
  toolchain: Toolchain,
  text: string,
  triple: string,
): Promise<number | undefined> {
  if (!text.endsWith("\n")) return undefined; // the lines before were looked at
  const made = await runAssembler(toolchain, text, triple);
  if (made.status !== "invalid") return undefined;
  const [, line, column] = PLACE.exec(made.message) ?? [];
  if (line === undefined || column === undefined) return undefined;
  const at = indexOfPlace(text, { line: Number(line), column: Number(column) });
  return Math.min(at, text.length - 1);
}
