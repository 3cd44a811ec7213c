/**
 * The programs of an evaluation: some of a corpus's split, chosen by a seed, or a user's own. Each is loaded and measured
 * once, without any pass and under -Oz, before a contender is asked: what cannot be is counted as unusable.
 */

import { inLanes } from "../base/lanes.ts";
import type { Split } from "../corpus/split.ts";
import { openCorpus } from "../corpus/store.ts";
import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import { asProblem } from "./asked.ts";
import type { Program, Unusable } from "./program.ts";
import { type Choice, chooseListed } from "./programs-choice.ts";
import { type FolderSource, folderSources } from "./programs-folder.ts";
import { type BenchKit, openBench } from "./tune/bench.ts";

export interface Programs {
  /** In the order of the choice. */
  readonly programs: readonly Program[];
  readonly unusable: readonly Unusable[];
}

export interface ProgramOptions {
  readonly kit: BenchKit;
  /** After it no further program is taken: what comes is then not all. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CorpusChoice extends Choice {
  readonly split?: Split | undefined;
}

/** Of the kept modules of a corpus. Their bitcode is held in memory: keep `count` and `maxBytes` modest. */
export async function corpusPrograms(
  corpus: string,
  choice: CorpusChoice,
  options: ProgramOptions,
): Promise<Programs> {
  const chosen = await readChosen(corpus, choice);
  const candidates = chosen.map((program) => ({ id: program.id, open: async () => ok(program) }));
  return usable(candidates, options);
}

export type FolderPrograms =
  ({ readonly ok: true } & Programs) | { readonly ok: false; readonly message: string };

/** Of a folder of sources, IR and bitcode, or of a compile_commands.json. Not ok where there is nothing of these. */
export async function folderPrograms(
  path: string,
  choice: Choice,
  options: ProgramOptions,
): Promise<FolderPrograms> {
  const found = folderSources(path);
  if (!found.ok) return found;
  const candidates = chooseListed(found.sources, choice).map((source) => ({
    id: source.id,
    open: () => openSource(source, choice, options),
  }));
  return { ok: true, ...(await usable(candidates, options)) };
}

async function readChosen(
  folder: string,
  { split = "test", ...choice }: CorpusChoice,
): Promise<Program[]> {
  const { minBytes, maxBytes } = choice;
  const corpus = await openCorpus(folder);
  try {
    const rows = await corpus.query(
      `SELECT hash, package FROM manifest WHERE kept AND split = '${split}'
       AND bitcodeBytes BETWEEN ${Math.ceil(minBytes)} AND ${Math.floor(maxBytes)}`,
    );
    const listed = rows.map((row) => ({
      id: String(row["hash"]),
      package: String(row["package"]),
    }));
    const chosen = chooseListed(listed, choice);
    const places = new Map(chosen.map(({ id }, place) => [id, place]));
    const packages = [...new Set(chosen.map((each) => each.package))];
    const filter = { splits: [split], packages, maxBitcodeBytes: maxBytes };
    const programs: Program[] = [];
    for await (const module of corpus.modules(filter)) {
      const place = places.get(module.hash);
      if (place === undefined) continue;
      const { hash: name, package: from, path, language, bitcode, bitcodeBytes: bytes } = module;
      const id = `${from}/${path}#${name.slice(0, SHORT_HASH)}`; // builds compile a file more than once
      programs[place] = { id, package: from, language, bytes, hash: name, bitcode };
    }
    return programs;
  } finally {
    corpus.close();
  }
}

const SHORT_HASH = 8;

async function openSource(
  { id, package: from, language, load, hash }: FolderSource,
  { minBytes, maxBytes }: Choice,
  { kit }: ProgramOptions,
): Promise<Outcome<Program>> {
  const { pool } = kit;
  const loaded = await load(pool);
  if (loaded.status !== "ok") return loaded;
  const { bitcode } = loaded.value.info;
  const bytes = bitcode.byteLength;
  try {
    if (bytes < minBytes || bytes > maxBytes) {
      const message = `its bitcode has ${bytes} bytes; want ${minBytes} to ${maxBytes}`;
      return { status: "rejected", message };
    }
    const named = await hash(pool, loaded.value);
    if (named.status !== "ok") return named;
    return ok({ id, package: from, language, bytes, hash: named.value, bitcode });
  } finally {
    pool.unload(loaded.value);
  }
}

interface Candidate {
  readonly id: string;
  readonly open: () => Promise<Outcome<Program>>;
}

async function usable(
  candidates: readonly Candidate[],
  { kit, signal, onProgress }: ProgramOptions,
): Promise<Programs> {
  const found: (Program | Unusable)[] = [];
  let done = 0;
  const tryOne = async ([place, { id, open }]: [number, Candidate]): Promise<void> => {
    const opened = await open();
    const checked = opened.status === "ok" ? await measurable(kit, opened.value) : opened;
    found[place] =
      checked.status === "ok"
        ? checked.value
        : { id, problem: asProblem(describeFailure(checked)) };
    onProgress?.(++done, candidates.length);
  };
  await inLanes(candidates.entries(), tryOne, { lanes: kit.pool.workers, signal });
  const all = found.filter((each) => each !== undefined); // holes: not begun when interrupted
  return {
    programs: all.filter((each) => "bitcode" in each),
    unusable: all.filter((each) => "problem" in each),
  };
}

async function measurable(kit: BenchKit, program: Program): Promise<Outcome<Program>> {
  const opened = await openBench(kit, program);
  if (opened.status !== "ok") return opened;
  using bench = opened.value;
  const unoptimised = await bench.unoptimised();
  return unoptimised.status === "ok" ? ok(program) : unoptimised;
}
