/**
 * The search behind a cache miss: pass lists on the module with one worker (a parallel build brings its own processes),
 * the best one's object made by clang with the user's flags, and taken where it is smaller than the user's own object.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { measureElf } from "../llvm/elf.ts";
import { describeFailure } from "../llvm/outcome.ts";
import { type LoadedModule, type Pool, makePool } from "../llvm/pool.ts";
import { findToolchain } from "../llvm/toolchain.ts";
import { presets } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { type Journal, journalFolderIn, memoryJournal, openJournal } from "../tuner/journal.ts";
import { STRATEGIES } from "../tuner/strategies/index.ts";
import { tuneModule } from "../tuner/tune.ts";
import { checkDifferential } from "../verify/differential/differential.ts";
import type { Made } from "./cache.ts";
import { type Improvement, keptObject } from "./kept.ts";
import type { Children } from "./children.ts";
import { backEndArguments } from "./command.ts";

export interface ImproveSettings {
  readonly clang: string;
  readonly children: Children;
  /** Pass lists tried on a module. */
  readonly budget: number;
  readonly isVerified: boolean;
  /** Caches of this program: measurements, runtime of the differential check. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
}

/** Up to here the coreset does better than `guided` (results/savings.md), and best by what is expected of its lists (LOG.md). */
const MAX_CORESET_BUDGET = 24;
/** A module on which ten lists take longer holds up a build; what was measured is in the journal. */
const SEARCH_SECONDS = 300;

/** Throws where the search breaks down; the caller then keeps the user's object. */
export async function improve(work: Improvement, settings: ImproveSettings): Promise<Made> {
  const { baseline, baselineBytes } = work;
  const kept = keptObject(work);
  const found = findToolchain(dirname(dirname(settings.clang)));
  if (found.status === "missing") throw new Error(found.message);
  using pool = makePool(found.toolchain, 1);
  settings.signal.addEventListener("abort", () => pool.close(), { once: true });
  const loaded = await pool.load(readFileSync(work.bitcode), work.source);
  if (loaded.status !== "ok") throw new Error(describeFailure(loaded));
  const passes = await bestList(pool, loaded.value, { work, settings });
  if (passes === undefined) return kept;
  const object: Buffer = await build(pool, loaded.value, { passes, work, settings });
  const bytes = measureElf(object).size;
  if (bytes >= baselineBytes || !hasSameDebugSections(object, baseline)) return kept;
  const verdict = settings.isVerified
    ? await judge(pool, loaded.value, { passes, settings })
    : "unchecked";
  return verdict === "wrong" ? kept : { baselineBytes, bytes, passes, verdict, object };
}

interface How {
  readonly work: Improvement;
  readonly settings: ImproveSettings;
}

/** Undefined where nothing can beat what the user has. */
async function bestList(
  pool: Pool,
  module: LoadedModule,
  { work, settings }: How,
): Promise<string | undefined> {
  if (module.info.functions === 0) return undefined;
  const registry = registryFor(pool.toolchain.major);
  const { budget, cacheFolder, signal } = settings;
  const journals = journalFolderIn(cacheFolder, await pool.llvmVersion());
  const tuned = await tuneModule(pool, module, {
    strategy: STRATEGIES[budget > MAX_CORESET_BUDGET ? "guided" : "expected"].run,
    objective: "size",
    compilations: budget,
    seconds: SEARCH_SECONDS,
    seed: 0,
    coreset: loadCoreset(registry),
    registry,
    minimize: false,
    journalFor: (hash) => journalIn(journals, hash),
    signal,
  });
  if (tuned.status !== "ok") throw new Error(describeFailure(tuned));
  const { best } = tuned.value;
  if (best !== undefined) return printPassList(best.list);
  return work.level === "-Oz" ? undefined : printPassList(presets.Oz);
}

function journalIn(folder: string, hash: string): Journal {
  try {
    return openJournal(join(folder, `${hash}.jsonl`));
  } catch {
    return memoryJournal();
  }
}

async function build(
  pool: Pool,
  module: LoadedModule,
  { passes, work, settings }: How & { passes: string },
): Promise<Buffer> {
  const emitted = await pool.emit(module, passes, "bitcode");
  if (emitted.status !== "ok") throw new Error(describeFailure(emitted));
  const [bitcode, object] = [join(work.scratch, "best.bc"), join(work.scratch, "best.o")];
  writeFileSync(bitcode, emitted.value);
  const { clang, children } = settings;
  const args = backEndArguments(work.flags, { bitcode, object });
  const { code, stderr } = await children.run(clang, args, { collect: true });
  if (code !== 0 || stderr.byteLength > 0)
    throw new Error(`code generation for ${work.source}: ${stderr.toString() || `exit ${code}`}`);
  return readFileSync(object);
}

const DEBUG_SECTIONS = [".debug_info", ".debug_line", ".debug_str"];

/** Passes may drop debug information with the code it tells of, but not a whole kind of it. */
function hasSameDebugSections(object: Buffer, baseline: Buffer): boolean {
  // Where a section is, its name stands in the table of names, ended by a zero.
  return DEBUG_SECTIONS.every(
    (name) => object.includes(`${name}\0`) || !baseline.includes(`${name}\0`),
  );
}

async function judge(
  pool: Pool,
  module: LoadedModule,
  { passes, settings }: { passes: string; settings: ImproveSettings },
): Promise<string> {
  const scratch = join(settings.cacheFolder, "differential");
  const { signal } = settings;
  const { verdict } = await checkDifferential(pool, module, { passes, scratch, signal });
  return verdict.status;
}
