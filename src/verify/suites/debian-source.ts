/**
 * The upstream tarball of a Debian source package, by apt with lists and cache in a folder of our own: the system's
 * set-up is read (which mirrors it uses) and not changed.
 */

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/files.ts";
import { type CommandResult, runCommand } from "../../base/run-command.ts";

const QUERY = ["indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const LIMITS = { timeoutMs: 600_000, maxOutputBytes: 16 << 20 };

/** Downloads it into `folder` and gives its path; the error says what failed. */
export async function fetchTarball(name: string, folder: string): Promise<string | Error> {
  const sources = join(folder, "debian.sources");
  for (const sub of ["lists/partial", "cache/partial"]) mkdirSync(join(folder, sub), { recursive: true });
  const mirrors = await runCommand("apt-get", QUERY, LIMITS);
  if (!isDone(mirrors)) return failure("apt-get indextargets", mirrors);
  const text = sourcesFile(mirrors.stdout.toString());
  if (text === "") return new Error("apt knows no Debian mirror to fetch source packages from");
  writeFileAtomic(sources, text);
  const options = [
    `Dir::Etc::sourcelist=${sources}`, "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::Lists=${join(folder, "lists")}`, `Dir::Cache=${join(folder, "cache")}`,
  ].flatMap((option) => ["-o", option]);
  const updated = await runCommand("apt-get", [...options, "-qq", "update"], LIMITS);
  if (!isDone(updated)) return failure("apt-get update", updated);
  const fetch = ["-qq", "--tar-only", "--download-only", "source", name];
  const fetched = await runCommand("apt-get", [...options, ...fetch], { ...LIMITS, cwd: folder });
  if (!isDone(fetched)) return failure(`apt-get source ${name}`, fetched);
  const tarball = readdirSync(folder).find((file) => /\.orig\.tar\.\w+$/.test(file));
  return tarball === undefined ? new Error(`apt-get source ${name} left no tarball`) : join(folder, tarball);
}

/** What `fetchTarball` put into the folder besides the tarball. */
export function dropAptFiles(folder: string): void {
  for (const name of ["lists", "cache", "debian.sources"]) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Debian's own archives among apt's mirrors, as source archives. */
function sourcesFile(indexTargets: string): string {
  return indexTargets.split("\n").flatMap((line) => {
    const [uri = "", codename = "", component = ""] = line.trim().split(" ");
    if (component !== "main" || !/\/debian(-security)?\/?$/.test(uri)) return [];
    return [`Types: deb-src\nURIs: ${uri}\nSuites: ${codename}\nComponents: main\nSigned-By: ${KEYRING}\n`];
  }).join("\n");
}

type Done = Extract<CommandResult, { status: "exited" }>;

const isDone = (result: CommandResult): result is Done => result.status === "exited" && result.code === 0;

const MAX_WORDS = 300;

function failure(what: string, result: CommandResult): Error {
  const words = result.status === "failed" ? result.message : result.stderr.trim();
  return new Error(`${what}: ${words.slice(-MAX_WORDS)}`);
}
