/** What is in a corpus, as numbers: counted by SQL over its manifest. */

import { join } from "node:path";
import { z } from "zod";
import { readJsonLines } from "../base/files.ts";
import { RUN_LOG } from "./add.ts";
import type { Corpus } from "./store.ts";

const count = z.coerce.number();

const totals = z.object({
  packages: count,
  modules: count,
  kept: count,
  functions: count,
  distinctFunctions: count,
  instructions: count,
  characters: count,
  bitcodeBytes: count,
});
/** Rows of the tables by split, language and package: kept modules alone. */
const group = z.object({
  name: z.string(),
  packages: count,
  modules: count,
  functions: count,
  distinctFunctions: count,
  instructions: count,
  characters: count,
});
const removed = z.object({ why: z.string(), modules: count, functions: count });
const quantiles = z.object({
  of: z.string(),
  min: count,
  p10: count,
  median: count,
  p90: count,
  p99: count,
  max: count,
});
const leak = z.object({
  functions: count,
  inTrain: count,
  instructions: count,
  inTrainInstructions: count,
});
const run = z.object({ at: z.string(), packages: count, modules: count, seconds: count });

export type Group = z.infer<typeof group>;

export interface CorpusStats {
  /** `modules` are all that were added; the rest counts kept ones. */
  readonly total: z.infer<typeof totals>;
  readonly bySplit: readonly Group[];
  readonly byLanguage: readonly Group[];
  readonly byPackage: readonly Group[];
  /** Modules that are not kept, by the reason. */
  readonly removed: readonly z.infer<typeof removed>[];
  readonly sizes: readonly z.infer<typeof quantiles>[];
  /** Functions of the test split, and how many of them the training split has too (inline functions of headers). */
  readonly leak: z.infer<typeof leak>;
  /** The last run of `add` that added something. */
  readonly lastRun: z.infer<typeof run> | undefined;
}

/** unnest as a column: as a table beside the manifest, DuckDB joins on the lists themselves and needs gigabytes. */
const FLAT = `flat AS (SELECT split, language, package, f.hash AS hash, f.instructions AS instructions
  FROM (SELECT split, language, package, unnest(functions) AS f FROM manifest WHERE kept))`;

export async function corpusStats(corpus: Corpus): Promise<CorpusStats> {
  const [total] = await corpus.query(
    `SELECT count(DISTINCT package) AS packages, count(*) AS modules, count(*) FILTER (kept) AS kept,
       coalesce(sum(len(functions)) FILTER (kept), 0) AS functions,
       (SELECT count(DISTINCT f.hash) FROM (SELECT unnest(functions) AS f FROM manifest WHERE kept)) AS distinctFunctions,
       coalesce(sum(instructions) FILTER (kept), 0) AS instructions,
       coalesce(sum(textBytes) FILTER (kept), 0) AS characters,
       coalesce(sum(bitcodeBytes) FILTER (kept), 0) AS bitcodeBytes FROM manifest`,
  );
  const dropped = await corpus.query(
    `SELECT why, count(*) AS modules, sum(len(functions)) AS functions FROM manifest WHERE NOT kept
     GROUP BY why ORDER BY modules DESC, why`,
  );
  return {
    total: totals.parse(total),
    bySplit: await groups(corpus, "split"),
    byLanguage: await groups(corpus, "language"),
    byPackage: await groups(corpus, "package"),
    removed: z.array(removed).parse(dropped),
    sizes: await sizes(corpus),
    leak: await leakage(corpus),
    lastRun: lastRun(corpus.folder),
  };
}

async function groups(corpus: Corpus, column: "split" | "language" | "package"): Promise<Group[]> {
  // Counted before they are joined: a join would carry every module's list of functions.
  const rows = await corpus.query(
    `, ${FLAT}, distinct_functions AS (SELECT ${column} AS name, count(DISTINCT hash) AS n FROM flat GROUP BY ALL),
     counted AS (SELECT ${column} AS name, count(DISTINCT package) AS packages, count(*) AS modules,
       sum(len(functions)) AS functions, sum(instructions) AS instructions, sum(textBytes) AS characters
       FROM manifest WHERE kept GROUP BY ALL)
     SELECT c.*, d.n AS distinctFunctions FROM counted c JOIN distinct_functions d USING (name)
     ORDER BY modules DESC, name`,
  );
  return z.array(group).parse(rows);
}

const MEASURES = {
  "bitcode bytes": "bitcodeBytes",
  "characters of the normal form": "textBytes",
  "instructions": "instructions",
  "functions": "len(functions)",
} as const;

async function sizes(corpus: Corpus): Promise<z.infer<typeof quantiles>[]> {
  const parts = Object.entries(MEASURES).map(
    ([name, column]) =>
      `SELECT '${name}' AS "of", coalesce(min(v), 0) AS min, coalesce(quantile_cont(v, 0.1), 0) AS p10,
         coalesce(median(v), 0) AS median, coalesce(quantile_cont(v, 0.9), 0) AS p90,
         coalesce(quantile_cont(v, 0.99), 0) AS p99, coalesce(max(v), 0) AS max
       FROM (SELECT ${column} AS v FROM manifest WHERE kept)`,
  );
  const perFunction = `SELECT 'instructions of a function' AS "of", coalesce(min(v), 0) AS min, coalesce(quantile_cont(v, 0.1), 0) AS p10,
       coalesce(median(v), 0) AS median, coalesce(quantile_cont(v, 0.9), 0) AS p90,
       coalesce(quantile_cont(v, 0.99), 0) AS p99, coalesce(max(v), 0) AS max FROM (SELECT instructions AS v FROM flat)`;
  const rows = await corpus.query(`, ${FLAT} ${[...parts, perFunction].join(" UNION ALL ")}`);
  return z.array(quantiles).parse(rows);
}

async function leakage(corpus: Corpus): Promise<z.infer<typeof leak>> {
  const [row] = await corpus.query(
    `, ${FLAT}, train AS (SELECT DISTINCT hash FROM flat WHERE split = 'train')
     SELECT count(*) AS functions, count(t.hash) AS inTrain, coalesce(sum(f.instructions), 0) AS instructions,
       coalesce(sum(f.instructions) FILTER (t.hash IS NOT NULL), 0) AS inTrainInstructions
     FROM (SELECT * FROM flat WHERE split = 'test') f LEFT JOIN train t USING (hash)`,
  );
  return leak.parse(row);
}

function lastRun(folder: string): CorpusStats["lastRun"] {
  const runs = readJsonLines(join(folder, RUN_LOG)).flatMap((line) => {
    const parsed = run.safeParse(line);
    return parsed.success ? [parsed.data] : [];
  });
  return runs.at(-1);
}
