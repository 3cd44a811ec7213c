/**
 * What the corpus holds: packages, modules, functions, tokens, what was taken out as a duplicate. Tokens are counted on modules drawn
 * by hash and scaled by characters, with a vocabulary of 16,384 trained on other modules of the training split.
 * `node bench/corpus-size.ts [CORPUS]`, else build/corpus-db.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Split } from "../src/corpus/split.ts";
import { corpusStats } from "../src/corpus/stats.ts";
import { type Corpus, openCorpus } from "../src/corpus/store.ts";
import type { Pool } from "../src/llvm/pool.ts";
import { makePieceCounter } from "../src/tokenizer/count.ts";
import { type Tokenizer, makeTokenizer } from "../src/tokenizer/encode.ts";
import { trainVocabulary } from "../src/tokenizer/train.ts";
import { benchPool } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const VOCABULARY = 16_384;
const TRAINED_ON = 1_000;
const COUNTED = 400;

const [folder = join(import.meta.dirname, "../build/corpus-db")] = process.argv.slice(2);
if (!existsSync(folder)) {
  process.stderr.write(
    `${folder}: no corpus; make it with \`llmc corpus add --recipe -c ${folder}\`\n`,
  );
  process.exit(3);
}

/** Texts of modules in normal form, in the order of their hashes. */
async function* texts(
  corpus: Corpus,
  pool: Pool,
  how: { split: Split; limit: number },
): AsyncGenerator<string> {
  for await (const { bitcode, hash } of corpus.modules({ splits: [how.split], limit: how.limit })) {
    const loaded = await pool.load(bitcode, hash);
    if (loaded.status !== "ok") continue;
    const normal = await pool.normalize(loaded.value);
    pool.unload(loaded.value);
    if (normal.status === "ok") yield normal.value.text;
  }
}

async function trained(corpus: Corpus, pool: Pool): Promise<Tokenizer> {
  const counter = makePieceCounter();
  for await (const text of texts(corpus, pool, { split: "train", limit: TRAINED_ON })) {
    counter.add(Buffer.from(text));
    counter.endText();
  }
  return makeTokenizer(await trainVocabulary(counter.finish(), { size: VOCABULARY }));
}

using pool = benchPool(2);
const corpus = await openCorpus(folder);
const stats = await corpusStats(corpus);
say(`training a vocabulary on ${TRAINED_ON} modules`);
const tokenizer = await trained(corpus, pool);
let [characters, tokens] = [0, 0];
for await (const text of texts(corpus, pool, { split: "test", limit: COUNTED })) {
  characters += Buffer.byteLength(text);
  tokens += tokenizer.encode(text).length;
}
corpus.close();
const charactersPerToken = characters / tokens;
const estimated = stats.total.characters / charactersPerToken;

const number = (value: number): string => Math.round(value).toLocaleString("en");
const millions = (value: number): string => `${(value / 1e6).toFixed(0)} million`;
const of = (name: string): string => {
  const found = stats.bySplit.find((group) => group.name === name);
  return `${number(found?.packages ?? 0)} / ${number(found?.modules ?? 0)} / ${number(found?.distinctFunctions ?? 0)}`;
};
const facts = markdownTable(
  ["", ""],
  [
    ["packages", number(stats.total.packages)],
    ["modules added", number(stats.total.modules)],
    ["modules kept", number(stats.total.kept)],
    ["functions in them", number(stats.total.functions)],
    ["distinct functions", number(stats.total.distinctFunctions)],
    ["instructions", number(stats.total.instructions)],
    ["characters in normal form", millions(stats.total.characters)],
    [
      `tokens (estimated: ${charactersPerToken.toFixed(2)} characters each on ${COUNTED} test modules)`,
      millions(estimated),
    ],
    ["train: packages / modules / distinct functions", of("train")],
    ["valid", of("valid")],
    ["test", of("test")],
    [
      "functions of test that train has too",
      `${number(stats.leak.inTrain)} of ${number(stats.leak.functions)}`,
    ],
    [
      "modules a second, last run",
      stats.lastRun ? (stats.lastRun.modules / stats.lastRun.seconds).toFixed(1) : "unknown",
    ],
  ],
);
const removed = markdownTable(
  ["taken out", "modules", "functions"],
  stats.removed.map(({ why, modules, functions }) => [why, number(modules), number(functions)]),
);
writeResults(
  "corpus-size",
  {
    provenance: provenance(await pool.llvmVersion()),
    ...stats,
    tokens: estimated,
    charactersPerToken,
  },
  `${facts}\n${removed}`,
);
