/**
 * Corpus and labels to a dataset: rows as Parquet to look at, shards of tokens to train on, dataset.json to say what they
 * are. Modules are worked on in chunks, several at a time; a chunk that is done is kept in OUT/.chunks, so a build that was
 * stopped goes on. When all are there, they are put together in order (finish.ts): the same corpus, labels, tokenizer and
 * settings give the same bytes, on any number of workers. (A module that LLVM fails on for want of time or memory is the
 * exception.)
 */

import { join } from "node:path";
import type { WithBitcode } from "../corpus/corpus-module.ts";
import { SPLITS } from "../corpus/split.ts";
import type { Corpus } from "../corpus/store.ts";
import { MARKS } from "../tasks/marks.ts";
import type { Tokenizer } from "../tokenizer/encode.ts";
import { hasChunk, readChunk, writeChunk } from "./chunk.ts";
import { type Dataset, readDataset } from "./dataset-file.ts";
import { finish } from "./finish.ts";
import { type Job, type ModuleRows, moduleRows } from "./module-rows.ts";
import { type BuildOptions, type PlannedChunk, keyOf, planOf, wholeKey } from "./plan.ts";
import { selectModules, sharedFunctions } from "./select.ts";
import { trialReader } from "./trials.ts";

export type { BuildProgress } from "./plan.ts";

export type BuildResult =
  | { readonly status: "interrupted"; readonly speed: Speed }
  /** What was there is what would be made. */
  | { readonly status: "unchanged"; readonly dataset: Dataset }
  | { readonly status: "built"; readonly dataset: Dataset; readonly speed: Speed };

export interface Speed {
  /** Of an earlier run that was stopped. */
  readonly modulesKept: number;
  readonly modules: number;
  readonly rows: number;
  readonly tokens: number;
  /** For making rows, and for putting them into files. */
  readonly rowSeconds: number;
  readonly fileSeconds: number;
}

/** Throws a RangeError where the tokenizer has not the marks of the tasks, or too many tokens for the shards. */
export async function buildDataset(options: BuildOptions): Promise<BuildResult> {
  const { corpus, labels, tokenizer, out, coreset } = options;
  checkTokenizer(tokenizer);
  const trialsOf = labels ? trialReader(labels, coreset) : () => undefined;
  const isLabelled = (hash: string): boolean => trialsOf(hash) !== undefined;
  const selection = await selectModules(corpus, { ...options, isLabelled });
  const shared = await sharedFunctions(corpus);
  const key = keyOf(options, shared.fingerprint);
  const plan = planOf(selection, key, options.chunkModules);
  const whole = wholeKey(plan, key);
  const before = readDataset(out);
  if (before?.key === whole) return { status: "unchanged", dataset: before };

  const countTokens = (text: string): number => tokenizer.encode(text).length;
  const job: Job = { ...options, countTokens, trialsOf, isForeign: shared.isForeign };
  const made = await makeChunks(job, options, plan);
  if (options.signal?.aborted === true) return { status: "interrupted", speed: made };
  const start = performance.now();
  const dataset = await finish(options, { plan, key: whole, selection, readChunk: chunkOf(out) });
  const fileSeconds = (performance.now() - start) / 1000;
  const speed = { ...made, fileSeconds };
  return dataset ? { status: "built", dataset, speed } : { status: "interrupted", speed };
}

/** Token ids are u16 in shards. */
const MAX_TOKENS = 2 ** 16;

function checkTokenizer(tokenizer: Tokenizer): void {
  const missing = Object.values(MARKS).find((mark) => tokenizer.special(mark) === undefined);
  if (missing !== undefined)
    throw new RangeError(`the tokenizer has no ${missing}; want one that \`llmc tokenizer\` made`);
  if (tokenizer.size > MAX_TOKENS)
    throw new RangeError(`the tokenizer has ${tokenizer.size} tokens; want ${MAX_TOKENS} at most`);
}

const chunksFolder = (out: string): string => join(out, ".chunks");
const chunkOf =
  (out: string) =>
  ({ name }: PlannedChunk): ModuleRows =>
    readChunk(chunksFolder(out), name);

async function makeChunks(
  job: Job,
  options: BuildOptions,
  plan: readonly PlannedChunk[],
): Promise<Speed> {
  const { out, corpus, pool, signal } = options;
  const start = performance.now();
  const folder = chunksFolder(out);
  const missing = plan.filter(({ name }) => !hasChunk(folder, name));
  const modulesOf = (chunks: readonly PlannedChunk[]): number =>
    chunks.reduce((sum, { modules }) => sum + modules.length, 0);
  const kept = modulesOf(plan) - modulesOf(missing);
  const made = { modules: 0, rows: 0, tokens: 0 };
  const seconds = (): number => (performance.now() - start) / 1000;
  const report = (): void =>
    options.onProgress?.({
      doing: "rows",
      done: kept + made.modules,
      total: modulesOf(plan),
      rows: made.rows,
      tokens: made.tokens,
      seconds: seconds(),
    });
  const makeChunk = async ({ chunk, modules }: LoadedChunk): Promise<void> => {
    const parts: ModuleRows[] = [];
    for (const module of modules) {
      const part = await moduleRows(job, module);
      if (part === undefined) return;
      parts.push(part);
      made.modules++;
      made.rows += part.rows.length;
      for (const { tokens } of part.rows) made.tokens += tokens.length;
      report();
    }
    writeChunk(folder, chunk.name, parts);
  };
  report();
  // One lane more than workers: while one cuts and counts text in this process, LLVM works for the others.
  await inOrder(loadChunks(corpus, missing), makeChunk, { lanes: pool.workers + 1, signal });
  return { ...made, modulesKept: kept, rowSeconds: seconds(), fileSeconds: 0 };
}

interface LoadedChunk {
  readonly chunk: PlannedChunk;
  readonly modules: readonly WithBitcode[];
}

/** Their modules in order, read from the corpus as they are needed. */
async function* loadChunks(
  corpus: Corpus,
  chunks: readonly PlannedChunk[],
): AsyncGenerator<LoadedChunk> {
  for (const split of SPLITS) {
    const queue = chunks.filter((chunk) => chunk.split === split);
    let modules: WithBitcode[] = [];
    let [chunk] = queue;
    if (chunk === undefined) continue;
    for await (const module of corpus.modules({ splits: [split] })) {
      // Two packages may have one module; it is taken once.
      if (module.hash !== chunk.modules[modules.length]) continue;
      modules.push(module);
      if (modules.length < chunk.modules.length) continue;
      yield { chunk, modules };
      modules = [];
      queue.shift();
      [chunk] = queue;
      if (chunk === undefined) break;
    }
    if (chunk !== undefined)
      throw new Error(
        `the corpus changed while it was read: no module ${chunk.modules[modules.length]}`,
      );
  }
}

/** Works through what comes, so many at a time; stops taking when the signal fires. */
async function inOrder<T>(
  items: AsyncGenerator<T>,
  work: (item: T) => Promise<void>,
  { lanes, signal }: { lanes: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const lane = async (): Promise<void> => {
    for (;;) {
      const next = await items.next(); // calls of several lanes queue up
      if (next.done === true || signal?.aborted === true) return;
      await work(next.value);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await items.return(undefined);
  }
}
