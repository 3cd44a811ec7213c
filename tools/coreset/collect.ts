// Collects unoptimised LLVM modules out of real Debian source packages: input to the coreset, and later
// to training. `--help` says how to run it and what it needs.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { refuseHeldOut } from "../../src/corpus/held-out.ts";
import type { StoredModule } from "../../src/corpus/records.ts";
import { splitOf } from "../../src/corpus/split.ts";
import { harvest, prepareApt, writeShims } from "./harvest.ts";
import type { HarvestPlace } from "./harvest.ts";
import { readRecorded, writeCorpus } from "./write-corpus.ts";

const HELP = `Usage: node tools/coreset/collect.ts --out FOLDER [option...]

Downloads the Debian source packages of a list, builds each with a recording compiler, and keeps a few
hundred of the modules: FOLDER/modules/PACKAGE/NNN.bc and FOLDER/manifest.jsonl. What was done is not done
again: run it once more to resume. No system setting is changed: apt's lists are in the cache too.

  --packages FILE    one package a line, # comments (default: packages.txt beside this program)
  --manifest FILE    short manifest to check in (default: manifest.jsonl beside this program)
  --cache FOLDER     sources and all recorded modules (default .cache/corpus in the checkout, which
                     no clean-up of build/ touches: it took an hour to make)
  --limit SECONDS    for the build of one package (default 240)
  --jobs N           packages built at a time (default 2)
  --select-only      choose among what is recorded so far; build nothing
  --llvm FOLDER      LLVM's programs (default /usr/lib/llvm-22/bin)

Needs a Debian system with apt-get, dpkg-source, clang-22 and llvm-22. More packages build when these are
there: apt-get install --no-install-recommends make cmake meson ninja-build autoconf automake libtool
  pkg-config bison flex gperf gettext texinfo zlib1g-dev libncurses-dev
`;

const WANTED_PROGRAMS = [
  "apt-get",
  "dpkg-source",
  "make",
  "cmake",
  "meson",
  "ninja",
  "autoreconf",
  "libtoolize",
  "pkg-config",
  "bison",
  "flex",
  "gperf",
  "msgfmt",
  "makeinfo",
];

await main();

async function main(): Promise<void> {
  const beside = import.meta.dirname;
  const { values } = parseArgs({
    options: {
      "out": { type: "string" },
      "cache": { type: "string", default: join(beside, "../../.cache/corpus") },
      "packages": { type: "string", default: join(beside, "packages.txt") },
      "manifest": { type: "string", default: join(beside, "manifest.jsonl") },
      "limit": { type: "string", default: "240" },
      "jobs": { type: "string", default: "2" },
      "llvm": { type: "string", default: "/usr/lib/llvm-22/bin" },
      "select-only": { type: "boolean", default: false },
      "help": { type: "boolean", default: false },
    },
  });
  if (values.help || values.out === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const out = resolve(values.out);
  const cache = resolve(values.cache);
  const limitMs = Number(values.limit) * 1_000;
  const place: HarvestPlace = { cache, llvm: values.llvm, limitMs, signal: stopOnSignals() };
  const outcomes = new Map<string, string>();
  const packages = readPackages(values.packages, outcomes);
  const jobs = Number(values.jobs);
  if (!values["select-only"]) await harvestAll(packages, { place, jobs, outcomes });
  const records = readRecorded(packages, place);
  const chosen = writeCorpus(out, { records, manifest: values.manifest });
  printTable(packages, { chosen, outcomes });
}

/** Ctrl-C and kill end the builds too; what is done stays, and the next run goes on from there. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      stop.abort();
      process.exit(130);
    });
  }
  return stop.signal;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function readPackages(file: string, outcomes: Map<string, string>): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((name) => {
      const reason = refuseHeldOut(name);
      if (reason) {
        outcomes.set(name, `refused: ${reason}`);
        say(`refused: ${reason}`);
      }
      return name !== "" && !reason;
    });
}

interface HarvestAllOptions {
  place: HarvestPlace;
  jobs: number;
  outcomes: Map<string, string>;
}

async function harvestAll(packages: readonly string[], options: HarvestAllOptions): Promise<void> {
  const { place, jobs, outcomes } = options;
  const missing = WANTED_PROGRAMS.filter((program) => !onPath(program));
  if (missing.length > 0) say(`not found, so fewer packages will build: ${missing.join(" ")}`);
  mkdirSync(place.cache, { recursive: true });
  writeShims(place);
  await prepareApt(place);
  const queue = packages.entries();
  const worker = async () => {
    for (const [index, name] of queue) {
      const started = Date.now();
      const told = await harvest(name, place).then(
        (done) => `${done.records} recorded (${done.how})`,
        (error: unknown) => `failed: ${firstLine(error)}`,
      );
      outcomes.set(name, told);
      const seconds = Math.round((Date.now() - started) / 1_000);
      say(`[${index + 1}/${packages.length}] ${name}: ${told}, ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

function firstLine(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error).split("\n");
  return lines.find((line) => line.startsWith("E:")) ?? lines[0] ?? "";
}

function onPath(program: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.some((folder) => existsSync(join(folder, program)));
}

interface TableOptions {
  chosen: readonly StoredModule[];
  outcomes: ReadonlyMap<string, string>;
}

function printTable(packages: readonly string[], { chosen, outcomes }: TableOptions): void {
  const byPackage = Map.groupBy(chosen, (module) => module.package);
  for (const name of new Set([...packages, ...outcomes.keys()])) {
    const count = byPackage.get(name)?.length ?? 0;
    const columns = [name.padEnd(20), splitOf(name).padEnd(6), String(count).padStart(4)];
    say(`${columns.join(" ")}  ${outcomes.get(name) ?? ""}`);
  }
  for (const [split, own] of Map.groupBy(chosen, (module) => splitOf(module.package))) {
    const bytes = own.reduce((sum, module) => sum + module.bytes, 0);
    const cxx = own.filter((module) => module.language === "c++").length;
    const from = new Set(own.map((module) => module.package)).size;
    say(
      `${split}: ${own.length} modules (${cxx} C++) of ${from} packages, ${bytes} bytes of bitcode`,
    );
  }
}
