// The recording compiler: writes the module of the source into LLMC_RECORD_DIR, and the object that the build
// asked for out of that module, so that the source is read once. Started by the shims that collect.ts puts first
// on PATH:   node record-cc.ts CLANG ARGUMENT...
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, extname, join, relative, resolve } from "node:path";
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
const { LLMC_RECORD_DIR, LLMC_RECORD_ROOT } = process.env;
const isRecorded =
  compile !== null &&
  LLMC_RECORD_DIR !== undefined &&
  LLMC_RECORD_ROOT !== undefined &&
  record(compile, { folder: LLMC_RECORD_DIR, root: LLMC_RECORD_ROOT });
if (!isRecorded) {
  const all = compile ? [...args, ...LENIENT_FLAGS] : args;
  process.exitCode = spawnSync(clang, all, { stdio: "inherit" }).status ?? 1;
}

/** Whether both the module and the object were made; if not, the build's own command says why. */
function record(unit: Compile, { folder, root }: { folder: string; root: string }): boolean {
  const path = relative(root, resolve(unit.source));
  const cwd = relative(root, process.cwd());
  if (path.startsWith("..")) return false;
  const id = contentHash(JSON.stringify([cwd, path, unit.flags])).slice(0, 16);
  const bitcode = join(folder, `${id}.bc`);
  if (existsSync(bitcode)) return false;
  const temporary = join(folder, `.${id}.${process.pid}.tmp`);
  const object = valueOf("-o") ?? `${basename(unit.source, extname(unit.source))}.o`;
  const place = { cwd: process.cwd(), root, bitcode: temporary };
  const isMade =
    succeeds([...recordArguments(unit, place), ...dependencyFlags(object)]) &&
    succeeds(["-w", "-O0", "-c", "-x", "ir", temporary, "-o", object]);
  if (!isMade) {
    rmSync(temporary, { force: true });
    return false;
  }
  const flags = portableFlags(unit.flags, root);
  writeFileAtomic(
    join(folder, `${id}.json`),
    JSON.stringify({ path, language: unit.language, flags, cwd }),
  );
  renameSync(temporary, bitcode);
  return true;
}

function succeeds(command: readonly string[]): boolean {
  return spawnSync(clang, command, { stdio: "ignore" }).status === 0;
}

function valueOf(option: string): string | undefined {
  const at = args.lastIndexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** The build's -M options, with the file and target that clang would take from the object's name. */
function dependencyFlags(object: string): string[] {
  const own = args.flatMap((arg, i) =>
    /^-(M(D|MD|P|G|V)|MF.+|M[TQ].+|Wp,-M.*)$/.test(arg)
      ? [arg]
      : /^-M[FTQ]$/.test(arg)
        ? [arg, args[i + 1] ?? ""]
        : [],
  );
  if (!own.some((flag) => /^-(Wp,-)?MM?D/.test(flag))) return own;
  const file = own.some((flag) => /^-(MF|Wp,-M)/.test(flag)) ? [] : ["-MF", object.replace(/\.[^./]*$/, ".d")];
  const target = own.some((flag) => /^-M[TQ]/.test(flag)) ? [] : ["-MQ", object];
  return [...own, ...file, ...target];
}
