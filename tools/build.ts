/**
 * Makes dist/, the code of the published package: JavaScript and types of src/ without its tests, the data files that
 * lie between the sources, and the executable `llmc`. tsc writes to dist.tsc/, because src/ imports ../package.json and
 * both must lie under one root; only src/ of that is kept.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** JSON, and the C programs of verify/: suites and the runtime of the differential check. */
const DATA_FILE = /\.(?:json|jsonl|txt|c|cc|h)$/;
const SHEBANG = "#!/usr/bin/env node\n";

process.chdir(join(import.meta.dirname, ".."));
for (const folder of ["dist", "dist.tsc"]) rmSync(folder, { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
renameSync("dist.tsc/src", "dist");
rmSync("dist.tsc", { recursive: true });
for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
  if (DATA_FILE.test(file)) cpSync(join("src", file), join("dist", file));
}
if (!readFileSync("dist/cli/main.js", "utf8").startsWith(SHEBANG))
  throw new Error(`src/cli/main.ts lacks ${SHEBANG}`);
chmodSync("dist/cli/main.js", 0o755);
