/**
 * One Debian source package: downloaded, unpacked, built in a sandbox with the recording compiler, its records kept:
 *
 *   CACHE/apt, sources/NAME       what apt fetched
 *   CACHE/packages/NAME/records   ID.bc beside ID.json
 *   CACHE/packages/NAME/done.json written last; what has it is not built again
 *   CACHE/packages/NAME/build.log
 *
 * A build may do anything: what it does not do within its limits is given up, and what it recorded until then is kept.
 */

import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { makeFolder, writeFileAtomic } from "../base/files.ts";
import { downloadSource, installBuildDependencies, unpackSource } from "./apt.ts";
import { type Attempt, LAST_ATTEMPT, buildAttempts } from "./attempts.ts";
import type { BuildSandbox } from "./build-sandbox.ts";
import { claim } from "./claim.ts";
import { keepAnswers, lendAnswers, siteOf } from "./configure-answers.ts";
import { type RunOutcome, run } from "./process.ts";
import { countRecords } from "./records.ts";
import { RECORDS_VARIABLE, ROOT_VARIABLE } from "./shims.ts";

export interface HarvestPlace {
  readonly cache: string;
  readonly sandbox: BuildSandbox;
  /** Where programs are looked for, as in $PATH. */
  readonly path: string;
  readonly limitMs: number;
  /** Of the tree and all that the build writes. */
  readonly maxDiskBytes: number;
  /** A build ends when so many modules are recorded: large packages would take hours. */
  readonly maxRecords: number;
  readonly installDependencies: boolean;
  /** Builds packages again of which nothing was recorded. */
  readonly retry: boolean;
  /** Ends the builds in progress when it aborts. */
  readonly signal: AbortSignal;
  /** Puts the unpacked source into `root`; Debian's archive where none is given. */
  readonly fetch?: FetchSource;
}

export type FetchSource = (
  name: string,
  root: string,
  place: HarvestPlace,
) => Promise<{ readonly version: string } | { readonly failure: string }>;

const harvestFile = z.object({
  package: z.string(),
  version: z.string(),
  records: z.number(),
  /** What each build attempt came to. */
  how: z.string(),
});
export type Harvest = z.infer<typeof harvestFile>;

export type HarvestOutcome =
  | { readonly status: "done"; readonly harvest: Harvest }
  /** Another process is at it. */
  | { readonly status: "busy"; readonly message: string }
  | { readonly status: "failed"; readonly message: string };

const packageFolder = (cache: string, name: string): string => resolve(cache, "packages", name);
export const recordsFolder = (cache: string, name: string): string =>
  join(packageFolder(cache, name), "records");
const homeOf = (folder: string): string => join(folder, "home");
const donePath = (cache: string, name: string): string =>
  join(packageFolder(cache, name), "done.json");

/** What an earlier run made of this package, or null where it did not finish it. */
export function readHarvest(cache: string, name: string): Harvest | null {
  const path = donePath(cache, name);
  return existsSync(path) ? harvestFile.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

/** The packages that are done, in order of name. */
export function harvestedPackages(cache: string): string[] {
  const folder = resolve(cache, "packages");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(donePath(cache, name)))
    .toSorted();
}

/** Builds one package unless its done file says that it was. Throws only where the signal aborts. */
export async function harvest(name: string, place: HarvestPlace): Promise<HarvestOutcome> {
  const { cache, retry } = place;
  const isDone = (found: Harvest | null): found is Harvest =>
    found !== null && !(retry && found.records === 0);
  const earlier = readHarvest(cache, name);
  if (isDone(earlier)) return { status: "done", harvest: earlier };
  makeFolder(resolve(cache, "packages"));
  await using held = await claim(cache, name);
  if (held === undefined)
    return { status: "busy", message: "another run is building it; run again to take it up" };
  const meanwhile = readHarvest(cache, name); // by the one that held it a moment ago
  if (isDone(meanwhile)) return { status: "done", harvest: meanwhile };
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < place.maxDiskBytes)
    return failed(
      `${gigabytes(bavail * bsize)} are free in ${cache}, want ${gigabytes(place.maxDiskBytes)}: free some, or lower --disk`,
    );
  return buildPackage(name, place);
}

const failed = (message: string): HarvestOutcome => ({ status: "failed", message });
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

async function buildPackage(name: string, place: HarvestPlace): Promise<HarvestOutcome> {
  const folder = packageFolder(place.cache, name);
  remove(folder);
  const records = recordsFolder(place.cache, name);
  for (const sub of [records, homeOf(folder), join(folder, "tmp")]) makeFolder(sub);
  const root = join(folder, "tree");
  const source = await (place.fetch ?? fetchDebian)(name, root, place);
  if ("failure" in source) return failed(source.failure);
  lendAnswers(place.cache, homeOf(folder));
  const user = await place.sandbox.own(folder);
  const how = await build(root, { folder, records, user, place });
  keepAnswers(place.cache, homeOf(folder));
  const { version } = source;
  const result: Harvest = { package: name, version, records: countRecords(records), how };
  for (const sub of ["tree", "home", "tmp"]) remove(join(folder, sub));
  writeFileAtomic(donePath(place.cache, name), JSON.stringify(result));
  return { status: "done", harvest: result };
}

/** Processes that were killed may write for a moment yet. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

const fetchDebian: FetchSource = async (name, root, place) => {
  const fetched = await downloadSource(name, place);
  if (!fetched.ok) return { failure: fetched.message };
  const { dsc, version } = fetched.source;
  const unpacked = await unpackSource(dsc, root);
  if (unpacked !== undefined) return { failure: unpacked };
  if (place.installDependencies) {
    const missing = await installBuildDependencies(dsc, place.signal);
    if (missing !== undefined) appendFileSync(join(dirname(root), "build.log"), `${missing}\n`);
  }
  return { version };
};

interface BuildPlace {
  readonly folder: string;
  readonly records: string;
  readonly user: number;
  readonly place: HarvestPlace;
}

/** Fewer than these and each source is tried by itself. */
const FEW_RECORDS = 10;

/** Tries the likely ways to build until one gets something recorded; says what came of each. */
async function build(root: string, where: BuildPlace): Promise<string> {
  const { records, place } = where;
  const deadline = Date.now() + place.limitMs;
  const told: string[] = [];
  const attempt = async (
    { folder, attempt: { name, script } }: PlacedAttempt,
    limitMs: number,
  ): Promise<boolean> => {
    const outcome = await runAttempt(script, { ...where, root, cwd: folder, limitMs, name });
    place.signal.throwIfAborted(); // half a build is not done: no done file
    told.push(`${name}: ${outcome.status === "exited" ? `exit ${outcome.code}` : outcome.status}`);
    return outcome.status !== "disk full";
  };
  for (const placed of attemptsIn(root)) {
    const isRoomLeft = await attempt(placed, deadline - Date.now());
    if (!isRoomLeft) return told.join(", ");
    if (countRecords(records) > 0 || Date.now() > deadline) break;
  }
  if (countRecords(records) < FEW_RECORDS)
    await attempt({ folder: root, attempt: LAST_ATTEMPT }, place.limitMs / 2);
  return told.join(", ");
}

interface PlacedAttempt {
  readonly folder: string;
  readonly attempt: Attempt;
}

/** Folders below the root that are tried: a tree of a hundred examples is not built a hundred times. */
const MAX_FOLDERS_BELOW = 8;

/** The attempts in the root; where it holds none (expat keeps its code in expat/), those one level down. */
function attemptsIn(root: string): PlacedAttempt[] {
  const inFolder = (folder: string): PlacedAttempt[] =>
    buildAttempts(readdirSync(folder)).map((attempt) => ({ folder, attempt }));
  const direct = inFolder(root);
  if (direct.some(({ attempt }) => attempt.name !== "debian rules")) return direct;
  const below = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "debian")
    .map((entry) => inFolder(join(root, entry.name)))
    .filter((attempts) => attempts.length > 0);
  return [...below.slice(0, MAX_FOLDERS_BELOW).flat(), ...direct];
}

interface AttemptPlace extends BuildPlace {
  readonly name: string;
  readonly root: string;
  readonly cwd: string;
  readonly limitMs: number;
}

function runAttempt(script: string, where: AttemptPlace): Promise<RunOutcome> {
  const { folder, records, place, user, name, cwd, limitMs } = where;
  const logPath = join(folder, "build.log");
  appendFileSync(logPath, `### ${name} in ${cwd}\n${script}\n###\n`);
  return run(place.sandbox.wrap(["sh", "-c", script], user), {
    cwd,
    env: buildEnvironment(where),
    logPath,
    limitMs,
    signal: place.signal,
    enough: () => countRecords(records) >= place.maxRecords,
    disk: { folder, maxBytes: place.maxDiskBytes },
  });
}

function buildEnvironment({ root, folder, records, place }: AttemptPlace): NodeJS.ProcessEnv {
  const shims = shimsFolder(place.cache);
  return {
    PATH: `${shims}:${place.path}`,
    HOME: homeOf(folder),
    CONFIG_SITE: siteOf(homeOf(folder)),
    TMPDIR: join(folder, "tmp"),
    LC_ALL: "C",
    CC: join(shims, "cc"),
    CXX: join(shims, "c++"),
    // The objects are thrown away: no time is spent on optimising them.
    CFLAGS: "-O0",
    CXXFLAGS: "-O0",
    FORCE_UNSAFE_CONFIGURE: "1", // some configure scripts refuse root, which builds are without a user of their own
    [RECORDS_VARIABLE]: records,
    [ROOT_VARIABLE]: root,
    NODE_COMPILE_CACHE: join(homeOf(folder), "node"),
  };
}

/** Where the recording compilers are to be written; see shims.ts. */
export const shimsFolder = (cache: string): string => resolve(cache, "compilers");
