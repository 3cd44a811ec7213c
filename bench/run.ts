/** `npm run bench [-- NAME...]`: runs the benchmarks named, else all, one after the other, each in its own process. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHMARKS: Record<string, string> = {
  "evaluation-rate":
    "evaluations a second: worker pool against spawning opt, llc and llvm-size; effective rate in a search",
  "pool-memory": "growth of a worker pool over 10,000 evaluations",
  "differential":
    "what the differential check catches of planted miscompiles, and whether it calls good pairs wrong",
  "verify-random-lists": "how many random lists, over safe and over all passes, break programs",
  "normalize": "characters that the normal form saves; whether objects stay the same",
  "tokenizer": "training time, characters a token, encoding speed beside Hugging Face's library",
  "corpus-size": "packages, modules, functions, tokens and duplicates of the corpus",
  "inference": "tokens a second of our back end beside llama.cpp alone, on the same GGUF",
  "wrapper": "what `llmc cc` adds to one compiler command",
  "wrapper-packages": "whole packages built with `llmc cc`: sizes, build times, their own tests",
  "savings": "bytes saved over -Oz on packages kept apart, by strategy and budget",
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0 || names.includes("--help")) {
  const list = Object.entries(BENCHMARKS)
    .map(([name, about]) => `  ${name.padEnd(16)} ${about}`)
    .join("\n");
  process.stderr.write(`Usage: npm run bench [-- NAME...]\n${list}\n`);
  process.exit(names.includes("--help") ? 0 : 2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
