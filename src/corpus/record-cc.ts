/**
 * The recording compiler, a process of its own: writes the module of the source into the folder of records, and the
 * object that the build asked for out of that module, so that the source is read once. Started by the scripts that
 * `writeShims` makes:   node record-cc.ts CLANG RECORDS ROOT ARGUMENT...
 */

import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, extname, join, relative, resolve } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import {
  type Compile,
  LENIENT_FLAGS,
  parseCompile,
  portableFlags,
  recordArguments,
} from "./recorder.ts";

interface Place {
  readonly clang: string;
  readonly folder: string;
  readonly root: string;
}

function main([clang = "clang", folder = "", root = "", ...args]: readonly string[]): number {
  const compile = parseCompile(args);
  if (compile !== null && folder !== "" && record(compile, args, { clang, folder, root })) return 0;
  // What cannot be recorded is the build's own affair, and its words are the build's to see.
  const all = compile === null ? args : [...args, ...LENIENT_FLAGS];
  return spawnSync(clang, all, { stdio: "inherit" }).status ?? 1;
}

/** Whether both the module and the object were made. */
function record(unit: Compile, args: readonly string[], { clang, folder, root }: Place): boolean {
  const path = relative(root, resolve(unit.source));
  const cwd = relative(root, process.cwd());
  if (path.startsWith("..")) return false;
  const id = contentHash(JSON.stringify([cwd, path, unit.flags])).slice(0, 16);
  const bitcode = join(folder, `${id}.bc`);
  if (existsSync(bitcode)) return false;
  const temporary = join(folder, `.${id}.${process.pid}.tmp`);
  const object = valueOf("-o", args) ?? `${basename(unit.source, extname(unit.source))}.o`;
  const place = { cwd: process.cwd(), root, bitcode: temporary };
  const succeeds = (command: readonly string[]): boolean =>
    spawnSync(clang, command, { stdio: "ignore" }).status === 0;
  const isMade =
    succeeds([...recordArguments(unit, place), ...dependencyFlags(object, args)]) &&
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

function valueOf(option: string, args: readonly string[]): string | undefined {
  const at = args.lastIndexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** The build's -M options, with the file and target that clang would take from the object's name. */
function dependencyFlags(object: string, args: readonly string[]): string[] {
  const own = args.flatMap((arg, i) => {
    if (/^-(M(D|MD|P|G|V)|MF.+|M[TQ].+|Wp,-M.*)$/.test(arg)) return [arg];
    return /^-M[FTQ]$/.test(arg) ? [arg, args[i + 1] ?? ""] : [];
  });
  const has = (pattern: RegExp): boolean => own.some((flag) => pattern.test(flag));
  if (!has(/^-(Wp,-)?MM?D/)) return own;
  const file = has(/^-(MF|Wp,-M)/) ? [] : ["-MF", object.replace(/\.[^./]*$/, ".d")];
  const target = has(/^-M[TQ]/) ? [] : ["-MQ", object];
  return [...own, ...file, ...target];
}

process.exitCode = main(process.argv.slice(2));
