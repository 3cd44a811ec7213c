/**
 * Modules of a corpus as files: `NAME-HASH.bc`, or .ll in normal form, in a folder for each package, and a line for each
 * in manifest.jsonl. And samples: a few small modules of many packages in one Parquet file.
 */

import { basename, extname, join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { isPermissive } from "./licence.ts";
import { openDatabase } from "./duckdb.ts";
import { writePackageFile } from "./package-file.ts";
import type { WithBitcode } from "./corpus-module.ts";
import type { Corpus, CorpusModule, ModuleFilter } from "./store.ts";

export interface ExportFilter extends ModuleFilter {
  /** Words of which one must be among the licences, in any case. */
  readonly licences?: readonly string[] | undefined;
  /** Only licences that ask for a notice at most. */
  readonly permissive?: boolean | undefined;
}

/** The kept modules that pass, in the order of their hashes. */
async function* chosen(
  corpus: Corpus,
  { licences, permissive, limit = Number.POSITIVE_INFINITY, ...filter }: ExportFilter,
): AsyncGenerator<WithBitcode> {
  let count = 0;
  const isBounded = licences === undefined && permissive !== true && Number.isFinite(limit);
  for await (const module of corpus.modules(isBounded ? { ...filter, limit } : filter)) {
    if (permissive === true && !isPermissive(module.licence)) continue;
    const words = module.licence.toLowerCase();
    if (licences !== undefined && !licences.some((word) => words.includes(word.toLowerCase())))
      continue;
    if (count++ >= limit) return;
    yield module;
  }
}

export type ExportKind = "bc" | "ll";

export interface ExportResult {
  readonly modules: number;
  readonly bytes: number;
  /** What could not be brought into normal form, a sentence each. */
  readonly failures: readonly string[];
}

/** Writes into `out`; what else lies there stays. The manifest comes last, so that it names only what is there. */
export async function exportModules(
  corpus: Corpus,
  out: string,
  { kind, pool, filter }: { kind: ExportKind; pool: Pool; filter: ExportFilter },
): Promise<ExportResult> {
  const lines: string[] = [];
  const failures: string[] = [];
  let bytes = 0;
  for await (const module of chosen(corpus, filter)) {
    const content = await contentOf(module, kind, pool);
    if (content.status !== "ok") {
      failures.push(`${module.package}/${module.path}: ${content.message}`);
      continue;
    }
    const file = fileName(module, kind);
    writeFileAtomic(join(out, file), content.value);
    bytes += content.value.length;
    lines.push(`${JSON.stringify({ file, ...withoutBitcode(module) })}\n`);
  }
  writeFileAtomic(join(out, "manifest.jsonl"), lines.join(""));
  return { modules: lines.length, bytes, failures };
}

const SHORT_HASH = 12;

function fileName({ package: name, path, hash }: CorpusModule, kind: ExportKind): string {
  const stem = basename(path, extname(path)).replace(/[^\w.+-]/g, "_");
  return join(name, `${stem}-${hash.slice(0, SHORT_HASH)}.${kind}`);
}

const withoutBitcode = ({ bitcode: _, ...module }: WithBitcode): CorpusModule => module;

async function contentOf(
  { bitcode, path }: WithBitcode,
  kind: ExportKind,
  pool: Pool,
): Promise<Outcome<Uint8Array>> {
  if (kind === "bc") return ok(bitcode);
  const loaded = await pool.load(bitcode, path);
  if (loaded.status !== "ok") return loaded;
  try {
    const normal = await pool.normalize(loaded.value);
    return normal.status === "ok" ? ok(Buffer.from(normal.value.text)) : normal;
  } finally {
    pool.unload(loaded.value);
  }
}

/** Below, a module has nothing to look at; above, two hundred would be no small file. */
const SAMPLE_BITCODE_BYTES = { min: 2_600, max: 24_000 };
export const SAMPLE_MODULES = 200;

/**
 * Small modules, as many from each package as from the others as far as they go, in one Parquet
 * file that `openCorpus` opens. The same corpus gives the same sample.
 */
export async function writeSample(
  corpus: Corpus,
  path: string,
  {
    filter,
    modules: wanted,
    minBytes = SAMPLE_BITCODE_BYTES.min,
  }: { filter: ExportFilter; modules: number; minBytes?: number | undefined },
): Promise<ExportResult> {
  const byPackage = new Map<string, WithBitcode[]>();
  const { limit: _, ...rest } = filter; // `modules` says how many
  const limits = { maxBitcodeBytes: SAMPLE_BITCODE_BYTES.max, ...rest };
  for await (const module of chosen(corpus, limits)) {
    const own = byPackage.get(module.package) ?? [];
    byPackage.set(module.package, own);
    if (module.bitcodeBytes >= minBytes && own.length < wanted) own.push(module);
  }
  const sample = roundRobin([...byPackage.values()], wanted);
  const database = await openDatabase(`${path}.spill.tmp`);
  try {
    await writePackageFile(database, path, sample);
  } finally {
    database.close();
  }
  const bytes = sample.reduce((sum, { bitcodeBytes }) => sum + bitcodeBytes, 0);
  return { modules: sample.length, bytes, failures: [] };
}

/** The first of each list, the second of each, and so on. */
function roundRobin<T>(lists: readonly (readonly T[])[], count: number): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const all = Array.from({ length: longest }, (_, i) =>
    lists.flatMap((list) => list.slice(i, i + 1)),
  );
  return all.flat().slice(0, count);
}
