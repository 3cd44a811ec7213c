/**
 * `npm run fuzz -- --minutes N [--seed N] [--jobs N]`: random programs (csmith's where it is installed, and programs of
 * the builtin suite with other constants) × random lists of safe passes. A failure is reduced and kept under
 * test/regress/. Exit code 1 when something was found.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { makeRng, type Rng } from "../src/base/rng.ts";
import { makePool } from "../src/llvm/pool.ts";
import { findToolchain } from "../src/llvm/toolchain.ts";
import { mutatePassList, randomPassList } from "../src/passes/mutate.ts";
import { ozTree } from "../src/passes/presets.ts";
import { printPassList } from "../src/passes/print.ts";
import { registryFor } from "../src/passes/registry.ts";
import type { PassList } from "../src/passes/tree.ts";
import { inLanes } from "../src/base/lanes.ts";
import type { ReadyProgram } from "../src/verify/program.ts";
import { reduceFailure } from "../src/verify/reduce.ts";
import { keepRegression } from "../src/verify/regression.ts";
import { openRig } from "../src/verify/rig.ts";
import { readyProgram, tryList } from "../src/verify/run-suite.ts";
import { mutateSource } from "../src/verify/source-mutation.ts";
import type { Program } from "../src/verify/suite.ts";
import { SUITES } from "../src/verify/suites/index.ts";

const LISTS_PER_PROGRAM = 20;
const RANDOM_LENGTH = { minLength: 1, maxLength: 40 };
const MAX_OZ_EDITS = 12;
const REGRESSIONS = join(import.meta.dirname, "../test/regress");

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: `${Date.now()}` },
    jobs: { type: "string", default: "2" },
    llvm: { type: "string" },
  },
});
const seed = Number(values.seed);
let until = performance.now() + Number(values.minutes) * 60_000;
// The first Ctrl-C ends it as the time does, with what was found; the second at once.
process.once("SIGINT", () => (until = 0));

const found = findToolchain(values.llvm);
if (found.status === "missing") throw new Error(found.message);
const { toolchain } = found;
using pool = makePool(toolchain, Number(values.jobs));
const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "llmc", "verify");
const opened = await openRig({ toolchain, llvmVersion: await pool.llvmVersion(), cache });
if (opened instanceof Error) throw opened;
using rig = opened;
const registry = registryFor(toolchain.major);
const work = mkdtempSync(join(tmpdir(), "llmc-fuzz-"));

const counts = { programs: 0, leftOut: 0, lists: 0, llvmFailed: 0, undecided: 0, wrong: 0 };
const kept: string[] = [];
const context = { toolchain, cache, count: 1 };
const builtin = await SUITES.builtin.programs({ ...context, seed });
const originals =
  builtin.status === "available" ? builtin.programs.filter(({ language }) => language === "c") : [];
console.log(`seed ${seed}, ${originals.length} programs to mutate`);

await inLanes(untilTime(), fuzzOne, { lanes: pool.workers });
rmSync(work, { recursive: true, force: true });
console.log(
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", "),
);
if (kept.length > 0) {
  console.log(`kept:\n${kept.join("\n")}`);
  process.exitCode = 1;
}

function* untilTime(): Generator<number> {
  for (let index = 0; performance.now() < until; index++) yield index;
}

async function fuzzOne(index: number): Promise<void> {
  const rng = makeRng(`fuzz ${seed} ${index}`);
  const program = await randomProgram(index, rng);
  if (program === undefined) return;
  const ready = await readyProgram(pool, rig, { program });
  if (typeof ready === "string" || ready.hasUndefined) return void counts.leftOut++;
  counts.programs++;
  await tryRandomLists(ready, rng);
}

async function randomProgram(index: number, rng: Rng): Promise<Program | undefined> {
  const made =
    index % 2 === 0
      ? await SUITES.csmith.programs({ ...context, seed: rng.int(2 ** 31) })
      : undefined;
  if (made?.status === "available") return made.programs[0];
  const original = rng.pick(originals);
  const name = `mutated-${index}-${original.name}`;
  const path = join(work, name);
  writeFileSync(path, mutateSource(readFileSync(original.path, "utf8"), rng));
  return { ...original, name, path, flags: [...original.flags, "-I", dirname(original.path)] };
}

async function tryRandomLists(ready: ReadyProgram, rng: Rng): Promise<void> {
  const loaded = await pool.load(ready.bitcode, ready.program.name);
  if (loaded.status !== "ok") return;
  for (let n = 0; n < LISTS_PER_PROGRAM && performance.now() < until; n++) {
    const passes = printPassList(randomList(rng));
    const { verdict, outcome } = await tryList(
      pool,
      { ready, module: loaded.value },
      { rig, passes },
    );
    counts.lists++;
    if (outcome !== "ok") counts.llvmFailed++;
    else if (verdict.status === "undecided") counts.undecided++;
    if (verdict.status === "wrong") await keep(ready, passes, verdict.counterexample);
  }
  pool.unload(loaded.value);
}

/** Half of them drawn freely, half -Oz with some edits: those reach states that free lists hardly do. */
function randomList(rng: Rng): PassList {
  if (rng.int(2) === 0) return randomPassList(rng, registry, RANDOM_LENGTH);
  let list = ozTree(registry.llvmVersion);
  for (let edits = 1 + rng.int(MAX_OZ_EDITS); edits > 0; edits--)
    list = mutatePassList(list, rng, registry);
  return list;
}

async function keep(ready: ReadyProgram, passes: string, counterexample: string): Promise<void> {
  counts.wrong++;
  console.log(`${ready.program.name}: ${counterexample.split("\n")[0]}\n  ${passes}`);
  const reduced = await reduceFailure(pool, rig, ready, { passes });
  if (reduced === undefined) return;
  const folder = await keepRegression(rig, REGRESSIONS, reduced);
  console.log(`  kept as ${folder}: ${reduced.passes}`);
  kept.push(folder);
}
