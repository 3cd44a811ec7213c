/**
 * What autoconf's configure scripts found out about this machine, handed on from package to package: half of the time
 * of building a small package goes into asking the same compiler the same questions.
 *
 * Every build gets a `config.site` that names a cache file of its own; what is true of any package is kept from it.
 * See "Cache Files" and "Setting Site Defaults" in the manual of GNU Autoconf.
 */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeFileAtomic } from "../base/files.ts";

const CACHE_FILE = "config.cache";

/** A line of a cache file: name and value as the shell writes it, on one line. */
const LINE = /^(\w+)=\$\{\1=(.*)\}$/;
/** About the C library, its headers and the compiler; not about programs, paths, libraries and variables of the build. */
const SHARED =
  /^(ac_cv_(func|header|type|sizeof|alignof|member|have_decl|c|sys|working|struct)_|gl_cv_)/;

/**
 * Whether an answer holds for any package. That something is missing may change: a package's own libraries are not on the
 * command line of the next, and what packages need may be installed between two of them.
 */
const isShared = (name: string, value: string): boolean =>
  SHARED.test(name) && !(name.startsWith("ac_cv_") && value === "no");

/** The value of CONFIG_SITE for builds that have this home. */
export const siteOf = (home: string): string => join(home, "config.site");

/** Writes into `home` what configure is to read. */
export function lendAnswers(cache: string, home: string): void {
  const kept = keptPath(cache);
  if (existsSync(kept)) writeFileAtomic(join(home, CACHE_FILE), readFileSync(kept));
  writeFileAtomic(
    siteOf(home),
    `[ "$cache_file" != /dev/null ] || cache_file="$HOME/${CACHE_FILE}"\n`,
  );
}

/** Keeps what a build in `home` found out; of two answers the earlier one stays. */
export function keepAnswers(cache: string, home: string): void {
  const path = join(home, CACHE_FILE);
  if (!existsSync(path)) return;
  const answers = { ...readAnswers(path), ...readAnswers(keptPath(cache)) };
  const lines = Object.entries(answers).map(([name, value]) => `${name}=\${${name}=${value}}\n`);
  writeFileAtomic(keptPath(cache), lines.toSorted().join(""));
}

const keptPath = (cache: string): string => resolve(cache, CACHE_FILE);

function readAnswers(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const answers: Record<string, string> = {};
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name !== undefined && value !== undefined && isShared(name, value)) answers[name] = value;
  }
  return answers;
}
