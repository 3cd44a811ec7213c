/**
 * Debian source packages by apt, with lists and cache in a folder of our own: the system's set-up is read (which mirrors
 * it uses) and not changed. The one exception is `installBuildDependencies`, which is done only when asked for.
 */

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder, writeFileAtomic } from "../base/files.ts";
import { type CommandResult, runCommand } from "../base/run-command.ts";
import {
  type Downloaded,
  MIRROR_QUERY,
  aptOptions,
  aptPlace,
  findDownloaded,
  parseCodenames,
  parseMirrors,
  sourcesFile,
} from "./debian.ts";

const LIMITS = { timeoutMs: 300_000, maxOutputBytes: 64 << 20 };
const INSTALL_TIMEOUT_MS = 1_200_000;
/** dpkg lets one in at a time; packages are built side by side. */
const LOCK_TIMEOUT_SECONDS = 600;

export type Fetched = { readonly ok: true; readonly source: Downloaded } | Failed;
interface Failed {
  readonly ok: false;
  readonly message: string;
}

const failed = (message: string): Failed => ({ ok: false, message });

/** Fetches the lists of source packages, once for `cache`. Gives what went wrong, if anything did. */
export async function prepareApt(cache: string, signal: AbortSignal): Promise<string | undefined> {
  const place = aptPlace(resolve(cache, "apt"));
  const ready = join(cache, "apt", "ready");
  if (existsSync(ready)) return undefined;
  for (const folder of [place.lists, place.cache])
    mkdirSync(join(folder, "partial"), { recursive: true });
  const targets = await runCommand("apt-get", MIRROR_QUERY, { ...LIMITS, signal });
  if (!isDone(targets)) return wordsOf("apt-get indextargets", targets);
  const mirrors = parseMirrors(targets.stdout.toString());
  if (mirrors.length === 0)
    return "apt knows no Debian mirror to fetch sources from: want one in /etc/apt";
  writeFileAtomic(place.sources, sourcesFile(mirrors));
  const updated = await runCommand("apt-get", [...aptOptions(place), "update"], {
    ...LIMITS,
    signal,
  });
  if (!isDone(updated)) return wordsOf("apt-get update", updated);
  writeFileAtomic(ready, "");
  return undefined;
}

/** Downloads a source package into `cache/sources/NAME`. */
export async function downloadSource(
  name: string,
  { cache, signal }: { cache: string; signal: AbortSignal },
): Promise<Fetched> {
  const folder = sourceFolder(cache, name);
  const place = aptPlace(resolve(cache, "apt"));
  const fetch = (wanted: string): Promise<CommandResult> => {
    makeFolder(folder);
    const args = [...aptOptions(place), "-qq", "source", "--download-only", wanted];
    // apt checks what is there already, and fetches again what an interrupted run left half done.
    return runCommand("apt-get", args, { ...LIMITS, cwd: folder, signal });
  };
  const first = await fetch(name);
  if (!isDone(first)) {
    // Partial mirrors list security updates that they do not hold; the release itself is there.
    const [release] = parseCodenames(readFileSync(place.sources, "utf8"));
    rmSync(folder, { recursive: true, force: true });
    const second = release === undefined ? first : await fetch(`${name}/${release}`);
    if (!isDone(second)) return failed(wordsOf(`apt-get source ${name}`, first));
  }
  const source = findDownloaded(folder);
  return source === null
    ? failed(`apt-get source ${name} left no .dsc file`)
    : { ok: true, source };
}

export const sourceFolder = (cache: string, name: string): string =>
  resolve(cache, "sources", name);

/** Unpacks into `root`, with Debian's patches applied. Gives what went wrong, if anything did. */
export async function unpackSource(dsc: string, root: string): Promise<string | undefined> {
  const args = ["--no-check", "--no-copy", "-x", dsc, root];
  const result = await runCommand("dpkg-source", args, LIMITS);
  return isDone(result) ? undefined : wordsOf("dpkg-source", result);
}

/** Installs what the package needs to be built, on this system, as root. Gives what went wrong, if anything did. */
export async function installBuildDependencies(
  dsc: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = ["-y", "-qq", "--no-install-recommends"];
  const lock = ["-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`];
  const result = await runCommand("apt-get", [...options, ...lock, "build-dep", dsc], {
    ...LIMITS,
    timeoutMs: INSTALL_TIMEOUT_MS,
    signal,
  });
  return isDone(result) ? undefined : wordsOf("apt-get build-dep", result);
}

type Done = Extract<CommandResult, { status: "exited" }>;

const isDone = (result: CommandResult): result is Done =>
  result.status === "exited" && result.code === 0;

const MAX_WORDS = 300;

/** The first line in which apt or dpkg says what is wrong, else the end of what it said. */
function wordsOf(what: string, result: CommandResult): string {
  if (result.status === "failed") return `${what}: ${result.message}`;
  const lines = result.stderr.trim().split("\n");
  const said = lines.find((line) => /^E:|error:/.test(line)) ?? lines.at(-1) ?? "";
  return `${what}: ${said.slice(0, MAX_WORDS)}`;
}
