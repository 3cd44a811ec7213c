/** `llmc tokenizer`: makes the vocabulary of our models, and shows what it does with a text. */

import { createReadStream, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { registryFor } from "../../passes/registry.ts";
import { tuneWords } from "../../tasks/words.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import { type PieceCounter, makePieceCounter } from "../../tokenizer/count.ts";
import { type Tokenizer, makeTokenizer } from "../../tokenizer/encode.ts";
import { parseTokenizer, printTokenizer } from "../../tokenizer/file.ts";
import { MAX_VOCABULARY } from "../../tokenizer/vocabulary.ts";
import { type Digits, trainVocabulary } from "../../tokenizer/train.ts";
import { CommandError, EXIT, integer } from "../context.ts";
import { jsonOption } from "../options.ts";
import { statusLine, table } from "../terminal.ts";

const EXAMPLES = `
Examples:
  llmc tokenizer train text/ -o tokenizer.json          every .ll, .s and .txt below text/
  llmc tokenizer train text/ --size 5120 --digits 3 -o tokenizer.json   numbers below a thousand are tokens
  llmc corpus export ir/ --as ll --split train && llmc tokenizer train ir/ -o tokenizer.json
  llmc tokenizer train --words --size 2048 -o tune.json  for a model of flag tuning alone
  echo 'ret void' | llmc tokenizer encode -t tokenizer.json
  echo 'ret void' | llmc tokenizer encode -t tokenizer.json | llmc tokenizer decode -t tokenizer.json
  llmc tokenizer inspect -t tokenizer.json main.ll      characters a token, the longest tokens, the text cut up

Exit codes: 0 done, 2 bad usage or input, 130 interrupted (nothing is written).`;

const DEFAULT_SIZE = 16_384;
const TEXT_FILES = "**/*.{ll,s,S,txt}";

export function tokenizerCommand(): Command {
  const command = new Command("tokenizer")
    .description("train the models' vocabulary, and turn text into tokens and back")
    .addHelpText("after", EXAMPLES);
  command.addCommand(
    new Command("train")
      .description("make tokenizer.json from text: files, folders, or standard input")
      .argument(
        "[inputs...]",
        "files, folders (.ll, .s, .S and .txt below them), or - for standard input (default: -, with --words none)",
      )
      .requiredOption("-o, --out <file>", "the tokenizer.json to write")
      .option("--words", "make tokens of the words that flag tuning is asked in", false)
      .option("--size <n>", `tokens, at most ${MAX_VOCABULARY}`, integer(1), DEFAULT_SIZE)
      .addOption(
        new Option("--digits <n>", "digits that a token may have; 3 takes 1,100 of the tokens")
          .choices(["1", "3"])
          .default("1"),
      )
      .addOption(jsonOption())
      .action(train),
  );
  command.addCommand(
    withTokenizer(new Command("encode"))
      .description("print the ids of a text, separated by spaces")
      .argument("[input]", "a file, or - for standard input", "-")
      .option("--special", "let <|begin|> and its like in the text be special tokens", false)
      .option("--json", "one JSON array", false)
      .action(encode),
  );
  command.addCommand(
    withTokenizer(new Command("decode"))
      .description("write the bytes that ids stand for")
      .argument(
        "[input]",
        "a file of ids, separated by spaces or as a JSON array, or - for standard input",
        "-",
      )
      .action(decode),
  );
  command.addCommand(
    withTokenizer(new Command("inspect"))
      .description("say what is in a vocabulary, and with INPUT how it cuts that text")
      .argument("[input]", "a file, or - for standard input")
      .option("--special", "let <|begin|> and its like in the text be special tokens", false)
      .addOption(jsonOption())
      .action(inspect),
  );
  return command;
}

const withTokenizer = (command: Command): Command =>
  command.requiredOption("-t, --tokenizer <file>", "a tokenizer.json that `train` wrote");

interface TrainOptions {
  readonly out: string;
  readonly words: boolean;
  readonly size: number;
  readonly digits: "1" | "3";
  readonly json: boolean;
}

const DIGITS: Readonly<Record<TrainOptions["digits"], Digits>> = { "1": 1, "3": 3 };

async function train(
  inputs: readonly string[],
  { out, words, size, digits, json }: TrainOptions,
): Promise<void> {
  const interrupt = new AbortController();
  process.on("SIGINT", () => interrupt.abort()).on("SIGTERM", () => interrupt.abort());
  const status = statusLine();
  const start = performance.now();
  try {
    const paths = inputs.length === 0 && !words ? ["-"] : inputs;
    const counter = makePieceCounter();
    if (words) addWords(counter);
    await addText(counter, paths, interrupt.signal, status.show);
    const counts = counter.finish();
    const vocabulary = await trainVocabulary(counts, {
      size,
      digits: DIGITS[digits],
      signal: interrupt.signal,
      onProgress: (tokens) => status.show(`${tokens} of ${size} tokens`),
    });
    status.clear();
    writeFileAtomic(out, printTokenizer(vocabulary));
    const facts = {
      out,
      tokens: makeTokenizer(vocabulary).size,
      wanted: size,
      textBytes: counts.textBytes,
      distinctPieces: counts.table.size(),
      droppedUpTo: counts.droppedUpTo,
      seconds: (performance.now() - start) / 1000,
    };
    print(json ? JSON.stringify(facts) : trained(facts));
  } catch (error) {
    status.clear();
    if (interrupt.signal.aborted)
      throw new CommandError("interrupted; nothing is written", EXIT.interrupted);
    if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
    throw error;
  }
}

function trained(facts: {
  out: string;
  tokens: number;
  wanted: number;
  textBytes: number;
  distinctPieces: number;
  droppedUpTo: number;
  seconds: number;
}): string {
  const { out, tokens, wanted, textBytes, distinctPieces, droppedUpTo, seconds } = facts;
  const notes = [
    tokens < wanted
      ? `only ${tokens} of ${wanted} tokens: nothing else repeats, give it more text`
      : "",
    droppedUpTo > 0
      ? `pieces seen at most ${droppedUpTo} times were dropped on the way, for want of room`
      : "",
  ];
  return [
    `${out}: ${tokens} tokens from ${(textBytes / 1e6).toFixed(1)} MB of text (${distinctPieces} distinct pieces), ${seconds.toFixed(1)} s`,
    ...notes.filter((note) => note !== "").map((note) => `note: ${note}`),
  ].join("\n");
}

/** Each counts as if it were seen so often, which no piece of a text is: they are tokens before anything else. */
const WORD_WEIGHT = 1e6;

function addWords(counter: PieceCounter): void {
  const { lists } = loadCoreset(registryFor(22));
  for (const word of tuneWords(lists.length)) counter.addPiece(Buffer.from(word), WORD_WEIGHT);
}

async function addText(
  counter: PieceCounter,
  inputs: readonly string[],
  signal: AbortSignal,
  show: (text: string) => void,
): Promise<void> {
  let bytes = 0;
  for (const path of inputs.flatMap(textFiles)) {
    for await (const chunk of addAbortSignal(signal, bytesOf(path))) {
      counter.add(chunk);
      bytes += chunk.length;
      show(`${(bytes / 1e6).toFixed(1)} MB read`);
    }
    counter.endText();
  }
  if (bytes === 0 && inputs.length > 0)
    throw new CommandError("the inputs hold no text; want some .ll, .s or .txt files", EXIT.usage);
}

function textFiles(path: string): string[] {
  if (path === "-") return [path];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CommandError(`${path}: no such file or folder`, EXIT.usage);
  if (!stat.isDirectory()) return [path];
  return globSync(TEXT_FILES, { cwd: path })
    .toSorted()
    .map((file) => join(path, file));
}

const bytesOf = (path: string): Readable & AsyncIterable<Buffer> =>
  path === "-" ? process.stdin : createReadStream(path);

interface TextOptions {
  readonly tokenizer: string;
  readonly special?: boolean;
  readonly json?: boolean;
}

async function encode(input: string, options: TextOptions): Promise<void> {
  const { ids } = await encoded(input, options);
  print(options.json ? JSON.stringify(ids) : ids.join(" "));
}

async function encoded(
  input: string,
  { tokenizer: path, special = false }: TextOptions,
): Promise<{ tokenizer: Tokenizer; ids: number[]; bytes: number }> {
  const tokenizer = openTokenizer(path);
  const text = await readAll(input);
  const ids = [...tokenizer.encode(text, { specials: special ? "tokens" : "text" })];
  return { tokenizer, ids, bytes: text.length };
}

async function decode(input: string, { tokenizer: path }: TextOptions): Promise<void> {
  const tokenizer = openTokenizer(path);
  const text = (await readAll(input)).toString("latin1");
  const words = text
    .replaceAll(/^\s*\[|\]\s*$|,/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const odd = words.find((word) => !/^\d+$/.test(word));
  if (odd !== undefined) throw new CommandError(`${odd} is no id; want whole numbers`, EXIT.usage);
  try {
    process.stdout.write(tokenizer.decodeBytes(words.map(Number)));
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
    throw error;
  }
}

const SHOWN_LONGEST = 20;

async function inspect(input: string | undefined, options: TextOptions): Promise<void> {
  const { tokenizer, ids, bytes } =
    input === undefined
      ? { tokenizer: openTokenizer(options.tokenizer), ids: [], bytes: 0 }
      : await encoded(input, options);
  const { specials, merges } = tokenizer.vocabulary;
  const shown = (id: number): string => JSON.stringify(tokenizer.decode([id]));
  const all = Array.from({ length: tokenizer.size }, (_, id) => id);
  const longest = all
    .slice(specials.length)
    .toSorted(
      (a, b) => tokenizer.decodeBytes([b]).length - tokenizer.decodeBytes([a]).length || a - b,
    )
    .slice(0, SHOWN_LONGEST);
  const text =
    ids.length === 0 ? undefined : { bytes, tokens: ids.length, bytesPerToken: bytes / ids.length };
  if (options.json) {
    print(
      JSON.stringify({
        tokens: tokenizer.size,
        specials,
        merges: merges.length,
        longest: longest.map((id) => tokenizer.decode([id])),
        text,
        ids,
      }),
    );
    return;
  }
  const facts = [
    ["tokens", `${tokenizer.size}`],
    ["special", specials.filter((name) => !name.startsWith("<|reserved-")).join(" ")],
    ["merges", `${merges.length}`],
    ...longest.map((id, index) => [index === 0 ? "longest" : "", shown(id)]),
    ...(text
      ? [
          [
            "text",
            `${text.bytes} bytes, ${text.tokens} tokens, ${text.bytesPerToken.toFixed(2)} bytes a token`,
          ],
        ]
      : []),
  ];
  print(table(facts, ["left", "left"]));
  if (text) print(ids.map((id) => `${id} ${shown(id)}`).join("\n"));
}

export function openTokenizer(path: string): Tokenizer {
  try {
    return makeTokenizer(parseTokenizer(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `${path}: ${why}; want a file that \`llmc tokenizer train\` wrote`,
      EXIT.usage,
    );
  }
}

async function readAll(input: string): Promise<Buffer> {
  if (input !== "-" && statSync(input, { throwIfNoEntry: false })?.isFile() !== true)
    throw new CommandError(`${input}: no such file`, EXIT.usage);
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(input)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
