/** `llmc corpus add`: Debian packages, recorded folders and single modules into a corpus. */

import { existsSync, readFileSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { makeFolder } from "../../base/files.ts";
import { type AddRow, type AddStatus, type Source, addAll } from "../../corpus/add.ts";
import { prepareApt } from "../../corpus/apt.ts";
import { openBuildSandbox } from "../../corpus/build-sandbox.ts";
import { type HarvestPlace, harvestedPackages, shimsFolder } from "../../corpus/harvest.ts";
import { parseRecipe, shippedRecipe } from "../../corpus/recipe.ts";
import { writeShims } from "../../corpus/shims.ts";
import { openCorpus } from "../../corpus/store.ts";
import type { Toolchain } from "../../llvm/toolchain.ts";
import {
  CommandError,
  EXIT,
  cacheFolder,
  duration,
  integer,
  interruptSignal,
  openPool,
  requireToolchain,
} from "../context.ts";
import { jobsOption, jsonOption, llvmOption } from "../options.ts";
import { paint, statusLine, table } from "../terminal.ts";

const HELP = `
Sources:
  deb:NAME      a Debian source package: fetched by apt, built here with a recording compiler
  FOLDER        .bc and .ll files; where ID.json lies beside ID.bc, it says path, language and flags
  FILE          one .bc or .ll

Examples:
  llmc corpus add deb:zlib deb:lua5.4                     two packages
  llmc corpus add --recipe --jobs 2                       the checked-in list: hours, and some 10 GB of cache
  llmc corpus add --recipe mine.txt --limit 10m           a list of your own, one package a line
  llmc corpus add --harvest ~/.cache/llmc/corpus          what was built before; builds nothing
  llmc corpus add out/ --package mine --version 1.2 --licence MIT

A package is added whole, in place of what the corpus had under its name. What was done is not done again: a run that
was stopped is started once more to go on. Packages are built without network, as a user of their own where this runs as
root, and end at their limits; what they recorded until then counts. Packages held out for comparison are refused.
Exit codes: 0 done, 1 some were not added, 2 bad usage or input, 3 something is missing here.`;

export const DEFAULT_CORPUS = "corpus";
/** A build of a large package with its objects; u-boot and QEMU need about 2 GB. */
const DEFAULT_DISK_GIGABYTES = 8;
const DEFAULT_LIMIT_SECONDS = 240;
const DEFAULT_MAX_RECORDS = 500;

interface Options {
  corpus: string;
  recipe?: string | true;
  harvest?: string;
  package?: string;
  version?: string;
  licence?: string;
  limit: number;
  disk: number;
  maxModules: number;
  installDeps: boolean;
  retry: boolean;
  again: boolean;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function corpusAddCommand(): Command {
  return new Command("add")
    .description("add Debian packages, recorded folders or single modules")
    .usage("[options] [SOURCE...]")
    .argument("[source...]", "deb:NAME, a folder, or a .bc or .ll file")
    .option("-c, --corpus <folder>", "the corpus", DEFAULT_CORPUS)
    .option("--recipe [file]", "the packages of a list (default: the one that is shipped)")
    .option(
      "--harvest <folder>",
      "where sources, logs and records of packages are kept; alone: add all that is built there",
    )
    .option("--package <name>", "name of the package that the files and folders make", packageName)
    .option("--version <text>", "its version", "")
    .option("--licence <text>", "its licence, as SPDX or Debian name it", "")
    .option("--limit <time>", "for the build of one package", duration, DEFAULT_LIMIT_SECONDS)
    .option("--disk <gigabytes>", "that one build may fill", integer(1), DEFAULT_DISK_GIGABYTES)
    .option(
      "--max-modules <n>",
      "a build ends when it has so many",
      integer(1),
      DEFAULT_MAX_RECORDS,
    )
    .option("--install-deps", "install what packages need to build (apt, as root)", false)
    .option("--retry", "build packages again of which nothing was recorded", false)
    .option("--again", "add anew what is there already", false)
    .addOption(jobsOption("packages at a time, and workers"))
    .addOption(llvmOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(runAdd);
}

function packageName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9+._-]*$/.test(text))
    throw new InvalidArgumentError("want letters, digits, + - . and _.");
  return text;
}

async function runAdd(sources: string[], options: Options): Promise<void> {
  const cache = resolve(options.harvest ?? join(cacheFolder(), "corpus"));
  const wanted = wantedSources(sources, options, cache);
  const toolchain = requireToolchain(options.llvm);
  using pool = openPool(toolchain, options.jobs);
  const signal = interruptSignal(pool);
  const corpus = await openCorpus(options.corpus);
  for (const sentence of corpus.mended) say(`mended: ${sentence}`);
  const line = statusLine();
  const started = performance.now();
  const progress = (row: AddRow, done: number): void => {
    line.clear();
    say(`[${done}/${wanted.length}] ${describe(row)}`);
    line.show(`${done}/${wanted.length} packages, ${minutes(started)} min`);
  };
  try {
    const rows = await addAll(corpus, wanted, {
      pool,
      jobs: pool.workers,
      again: options.again,
      cache,
      signal,
      openHarvest: () => openHarvest(toolchain, cache, { ...options, signal }),
      onRow: progress,
    });
    line.clear();
    print(options.json ? JSON.stringify({ packages: rows }, null, 2) : summary(rows));
    if (rows.some(({ status }) => !FINE.includes(status))) process.exitCode = EXIT.problem;
    if (signal.aborted) process.exitCode = EXIT.interrupted;
  } finally {
    corpus.close();
  }
}

const FINE: readonly AddStatus[] = ["added", "present"];

function wantedSources(sources: readonly string[], options: Options, cache: string): Source[] {
  const named = sources.filter((source) => source.startsWith("deb:"));
  const paths = sources.filter((source) => !source.startsWith("deb:"));
  const gone = paths.find((path) => !existsSync(path));
  if (gone !== undefined) throw new CommandError(`${gone}: no such file or folder`, EXIT.usage);
  const debian = [
    ...named.map((source) => source.slice("deb:".length)),
    ...recipeNames(options.recipe),
    ...(sources.length === 0 && options.recipe === undefined && options.harvest !== undefined
      ? harvestedPackages(cache)
      : []),
  ];
  const all = [
    ...[...new Set(debian)].map((name): Source => ({ kind: "debian", name })),
    ...fileSources(paths, options),
  ];
  if (all.length > 0) return all;
  throw new CommandError(
    options.harvest === undefined
      ? "nothing to add; want deb:NAME, a folder, a file, --recipe or --harvest"
      : `nothing is built in ${cache}: want a folder that an earlier \`llmc corpus add\` harvested to`,
    EXIT.usage,
  );
}

function recipeNames(recipe: string | true | undefined): string[] {
  if (recipe === undefined) return [];
  if (recipe === true) return parseRecipe(shippedRecipe());
  if (!existsSync(recipe)) throw new CommandError(`--recipe ${recipe}: no such file`, EXIT.usage);
  return parseRecipe(readFileSync(recipe, "utf8"));
}

/** With --package all paths together are that package, else each is one of its own name. */
function fileSources(paths: readonly string[], options: Options): Source[] {
  const { version = "", licence = "" } = options;
  if (paths.length === 0) return [];
  if (options.package !== undefined)
    return [{ kind: "files", facts: { package: options.package, version, licence }, paths }];
  return paths.map((path) => {
    const name = basename(resolve(path)).replace(/\.(bc|ll)$/, "");
    return { kind: "files", facts: { package: name, version, licence }, paths: [path] };
  });
}

async function openHarvest(
  { bin }: Toolchain,
  cache: string,
  options: Options & { signal: AbortSignal },
): Promise<HarvestPlace | string> {
  makeFolder(cache);
  writeShims(shimsFolder(cache), bin);
  const noApt = await prepareApt(cache, options.signal);
  if (noApt !== undefined) return noApt;
  const sandbox = await openBuildSandbox(cache);
  if (sandbox === undefined) return "prlimit is missing: apt install util-linux";
  if (sandbox.mode === "plain")
    say("no namespaces here: builds have the network and are bounded by limits alone");
  return {
    cache,
    sandbox,
    path: process.env["PATH"] || ["/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    limitMs: options.limit * 1000,
    maxDiskBytes: options.disk * 2 ** 30,
    maxRecords: options.maxModules,
    installDependencies: options.installDeps,
    retry: options.retry,
    signal: options.signal,
  };
}

const COLOURS: Readonly<Record<AddStatus, Parameters<typeof paint>[0]>> = {
  added: "green",
  present: "dim",
  empty: "yellow",
  refused: "yellow",
  busy: "yellow",
  failed: "red",
};

function describe({ package: name, status, modules, seconds, note }: AddRow): string {
  const what = status === "added" ? `${modules} modules` : status;
  return `${name}: ${what}, ${seconds.toFixed(0)} s${note === "" ? "" : ` (${note})`}`;
}

function summary(rows: readonly AddRow[]): string {
  const lines = rows
    .toSorted((a, b) => (a.package < b.package ? -1 : 1))
    .map((row) => [
      row.package,
      row.split,
      paint(COLOURS[row.status], row.status),
      `${row.modules}`,
      `${row.functions}`,
      row.note,
    ]);
  const head = ["package", "split", "", "modules", "functions", ""];
  const added = rows.filter(({ status }) => status === "added");
  const total = (of: "modules" | "functions"): number =>
    added.reduce((sum, row) => sum + row[of], 0);
  return [
    table([head, ...lines], ["left", "left", "left", "right", "right", "left"]),
    `${added.length} of ${rows.length} packages added: ${total("modules")} modules, ${total("functions")} functions`,
  ].join("\n");
}

const minutes = (started: number): string => ((performance.now() - started) / 60_000).toFixed(1);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
