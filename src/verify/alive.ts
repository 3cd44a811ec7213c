/**
 * Alive2's translation validator on a module and what a pass list makes of it: a proof, function by function, within its
 * bounds (loops unrolled a few times, a time for each question, no interprocedural reasoning: functions that are in one of the
 * two modules only, or whose signature changed, are not compared).
 *
 * Source: alive2, tools/alive-tv.cpp and llvm_util/compare.cpp: options, messages and the summary at the end.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";
import { describeFailure } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { type Verdict, correct, undecided, wrong } from "./verdict.ts";

const QUESTION_TIMEOUT_MS = 5_000;
const TIMEOUT_MS = 300_000;
const MAX_OUTPUT_BYTES = 256 << 20;
const MAX_EXAMPLE_CHARACTERS = 300;

export interface AliveOptions {
  readonly passes: string;
  readonly signal?: AbortSignal | undefined;
  /** The program to run. */
  readonly command?: string;
}

/** Whether alive-tv can be started; the message says how to get it. */
export async function findAlive(command = "alive-tv"): Promise<string | undefined> {
  const run = await runCommand(command, ["--version"], {
    timeoutMs: 10_000,
    maxOutputBytes: 1 << 20,
  });
  return run.status === "exited" && run.code === 0
    ? undefined
    : `cannot start ${command}: build it from https://github.com/AliveToolkit/alive2 with the LLVM in use, and put it on PATH`;
}

export async function checkAlive(
  pool: Pool,
  module: LoadedModule,
  { passes, signal, command = "alive-tv" }: AliveOptions,
): Promise<Verdict> {
  const before = await pool.emit(module, "", "bitcode");
  if (before.status !== "ok") return undecided(describeFailure(before));
  const after = await pool.emit(module, passes, "bitcode");
  if (after.status !== "ok") return undecided(describeFailure(after));
  const folder = mkdtempSync(join(tmpdir(), "llmc-alive-"));
  try {
    const [source, target] = [join(folder, "source.bc"), join(folder, "target.bc")];
    writeFileSync(source, before.value);
    writeFileSync(target, after.value);
    const run = await runCommand(command, [`--smt-to=${QUESTION_TIMEOUT_MS}`, source, target], {
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      signal,
    });
    if (run.status === "failed") return undecided(`alive-tv: ${run.message}`);
    return readAliveOutput(run.stdout.toString("utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only a summary that counts nothing but correct functions, and at least one, is a proof. */
export function readAliveOutput(output: string): Verdict {
  const count = (what: string): number | undefined => {
    const found = new RegExp(`^ *(\\d+) ${what}`, "m").exec(output)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const proved = count("correct transformations");
  const refuted = count("incorrect transformations");
  const open = (count("failed-to-prove transformations") ?? 0) + (count("Alive2 errors") ?? 0);
  if (proved === undefined || refuted === undefined)
    return undecided(`alive-tv gave no summary: ${output.trim().split("\n").at(-1) ?? ""}`);
  if (refuted > 0) return wrong(firstExample(output));
  if (open > 0) return undecided(`alive-tv could not decide ${open} of ${proved + open} functions`);
  if (proved === 0) return undecided("alive-tv found no function in both modules");
  return correct(`alive-tv proved ${proved} functions, within its bounds`);
}

function firstExample(output: string): string {
  const at = output.indexOf("Transformation doesn't verify!");
  const names = [...output.slice(0, at).matchAll(/^define .*?@("[^"]+"|[\w.$-]+)\(/gm)];
  const rest = output.slice(at).split(/^-{10,}$/m)[0] ?? "";
  const error = rest.slice(Math.max(0, rest.indexOf("ERROR:")));
  const words = error.split(/\s+/).join(" ").trim();
  return `alive-tv, ${names.at(-1)?.[1] ?? "a function"}: ${words.slice(0, MAX_EXAMPLE_CHARACTERS)}`;
}
