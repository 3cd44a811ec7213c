/** Apart from context.ts, which the compiler wrapper has no time to load. */

import { homedir } from "node:os";
import { join } from "node:path";

/** What can be made again: measurements, downloads, objects. $LLMC_CACHE, else llmc in $XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(): string {
  const { LLMC_CACHE, XDG_CACHE_HOME } = process.env;
  return LLMC_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "llmc");
}
