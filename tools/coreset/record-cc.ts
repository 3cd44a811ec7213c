// The recording compiler: does what the build asked for, and writes the module of the same source into
// LLMC_RECORD_DIR. Started by the shims that collect.ts puts first on PATH:
//   node record-cc.ts CLANG ARGUMENT...
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writeFileAtomic } from "../../src/base/files.ts";
import { contentHash } from "../../src/base/hash.ts";
import {
  LENIENT_FLAGS,
  parseCompile,
  portableFlags,
  recordArguments,
} from "../../src/corpus/recorder.ts";
import type { Compile } from "../../src/corpus/recorder.ts";

const [clang = "clang", ...args] = process.argv.slice(2);
const compile = parseCompile(args);
const done = spawnSync(clang, compile ? [...args, ...LENIENT_FLAGS] : args, { stdio: "inherit" });
const { LLMC_RECORD_DIR, LLMC_RECORD_ROOT } = process.env;
if (done.status === 0 && compile && LLMC_RECORD_DIR && LLMC_RECORD_ROOT) {
  record(compile, { folder: LLMC_RECORD_DIR, root: LLMC_RECORD_ROOT });
}
process.exitCode = done.status ?? 1;

/** A failure to record is not the build's business: it leaves no record and no message. */
function record(unit: Compile, { folder, root }: { folder: string; root: string }): void {
  const path = relative(root, resolve(unit.source));
  const cwd = relative(root, process.cwd());
  if (path.startsWith("..")) return;
  const id = contentHash(JSON.stringify([cwd, path, unit.flags])).slice(0, 16);
  const bitcode = join(folder, `${id}.bc`);
  if (existsSync(bitcode)) return;
  const temporary = join(folder, `.${id}.${process.pid}.tmp`);
  const place = { cwd: process.cwd(), root, bitcode: temporary };
  const made = spawnSync(clang, recordArguments(unit, place), { stdio: "ignore" });
  if (made.status !== 0) {
    rmSync(temporary, { force: true });
    return;
  }
  const flags = portableFlags(unit.flags, root);
  writeFileAtomic(
    join(folder, `${id}.json`),
    JSON.stringify({ path, language: unit.language, flags, cwd }),
  );
  renameSync(temporary, bitcode);
}
