/**
 * From files on disk to modules of the corpus: what a recorder left (`ID.bc` beside `ID.json`), or plain .bc and .ll.
 * Each is read by LLVM in a worker process, which gives its normal form; what LLVM refuses is told and left out.
 */

import { hash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { inLanes } from "../base/lanes.ts";
import { MAX_INPUT_BYTES } from "../base/limits.ts";
import { type Failure, type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { NormalForm } from "../llvm/normalize.ts";
import type { Pool } from "../llvm/pool.ts";
import type { WithBitcode } from "./corpus-module.ts";
import type { Language } from "./recorder.ts";
import { splitOf } from "./split.ts";

export interface PackageFacts {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
}

export interface IngestOptions extends PackageFacts {
  readonly pool: Pool;
  readonly signal?: AbortSignal | undefined;
  /** Called with what LLVM refused. */
  readonly onFailure: (path: string, why: string) => void;
}

/** Files that are in memory at a time, read or waiting to be written. */
const CHUNK_FILES = 256;

/** The modules of `files`, in no particular order. */
export async function* ingest(
  files: readonly string[],
  options: IngestOptions,
): AsyncGenerator<WithBitcode> {
  for (let start = 0; start < files.length; start += CHUNK_FILES) {
    const modules: WithBitcode[] = [];
    await inLanes(
      files.slice(start, start + CHUNK_FILES),
      async (file) => {
        const made = await readModule(file, options);
        if (made.status === "ok") modules.push(made.value);
        else options.onFailure(file, describeFailure(made));
      },
      { lanes: 2 * options.pool.workers, signal: options.signal }, // one is read while one is worked on
    );
    options.signal?.throwIfAborted(); // half a package is no package
    yield* modules;
  }
}

/** What the recorder noted beside the bitcode. */
const note = z.object({
  path: z.string(),
  language: z.string(),
  flags: z.array(z.string()),
});

async function readModule(file: string, options: IngestOptions): Promise<Outcome<WithBitcode>> {
  const bytes = readFileSync(file);
  if (bytes.length > MAX_INPUT_BYTES)
    return {
      status: "rejected",
      message: `${bytes.length} bytes, want at most ${MAX_INPUT_BYTES}`,
    };
  const normal = await normalForm(bytes, file, options.pool);
  if (normal.status !== "ok") return normal;
  const { form, bitcode } = normal.value;
  const noted = noteOf(file);
  return ok({
    hash: hash("sha256", bitcode),
    package: options.package,
    version: options.version,
    licence: options.licence,
    path: noted?.path ?? basename(file),
    language: noted?.language ?? guessLanguage(form),
    flags: noted?.flags ?? [],
    split: splitOf(options.package),
    bitcodeBytes: bitcode.length,
    textBytes: form.text.length,
    instructions: form.instructions,
    functions: form.functions,
    bitcode,
  });
}

function noteOf(file: string): { path: string; language: Language; flags: string[] } | undefined {
  const beside = file.replace(/\.\w+$/, ".json");
  if (!existsSync(beside)) return undefined;
  const { language, ...rest } = note.parse(JSON.parse(readFileSync(beside, "utf8")));
  return { ...rest, language: language as Language };
}

async function normalForm(
  bytes: Uint8Array,
  file: string,
  pool: Pool,
): Promise<Outcome<{ form: NormalForm; bitcode: Uint8Array }>> {
  const loaded = await pool.load(bytes, file);
  if (loaded.status !== "ok") return loaded;
  try {
    const form = await pool.normalize(loaded.value);
    if (form.status !== "ok") return form;
    // Recorded bitcode stays as clang wrote it; of IR text only what LLVM read is bitcode.
    return ok({ form: form.value, bitcode: isBitcode(bytes) ? bytes : loaded.value.info.bitcode });
  } finally {
    pool.unload(loaded.value);
  }
}

const BITCODE_MAGIC = "BC";
const isBitcode = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, BITCODE_MAGIC.length)).toString("latin1") === BITCODE_MAGIC;

/** By the mangled names that C++ gives its functions. */
const guessLanguage = ({ functions }: NormalForm): Language =>
  functions.some(({ name }) => name.startsWith("_Z")) ? "c++" : "c";

/** The .bc and .ll files that `path` is or holds, sorted; or why there are none. */
export function moduleFiles(path: string): Outcome<string[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return missing(`${path}: no such file or folder`);
  if (stats.isFile()) {
    return /\.(bc|ll)$/.test(path)
      ? ok([path])
      : missing(`${path}: want a .bc or .ll file, or a folder of them`);
  }
  const files = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(bc|ll)$/.test(file) && !basename(file).startsWith("."))
    .map((file) => join(path, file))
    .toSorted();
  return files.length > 0 ? ok(files) : missing(`${path}: holds no .bc or .ll file`);
}

const missing = (message: string): Failure => ({ status: "rejected", message });
