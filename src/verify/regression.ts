/**
 * A failure kept for good: test/regress/<suspect pass>-<n>/ with the program (preprocessed, so that it stands alone) and
 * case.json. `expected` says what is right today: "refused", the list holds a pass that `check` refuses, and the failure
 * is still there; "correct", LLVM compiles the program right with the list (it was mended, or never at fault).
 */

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../base/run-command.ts";
import { parsePassList } from "../passes/parse.ts";
import { walk } from "../passes/tree.ts";
import type { Reduced } from "./reduce.ts";
import type { Rig } from "./rig.ts";
import type { Program } from "./suite.ts";

const caseSchema = z.object({
  passes: z.string(),
  /** What was seen when it was found. */
  seen: z.string(),
  foundWith: z.string(),
  llvmVersion: z.string(),
  language: z.enum(["c", "c++"]),
  flags: z.array(z.string()),
  expected: z.enum(["refused", "correct"]),
});
export type RegressionCase = z.infer<typeof caseSchema>;

export interface Regression extends RegressionCase {
  readonly name: string;
  readonly program: Program;
}

const TIME_LIMIT_SECONDS = 5;
const MAX_SOURCE_BYTES = 16 << 20;

export function readRegressions(folder: string): Regression[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "case.json")))
    .toSorted();
  return names.map((name) => readRegression(folder, name));
}

function readRegression(folder: string, name: string): Regression {
  const known = caseSchema.parse(JSON.parse(readFileSync(join(folder, name, "case.json"), "utf8")));
  const { language, flags } = known;
  const path = join(folder, name, language === "c" ? "program.c" : "program.cc");
  return {
    ...known,
    name,
    program: { name, path, language, flags, includes: "", timeLimitSeconds: TIME_LIMIT_SECONDS },
  };
}

/** The last pass of the shortest failing list: what it was given, the others only prepared. */
function suspectOf(passes: string): string {
  const parsed = parsePassList(passes);
  const leaves = parsed.ok ? walk(parsed.list).filter(({ node }) => node.body === undefined) : [];
  return leaves.at(-1)?.node.name ?? "unknown";
}

/** Writes the next free <suspect>-<n>; gives its folder. */
export async function keepRegression(
  rig: Rig,
  folder: string,
  { passes, original, counterexample, ready: { program } }: Reduced,
): Promise<string> {
  const { language, path } = program;
  const clang = join(rig.toolchain.bin, language === "c" ? "clang" : "clang++");
  const run = await runCommand(clang, [...program.flags, "-E", "-P", path], {
    timeoutMs: 60_000,
    maxOutputBytes: MAX_SOURCE_BYTES,
  });
  const source = run.status === "exited" && run.code === 0 ? run.stdout : readFileSync(path);
  const place = nextFree(folder, suspectOf(passes));
  const flags = program.flags.filter((flag) => /^-(?:std=|f|W|w)/.test(flag));
  const kept: RegressionCase = {
    passes,
    seen: counterexample,
    foundWith: original,
    llvmVersion: rig.llvmVersion,
    language,
    flags,
    expected: "correct",
  };
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, language === "c" ? "program.c" : "program.cc"), source);
  writeFileSync(join(place, "case.json"), `${JSON.stringify(kept, null, 2)}\n`);
  return place;
}

function nextFree(folder: string, suspect: string): string {
  for (let n = 1; ; n++) {
    const place = join(folder, `${suspect}-${n}`);
    if (!existsSync(place)) return place;
  }
}
