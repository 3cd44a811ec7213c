/**
 * What rivals are fitted to: the features of modules and their sizes without any pass and under -Oz. Labelled modules have their sizes from the
 * labels, and are of few kilobytes; for the prediction of sizes others of all sizes are measured beside them.
 */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../../src/base/files.ts";
import { contentHash } from "../../src/base/hash.ts";
import { inLanes } from "../../src/base/lanes.ts";
import type { WithBitcode } from "../../src/corpus/corpus-module.ts";
import { SPLITS } from "../../src/corpus/split.ts";
import { openCorpus } from "../../src/corpus/store.ts";
import { featuresOf } from "../../src/tasks/features/features.ts";
import type { Labels } from "../../src/label/labels.ts";
import { measureBaseline } from "../../src/label/measure.ts";
import type { Pool } from "../../src/llvm/pool.ts";

/** Larger ones take seconds each, and their sizes follow from their counts. */
const MAX_BYTES = 150_000;
/** Beside the labelled ones, for sizes: drawn by their hashes. */
const OTHERS = { train: 500, test: 150 } as const;

const gatheredSchema = z.object({
  module: z.string(),
  package: z.string(),
  split: z.enum(SPLITS),
  /** Bytes, as measured here. */
  before: z.number(),
  after: z.number(),
  features: z.array(z.number()).readonly(),
});
export type Gathered = z.infer<typeof gatheredSchema>;

export interface GatherHow {
  readonly corpus: string;
  readonly pool: Pool;
  /** Lines of what was gathered before; lines are added to it. */
  readonly cache: string;
  readonly say: (text: string) => void;
}

/** In the order of modules' hashes. A module that cannot be measured is said and left out. */
export async function gather(
  labels: Labels,
  { corpus: folder, pool, cache, say }: GatherHow,
): Promise<Gathered[]> {
  const known = readJsonLines(cache).flatMap((line) => gatheredSchema.safeParse(line).data ?? []);
  const found = new Map(known.map((one) => [one.module, one]));
  const corpus = await openCorpus(folder);
  try {
    const wanted = new Set(await chooseModules(labels, (sql) => corpus.query(sql)));
    const modules: WithBitcode[] = [];
    for await (const module of corpus.modules({ maxBitcodeBytes: MAX_BYTES })) {
      if (wanted.has(module.hash) && !found.has(module.hash)) modules.push(module);
    }
    say(`${found.size} modules gathered before, ${modules.length} to go`);
    const append = jsonLineAppender(cache);
    const add = async (module: WithBitcode): Promise<void> => {
      const one = await gatherModule(pool, module);
      if (typeof one === "string") return say(`${module.hash}: ${one}`);
      append(one);
      found.set(one.module, one);
      if (found.size % 100 === 0) say(`${found.size} modules gathered`);
    };
    await inLanes(modules, add, { lanes: pool.workers });
    return [...found.values()]
      .filter((one) => wanted.has(one.module))
      .toSorted((a, b) => (a.module < b.module ? -1 : 1));
  } finally {
    corpus.close();
  }
}

const rowSchema = z.object({ hash: z.string(), split: z.enum(SPLITS) });

async function chooseModules(
  { rows }: Labels,
  query: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<string[]> {
  const labelled = new Set(rows.map(({ module }) => module));
  const drawn = (
    await query(`SELECT hash, split FROM manifest WHERE kept AND bitcodeBytes <= ${MAX_BYTES}`)
  )
    .map((row) => rowSchema.parse(row))
    .filter(({ hash }) => !labelled.has(hash))
    .map(({ hash: name, split }) => ({ hash: name, split, key: contentHash(`size ${name}`) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const others = (["train", "test"] as const).flatMap((name) =>
    drawn.filter(({ split }) => split === name).slice(0, OTHERS[name]),
  );
  return [...labelled, ...others.map(({ hash }) => hash)];
}

async function gatherModule(
  pool: Pool,
  { hash: name, bitcode, package: from, split }: WithBitcode,
): Promise<Gathered | string> {
  const loaded = await pool.load(bitcode, name);
  if (loaded.status !== "ok") return loaded.message;
  try {
    const normal = await pool.normalize(loaded.value);
    const before = await pool.measure(loaded.value, [], { fresh: true, timeoutMs: 60_000 });
    const after = await measureBaseline(pool, loaded.value);
    if (normal.status !== "ok") return normal.message;
    if (before.status !== "ok") return before.message;
    if (after.status !== "ok") return after.message;
    return {
      module: name,
      package: from,
      split,
      before: before.value.sections.size,
      after: after.value[0],
      features: featuresOf(normal.value.text),
    };
  } finally {
    pool.unload(loaded.value);
  }
}
