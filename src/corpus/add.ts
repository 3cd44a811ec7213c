/**
 * Adds sources to a corpus: Debian packages, harvested first where that has not been done, and files that are there.
 * One that fails is a row in the result and stops none of the others.
 */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { jsonLineAppender } from "../base/files.ts";
import { inLanes } from "../base/lanes.ts";
import type { Pool } from "../llvm/pool.ts";
import { sourceFolder } from "./apt.ts";
import type { WithBitcode } from "./corpus-module.ts";
import { type HarvestPlace, harvest, readHarvest, recordsFolder } from "./harvest.ts";
import { type PackageFacts, ingest, moduleFiles } from "./ingest.ts";
import { licenceOfSource } from "./licence.ts";
import { type Split, splitOf } from "./split.ts";
import { type Corpus, refusePackage } from "./store.ts";

export type Source =
  | { readonly kind: "debian"; readonly name: string }
  /** Files and folders that make one package. */
  | { readonly kind: "files"; readonly facts: PackageFacts; readonly paths: readonly string[] };

/** How a source ended. `present`: it was there already. `empty`: nothing was recorded, or LLVM took none of it. */
export type AddStatus = "added" | "present" | "empty" | "refused" | "busy" | "failed";

export interface AddRow {
  readonly package: string;
  readonly split: Split;
  readonly status: AddStatus;
  readonly modules: number;
  readonly functions: number;
  readonly seconds: number;
  /** How it was built, or why it was not added. */
  readonly note: string;
}

export interface AddOptions {
  readonly pool: Pool;
  /** Packages built at a time. */
  readonly jobs: number;
  /** Adds anew what is there already. */
  readonly again: boolean;
  /** Folder of harvested packages. */
  readonly cache: string;
  /** Gets ready to build; called once, and only where something must be built. A string is why that cannot be. */
  readonly openHarvest: () => Promise<HarvestPlace | string>;
  readonly signal: AbortSignal;
  readonly onRow: (row: AddRow, done: number) => void;
}

/** Rows in the order in which the sources ended. Those that the signal kept from ending have none. */
export async function addAll(
  corpus: Corpus,
  sources: readonly Source[],
  options: AddOptions,
): Promise<AddRow[]> {
  const rows: AddRow[] = [];
  const started = performance.now();
  const place = once(options.openHarvest);
  await inLanes(
    sources,
    async (source) => {
      const row = await addOne(corpus, source, { ...options, openHarvest: place });
      if (row === undefined) return;
      rows.push(row);
      options.onRow(row, rows.length);
    },
    { lanes: options.jobs, signal: options.signal },
  );
  logRun(corpus.folder, rows, secondsSince(started));
  return rows;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const secondsSince = (started: number): number => (performance.now() - started) / 1000;

/** Of runs that added something; `stats` tells the speed of the last. */
export const RUN_LOG = "adds.jsonl";

function logRun(folder: string, rows: readonly AddRow[], seconds: number): void {
  const added = rows.filter(({ status }) => status === "added");
  if (added.length === 0) return;
  const modules = added.reduce((sum, row) => sum + row.modules, 0);
  const at = new Date().toISOString();
  jsonLineAppender(join(folder, RUN_LOG))({ at, packages: added.length, modules, seconds });
}

async function addOne(
  corpus: Corpus,
  source: Source,
  options: AddOptions,
): Promise<AddRow | undefined> {
  const started = performance.now();
  const name = source.kind === "debian" ? source.name : source.facts.package;
  const end = (status: AddStatus, rest: Partial<AddRow>): AddRow => ({
    package: name,
    split: splitOf(name),
    status,
    modules: 0,
    functions: 0,
    note: "",
    ...rest,
    seconds: secondsSince(started),
  });
  const refusal = refusePackage(name);
  if (refusal !== null) return end("refused", { note: refusal });
  try {
    const found =
      source.kind === "files"
        ? filesOf(source)
        : await debianFiles(source.name, { ...options, corpus });
    if ("status" in found) return end(found.status, { note: found.note });
    const added = await addFiles(corpus, found, options);
    const note = [found.how, ...added.refused].filter((part) => part !== "").join("; ");
    return end(added.modules === 0 ? "empty" : "added", { ...added, note });
  } catch (error) {
    if (options.signal.aborted) return undefined;
    return end("failed", { note: error instanceof Error ? error.message : String(error) });
  }
}

interface Found {
  readonly facts: PackageFacts;
  readonly files: readonly string[];
  readonly how: string;
}

interface NotFound {
  readonly status: AddStatus;
  readonly note: string;
}

function filesOf({ facts, paths }: Extract<Source, { kind: "files" }>): Found | NotFound {
  const files: string[] = [];
  for (const path of paths) {
    const found = moduleFiles(path);
    if (found.status !== "ok") return { status: "failed", note: found.message };
    files.push(...found.value);
  }
  return { facts, files, how: "" };
}

async function debianFiles(
  name: string,
  options: AddOptions & { corpus: Corpus },
): Promise<Found | NotFound> {
  const { cache, corpus, again } = options;
  const written = corpus.writtenAt(name);
  const records = recordsFolder(cache, name);
  const isNewer = (): boolean => {
    const recorded = statSync(records, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return readHarvest(cache, name) !== null && recorded > (written ?? 0);
  };
  if (written !== undefined && !again && !isNewer()) return { status: "present", note: "" };
  const earlier = readHarvest(cache, name);
  const harvested =
    earlier !== null && earlier.records > 0
      ? ({ status: "done", harvest: earlier } as const)
      : await build(name, options);
  if (harvested.status !== "done") return { status: harvested.status, note: harvested.message };
  const { version, how, records: count } = harvested.harvest;
  if (count === 0) return { status: "empty", note: how };
  const files = moduleFiles(records);
  if (files.status !== "ok") return { status: "failed", note: files.message };
  const sources = sourceFolder(cache, name);
  const licence = existsSync(sources) ? await licenceOfSource(sources) : "";
  return { facts: { package: name, version, licence }, files: files.value, how };
}

async function build(name: string, { openHarvest }: AddOptions): ReturnType<typeof harvest> {
  const place = await openHarvest();
  return typeof place === "string" ? { status: "failed", message: place } : harvest(name, place);
}

/** Of the files that LLVM refused, only the first few are told. */
const MAX_REFUSED_TOLD = 3;

async function addFiles(
  corpus: Corpus,
  { facts, files }: Found,
  { pool, signal }: AddOptions,
): Promise<{ modules: number; functions: number; refused: string[] }> {
  const refused: string[] = [];
  let modules = 0;
  let functions = 0;
  const count = async function* (): AsyncGenerator<WithBitcode> {
    const onFailure = (path: string, why: string): number => refused.push(`${path}: ${why}`);
    for await (const module of ingest(files, { ...facts, pool, signal, onFailure })) {
      modules++;
      functions += module.functions.length;
      yield module;
    }
    // An empty package is not written; see below.
    if (modules === 0) throw new NoModules();
  };
  try {
    await corpus.addPackage(facts.package, count());
  } catch (error) {
    if (!(error instanceof NoModules)) throw error;
  }
  const more = refused.length - MAX_REFUSED_TOLD;
  const told = refused.slice(0, MAX_REFUSED_TOLD);
  return { modules, functions, refused: more > 0 ? [...told, `and ${more} more`] : told };
}

class NoModules extends Error {}
