/** Random programs from csmith: free of undefined behaviour by construction, each prints a checksum of its globals. */

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/files.ts";
import { runCommand } from "../../base/run-command.ts";
import type { Program, Suite, SuiteContext } from "../suite.ts";

const INCLUDE_FOLDERS = ["/usr/include/csmith", "/usr/local/include/csmith", "/usr/include"];
const LIMITS = { timeoutMs: 60_000, maxOutputBytes: 64 << 20 };
const TIME_LIMIT_SECONDS = 5;
const INSTALL_HINT = "apt install csmith libcsmith-dev";
/** Functions and block sizes at csmith's defaults give programs of 1,500 lines; these give some 300, ten times as many. */
const SHAPE = ["--max-funcs", "6", "--max-block-size", "3", "--max-block-depth", "4", "--max-array-dim", "2"];

export const csmith: Suite = {
  name: "csmith",
  about: "random programs made by csmith, checked by their checksum",
  async programs(context) {
    const include = INCLUDE_FOLDERS.find((folder) => existsSync(join(folder, "csmith.h")));
    if (include === undefined) return { status: "unavailable", why: `csmith: no csmith.h; ${INSTALL_HINT}` };
    const folder = join(context.cache, "csmith");
    mkdirSync(folder, { recursive: true }); // csmith leaves a file platform.info in the folder it runs in
    const version = await runCommand("csmith", ["--version"], { ...LIMITS, cwd: folder });
    if (version.status === "failed") return { status: "unavailable", why: `csmith: ${version.message}; ${INSTALL_HINT}` };
    const programs: Program[] = [];
    for (let index = 0; index < context.count; index++) {
      const program = await randomProgram(context, { seed: context.seed + index, include });
      if (program !== undefined) programs.push(program);
    }
    return { status: "available", programs };
  },
};

/** csmith's program for this seed, kept in the cache; undefined where csmith itself gives up. */
async function randomProgram(
  { cache, onProgress }: SuiteContext, { seed, include }: { seed: number; include: string },
): Promise<Program | undefined> {
  const folder = join(cache, "csmith");
  const name = `csmith-${seed}.c`;
  const path = join(folder, name);
  if (!existsSync(path)) {
    onProgress?.(`csmith: making ${name}`);
    const made = await runCommand("csmith", ["--seed", `${seed}`, ...SHAPE], { ...LIMITS, cwd: folder });
    if (made.status === "failed" || made.code !== 0) return undefined;
    writeFileAtomic(path, made.stdout);
  }
  // Marked as system headers: csmith.h has warnings of its own.
  const flags = ["-std=gnu17", "-w", "-isystem", include];
  return { name, path, language: "c", flags, includes: include, timeLimitSeconds: TIME_LIMIT_SECONDS };
}
