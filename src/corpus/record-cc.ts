/**
 * The recording compiler, a process of its own: writes the module of the source into the folder of records, and the
 * object that the build asked for out of that module, so that the source is read once. Started by the scripts that
 * `writeShims` makes:   node record-cc.ts CLANG RECORDS ROOT ARGUMENT...
 */

import { spawnSync } from "node:child_process";
import { basename, extname } from "node:path";
import {
  type Compile,
  LENIENT_FLAGS,
  dependencyDefaults,
  parseCompile,
  recordArguments,
} from "./recorder.ts";
import { pendingRecord } from "./records.ts";

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
  const place = { folder, root, cwd: process.cwd() };
  const pending = pendingRecord(unit, place);
  if (pending === undefined || pending.isKept) return false;
  const { temporary: bitcode } = pending;
  const object = valueOf("-o", args) ?? `${basename(unit.source, extname(unit.source))}.o`;
  const succeeds = (command: readonly string[]): boolean =>
    spawnSync(clang, command, { stdio: "ignore" }).status === 0;
  const isMade =
    succeeds([...recordArguments(unit, { ...place, bitcode }), ...dependencyFlags(object, args)]) &&
    succeeds(["-w", "-O0", "-c", "-x", "ir", bitcode, "-o", object]);
  if (isMade) pending.keep();
  else pending.drop();
  return isMade;
}

function valueOf(option: string, args: readonly string[]): string | undefined {
  const at = args.lastIndexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** The build's -M options, which `recordArguments` leaves out. */
function dependencyFlags(object: string, args: readonly string[]): string[] {
  const own = args.flatMap((arg, i) => {
    if (/^-(M(D|MD|P|G|V)|MF.+|M[TQ].+|Wp,-M.*)$/.test(arg)) return [arg];
    return /^-M[FTQ]$/.test(arg) ? [arg, args[i + 1] ?? ""] : [];
  });
  return [...own, ...dependencyDefaults(own, object)];
}

process.exitCode = main(process.argv.slice(2));
