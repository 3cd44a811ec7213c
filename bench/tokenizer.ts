/**
 * The tokenizer: training time, characters a token on held-out text, encoding speed, beside Hugging Face's library.
 * `node bench/tokenizer.ts [TEXT [PYTHON]]`: TEXT as tokenizer-text.ts makes it, else build/tokenizer-text; PYTHON has `tokenizers` installed.
 * Times are of the processor, user and system, so that other work on the machine does not count.
 */

import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../src/base/run-command.ts";
import { makePieceCounter } from "../src/tokenizer/count.ts";
import { makeTokenizer } from "../src/tokenizer/encode.ts";
import { printTokenizer } from "../src/tokenizer/file.ts";
import { type Digits, trainVocabulary } from "../src/tokenizer/train.ts";
import type { Vocabulary } from "../src/tokenizer/vocabulary.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const SIZE = 16_384;
const RIVAL_TIMEOUT_MS = 3_600_000;
const ROUNDS = 3;

/** What files hold, by how their names end; the text as llvm-dis prints it is for comparison, with a vocabulary of its own. */
const KINDS = {
  "IR, normal form": (name: string) => name.endsWith(".ll") && !name.endsWith(".printed.ll"),
  "assembly, x86_64": (name: string) => name.endsWith(".x86_64.s"),
  "assembly, AArch64": (name: string) => name.endsWith(".aarch64.s"),
  "IR as llvm-dis prints it": (name: string) => name.endsWith(".printed.ll"),
};
type Kind = keyof typeof KINDS;
const PRINTED: Kind = "IR as llvm-dis prints it";
const KIND_NAMES = Object.keys(KINDS) as Kind[];

const [root = join(import.meta.dirname, "../build/tokenizer-text"), python] = process.argv.slice(2);
if (!existsSync(root)) {
  process.stderr.write(`no text: make it with \`node bench/tokenizer-text.ts BITCODE ${root}\`
`);
  process.exit(3);
}

const filesOf = (split: "train" | "test", kind: Kind): string[] =>
  globSync("*", { cwd: join(root, split) })
    .filter(KINDS[kind])
    .toSorted()
    .map((name) => join(root, split, name));

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Training {
  readonly vocabulary: Vocabulary;
  readonly seconds: number;
  readonly textBytes: number;
  readonly distinctPieces: number;
}

async function train(files: readonly string[], digits: Digits = 1): Promise<Training> {
  const start = processorSeconds();
  const counter = makePieceCounter();
  for (const file of files) {
    counter.add(readFileSync(file));
    counter.endText();
  }
  const counts = counter.finish();
  const vocabulary = await trainVocabulary(counts, { size: SIZE, digits });
  const seconds = processorSeconds() - start;
  return { vocabulary, seconds, textBytes: counts.textBytes, distinctPieces: counts.table.size() };
}

/** Digits and the pieces between them: no tokenizer that keeps digits one by one needs fewer tokens than both together. */
function measureText(kind: Kind, vocabulary: Vocabulary, inThrees: Vocabulary) {
  const texts = filesOf("test", kind).map((file) => readFileSync(file));
  const total = { bytes: 0, digits: 0, runs: 0 };
  for (const text of texts) {
    const ascii = text.toString("latin1");
    total.bytes += text.length;
    for (const [run] of ascii.matchAll(/\d+/g)) total.digits += run.length;
    total.runs += ascii.split(/\d+/).filter((piece) => piece !== "").length;
  }
  const seconds: number[] = [];
  let tokens = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const tokenizer = makeTokenizer(vocabulary); // its cache is empty
    const start = processorSeconds();
    tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
    seconds.push(processorSeconds() - start);
  }
  const numbers = makeTokenizer(inThrees);
  const threes = texts.reduce((sum, text) => sum + numbers.encode(text).length, 0);
  return { kind, ...total, tokens, threes, seconds: Math.min(...seconds) };
}

const HUGGING_FACE = `
import json, sys, time
from tokenizers import Tokenizer, trainers
tokenizer = Tokenizer.from_file(sys.argv[1])
work = json.load(open(sys.argv[2]))
encoded = []
for files in work["test"]:
    texts = [open(file, encoding="utf-8", errors="replace").read() for file in files]
    start = time.process_time()
    tokens = sum(len(tokenizer.encode(text).ids) for text in texts)
    encoded.append({"tokens": tokens, "seconds": time.process_time() - start})
start = time.process_time()
trainer = trainers.BpeTrainer(vocab_size=${SIZE}, show_progress=False)
tokenizer.train(work["train"], trainer)
json.dump({"encoded": encoded, "trainSeconds": time.process_time() - start}, sys.stdout)
`;

interface Rival {
  readonly encoded: readonly { readonly tokens: number; readonly seconds: number }[];
  readonly trainSeconds: number;
}

async function huggingFace(vocabulary: Vocabulary, program: string): Promise<Rival> {
  const folder = mkdtempSync(join(tmpdir(), "llmc-tokenizer-"));
  try {
    const [tokenizer, work] = [join(folder, "tokenizer.json"), join(folder, "work.json")];
    writeFileSync(tokenizer, printTokenizer(vocabulary));
    const kinds = KIND_NAMES.filter((kind) => kind !== PRINTED);
    const test = kinds.map((kind) => filesOf("test", kind));
    const all = kinds.flatMap((kind) => filesOf("train", kind));
    writeFileSync(work, JSON.stringify({ test, train: all }));
    const args = ["TOKENIZERS_PARALLELISM=false", "RAYON_NUM_THREADS=1", program];
    const ran = await runCommand("env", [...args, "-c", HUGGING_FACE, tokenizer, work], {
      timeoutMs: RIVAL_TIMEOUT_MS,
      maxOutputBytes: 1 << 20,
    });
    if (ran.status !== "exited" || ran.code !== 0)
      throw new Error(`${program}: ${ran.stderr}${ran.status === "failed" ? ran.message : ""}`);
    return JSON.parse(ran.stdout.toString()) as Rival;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const MAIN_FILES = KIND_NAMES.filter((kind) => kind !== PRINTED).flatMap((kind) =>
  filesOf("train", kind),
);
const main = await train(MAIN_FILES);
say(`trained on ${main.textBytes} bytes in ${main.seconds.toFixed(1)} s`);
const printed = await train(filesOf("train", PRINTED));
const inThrees = {
  main: await train(MAIN_FILES, 3),
  printed: await train(filesOf("train", PRINTED), 3),
};
const rows = KIND_NAMES.map((kind) =>
  kind === PRINTED
    ? measureText(kind, printed.vocabulary, inThrees.printed.vocabulary)
    : measureText(kind, main.vocabulary, inThrees.main.vocabulary),
);
say("encoded");
const rival = python === undefined ? undefined : await huggingFace(main.vocabulary, python);
const speed = (bytes: number, seconds: number | undefined): string =>
  seconds === undefined ? "–" : (bytes / 1e6 / seconds).toFixed(1);
const ratio = (bytes: number, tokens: number): string => (bytes / tokens).toFixed(2);
writeResults(
  "tokenizer",
  {
    provenance: provenance("22.1.8"),
    train: { ...main, vocabulary: undefined },
    printed: { ...printed, vocabulary: undefined },
    rows,
    rival,
  },
  `Vocabulary of ${SIZE} tokens trained on ${(main.textBytes / 1e6).toFixed(1)} MB (${main.distinctPieces} distinct pieces) in ${main.seconds.toFixed(1)} s of processor time` +
    (rival
      ? `; Hugging Face's trainer takes ${rival.trainSeconds.toFixed(1)} s on one thread`
      : "") +
    `. Packages kept apart from training; times are of the processor, encoding starts with an empty cache, best of ${ROUNDS}.\n\n` +
    markdownTable(
      [
        "held-out text",
        "MB",
        "characters a token",
        "digits one by one allow at most",
        "with digits in threes",
        "encode MB/s",
        "Hugging Face MB/s",
      ],
      rows.map(({ kind, bytes, tokens, digits, runs, threes, seconds }, index) => [
        kind,
        (bytes / 1e6).toFixed(2),
        ratio(bytes, tokens),
        ratio(bytes, digits + runs),
        ratio(bytes, threes),
        speed(bytes, seconds),
        speed(bytes, rival?.encoded[index]?.seconds),
      ]),
    ) +
    `\n*At most*: every digit is a token and so is, at best, every piece between two numbers; no vocabulary does better. ` +
    `*In threes*: a vocabulary of the same size, 1,100 of whose tokens are numbers (\`--digits 3\`).` +
    (rival
      ? " Hugging Face's figures are of `Tokenizer.encode` from Python, which makes offsets too, and of a trainer that also merges digits."
      : "") +
    ` The last row has a vocabulary of its own, trained on ${(printed.textBytes / 1e6).toFixed(1)} MB of such text.\n`,
);
