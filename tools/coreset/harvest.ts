// One Debian source package: download, unpack, build with the recording compiler, keep the modules.
import { execFile } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { writeFileAtomic } from "../../src/base/files.ts";
import { buildAttempts } from "../../src/corpus/attempts.ts";
import type { Attempt } from "../../src/corpus/attempts.ts";
import {
  aptOptions,
  aptPlace,
  findDownloaded,
  MIRROR_QUERY,
  parseCodenames,
  parseMirrors,
  sourcesFile,
} from "../../src/corpus/debian.ts";
import type { Downloaded } from "../../src/corpus/debian.ts";
import { run } from "../../src/corpus/process.ts";
import { countRecords } from "../../src/corpus/records.ts";

const exec = promisify(execFile);

// Large packages would build for hours.
const ENOUGH_RECORDS = 500;
const DOWNLOAD_LIMIT_MS = 180_000;

export interface HarvestPlace {
  /** Folder of apt's lists, sources, logs and records. */
  cache: string;
  /** Folder of LLVM's programs. */
  llvm: string;
  limitMs: number;
  /** Ends the builds in progress when it aborts. */
  signal: AbortSignal;
}

const Harvest = z.object({
  package: z.string(),
  version: z.string(),
  records: z.number(),
  /** What each build attempt came to. */
  how: z.string(),
});
export type Harvest = z.infer<typeof Harvest>;

/** What an earlier run made of this package, or null where it did not finish it. */
export function readHarvest(name: string, { cache }: HarvestPlace): Harvest | null {
  const marker = join(packageFolder(name, cache), "done.json");
  return existsSync(marker) ? Harvest.parse(JSON.parse(readFileSync(marker, "utf8"))) : null;
}

export function recordsFolder(name: string, { cache }: HarvestPlace): string {
  return join(packageFolder(name, cache), "records");
}

function packageFolder(name: string, cache: string): string {
  return resolve(cache, "packages", name);
}

/** Fetches the lists of source packages, once. */
export async function prepareApt({ cache }: HarvestPlace): Promise<void> {
  const place = aptPlace(join(cache, "apt"));
  for (const folder of [place.lists, place.cache])
    mkdirSync(join(folder, "partial"), { recursive: true });
  const ready = join(cache, "apt", "ready");
  if (existsSync(ready)) return;
  const { stdout } = await exec("apt-get", [...MIRROR_QUERY]);
  writeFileAtomic(place.sources, sourcesFile(parseMirrors(stdout)));
  await exec("apt-get", [...aptOptions(place), "update"], { timeout: DOWNLOAD_LIMIT_MS });
  writeFileAtomic(ready, "");
}

/** Compilers by the names that makefiles ask for, first on PATH, each recording what it compiles. */
export function writeShims({ cache, llvm }: HarvestPlace): string {
  const folder = join(cache, "shims");
  mkdirSync(folder, { recursive: true });
  const recorder = fileURLToPath(new URL("./record-cc.ts", import.meta.url));
  const names = {
    "clang": ["cc", "gcc", "clang", "c99", "c89"],
    "clang++": ["c++", "g++", "clang++"],
  };
  for (const [driver, aliases] of Object.entries(names)) {
    const real = join(llvm, driver);
    for (const alias of aliases) {
      writeFileSync(join(folder, alias), shim(real, recorder));
      chmodSync(join(folder, alias), 0o755);
    }
  }
  return folder;
}

// Probes of configure, cmake and meson go straight to clang: there are hundreds, and node starts in 50 ms.
function shim(real: string, recorder: string): string {
  return `#!/bin/sh
case "$PWD $*" in
*conftest*|*CMakeScratch*|*CMakeTmp*|*CompilerId*|*meson-private*) ;;
*" -c "*|*" -c") exec "${process.execPath}" "${recorder}" "${real}" "$@" ;;
esac
exec "${real}" "$@"
`;
}

/** Builds one package unless its done marker says that it was. Throws where nothing can be downloaded. */
export async function harvest(name: string, place: HarvestPlace): Promise<Harvest> {
  const earlier = readHarvest(name, place);
  if (earlier) return earlier;
  const folder = packageFolder(name, place.cache);
  rmSync(folder, { recursive: true, force: true });
  const records = recordsFolder(name, place);
  mkdirSync(records, { recursive: true });
  const source = await download(name, place);
  const root = join(folder, "tree");
  await exec("dpkg-source", ["--no-check", "-x", source.dsc, root], { timeout: DOWNLOAD_LIMIT_MS });
  const how = await build(root, { records, logPath: join(folder, "build.log"), place });
  const result: Harvest = {
    package: name,
    version: source.version,
    records: countRecords(records),
    how,
  };
  rmSync(root, { recursive: true, force: true });
  writeFileAtomic(join(folder, "done.json"), JSON.stringify(result));
  return result;
}

async function download(name: string, { cache }: HarvestPlace): Promise<Downloaded> {
  const folder = join(cache, "sources", name);
  const options = aptOptions(aptPlace(resolve(cache, "apt")));
  const fetch = async (wanted: string) => {
    mkdirSync(folder, { recursive: true });
    const args = [...options, "-qq", "source", "--download-only", wanted];
    // apt checks what is there already, and fetches again what an interrupted run left half done.
    await exec("apt-get", args, { cwd: folder, timeout: DOWNLOAD_LIMIT_MS });
  };
  const [release] = parseCodenames(readFileSync(aptPlace(join(cache, "apt")).sources, "utf8"));
  await fetch(name).catch(async (error: unknown) => {
    // Partial mirrors list security updates that they do not hold; the release itself is there.
    if (release === undefined) throw error;
    rmSync(folder, { recursive: true, force: true });
    await fetch(`${name}/${release}`);
  });
  const found = findDownloaded(folder);
  if (!found) throw new Error(`apt-get source ${name} left no .dsc file`);
  return found;
}

interface BuildPlace {
  records: string;
  logPath: string;
  place: HarvestPlace;
}

/** Tries the likely ways to build until one gets something recorded; says what came of each. */
async function build(root: string, { records, logPath, place }: BuildPlace): Promise<string> {
  const deadline = Date.now() + place.limitMs;
  const told: string[] = [];
  for (const { folder, attempt } of attemptsIn(root)) {
    appendFileSync(logPath, `### ${attempt.name}: ${attempt.script}\n`);
    const outcome = await run(["sh", "-c", attempt.script], {
      cwd: folder,
      env: buildEnvironment(root, { records, place }),
      logPath,
      limitMs: deadline - Date.now(),
      signal: place.signal,
      enough: () => countRecords(records) >= ENOUGH_RECORDS,
    });
    const ended = outcome.status === "exited" ? `exit ${outcome.code}` : outcome.status;
    place.signal.throwIfAborted(); // half a build is not done: no marker
    told.push(`${attempt.name}: ${ended}`);
    if (countRecords(records) > 0 || Date.now() > deadline) break;
  }
  return told.join(", ") || "no build file that we know";
}

/** The attempts in the root; where it holds none (expat keeps its code in expat/), those one level down. */
function attemptsIn(root: string): { folder: string; attempt: Attempt }[] {
  const inFolder = (folder: string) =>
    buildAttempts(readdirSync(folder)).map((attempt) => ({ folder, attempt }));
  const direct = inFolder(root);
  if (direct.length > 0) return direct;
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "debian")
    .flatMap((entry) => inFolder(join(root, entry.name)));
}

function buildEnvironment(
  root: string,
  { records, place }: Omit<BuildPlace, "logPath">,
): NodeJS.ProcessEnv {
  const shims = resolve(place.cache, "shims");
  return {
    PATH: `${shims}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    HOME: dirname(records),
    LC_ALL: "C",
    CC: join(shims, "cc"),
    CXX: join(shims, "c++"),
    // The objects are thrown away: no time is spent on optimising them.
    CFLAGS: "-O0",
    CXXFLAGS: "-O0",
    FORCE_UNSAFE_CONFIGURE: "1", // some configure scripts refuse root, which containers run as
    LLMC_RECORD_DIR: records,
    LLMC_RECORD_ROOT: root,
    NODE_COMPILE_CACHE: resolve(place.cache, "node-cache"),
  };
}
