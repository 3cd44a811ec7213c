// Debian source packages without touching the system's apt set-up: the same mirrors as its binary packages,
// as `deb-src`, with lists and cache in a folder of our own. Only apt speaks to the network.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Mirror {
  uri: string;
  codename: string;
  component: string;
}

/** What `apt-get` must be asked so that `parseMirrors` understands the answer. */
export const MIRROR_QUERY: readonly string[] = [
  "indextargets",
  "--format",
  "$(REPO_URI) $(CODENAME) $(COMPONENT)",
  "Created-By: Packages",
];

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Debian's own archives among apt's configured ones: other vendors' repositories carry no such sources. */
export function parseMirrors(indexTargets: string): Mirror[] {
  return indexTargets.split("\n").flatMap((line) => {
    const [uri = "", codename = "", component = ""] = line.trim().split(" ");
    const isDebian = component === "main" && /\/debian(-security)?\/?$/.test(uri);
    return isDebian ? [{ uri, codename, component }] : [];
  });
}

/** The deb822 sources file for those mirrors. */
export function sourcesFile(mirrors: readonly Mirror[]): string {
  return mirrors
    .map(({ uri, codename, component }) =>
      [
        "Types: deb-src",
        `URIs: ${uri}`,
        `Suites: ${codename}`,
        `Components: ${component}`,
        `Signed-By: ${KEYRING}`,
        "",
      ].join("\n"),
    )
    .join("\n");
}

/** The releases that a sources file names, the plain one before its updates. */
export function parseCodenames(sources: string): string[] {
  const names = [...sources.matchAll(/^Suites: (\S+)$/gm)].map(([, name = ""]) => name);
  return [...new Set(names)].toSorted((a, b) => a.length - b.length);
}

export interface AptPlace {
  sources: string;
  lists: string;
  cache: string;
}

export function aptPlace(folder: string): AptPlace {
  return {
    sources: join(folder, "debian.sources"),
    lists: join(folder, "lists"),
    cache: join(folder, "cache"),
  };
}

/** Options that keep apt inside `place`. */
export function aptOptions(place: AptPlace): string[] {
  return [
    `Dir::Etc::sourcelist=${place.sources}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::Lists=${place.lists}`,
    `Dir::Cache=${place.cache}`,
  ].flatMap((option) => ["-o", option]);
}

export interface Downloaded {
  dsc: string;
  version: string;
}

/** The source package that lies in `folder`, or null before it is downloaded. */
export function findDownloaded(folder: string): Downloaded | null {
  const name = readdirSync(folder).find((file) => file.endsWith(".dsc"));
  if (name === undefined) return null;
  const dsc = join(folder, name);
  const version = /^Version: (\S+)$/m.exec(readFileSync(dsc, "utf8"))?.[1];
  return version === undefined ? null : { dsc, version };
}
