/** Where results go: one file whose suffix says what it is, or a folder with one file a module. Checked before any work. */

import { accessSync, constants, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { makeFolder } from "../base/files.ts";
import type { EmitKind } from "../llvm/module.ts";
import type { Input } from "./inputs.ts";

export interface Output {
  readonly path: string;
  readonly as: EmitKind;
}

export type Outputs =
  | { readonly ok: true; readonly outputFor: (input: Input) => Output | undefined }
  | { readonly ok: false; readonly message: string };

const KIND_OF_SUFFIX: Record<string, EmitKind> = {
  ".o": "object",
  ".obj": "object",
  ".s": "assembly",
  ".S": "assembly",
  ".ll": "ir",
  ".bc": "bitcode",
};

/** `target`: what follows -o; undefined writes nothing. Creates the folder, so that failing to is known now. */
export function planOutputs(target: string | undefined, inputs: readonly Input[]): Outputs {
  if (target === undefined) return { ok: true, outputFor: () => undefined };
  const isFolder =
    target.endsWith("/") || (statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false);
  const usable = inputs.filter(({ problem }) => problem === undefined);
  return isFolder ? planFolder(target, usable) : planFile(target, usable);
}

function planFile(path: string, inputs: readonly Input[]): Outputs {
  const as = KIND_OF_SUFFIX[extname(path)];
  if (as === undefined) {
    return refuse(
      `-o ${path}: cannot tell what to write by its suffix; want .o, .s, .ll or .bc, or a folder (ending in "/")`,
    );
  }
  if (inputs.length > 1) {
    return refuse(
      `-o ${path}: one file for ${inputs.length} modules; give a folder (ending in "/")`,
    );
  }
  const source = inputs.find((input) => resolve(input.path) === resolve(path));
  if (source !== undefined) return refuse(`-o ${path}: would overwrite its own input`);
  const problem = unwritableFolder(dirname(resolve(path))) ?? readOnlyFile(path);
  return problem === undefined
    ? { ok: true, outputFor: () => ({ path, as }) }
    : refuse(`-o ${path}: ${problem}`);
}

function planFolder(folder: string, inputs: readonly Input[]): Outputs {
  try {
    makeFolder(folder);
  } catch (error) {
    return refuse(
      `-o ${folder}: cannot be created: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const problem = unwritableFolder(folder);
  if (problem !== undefined) return refuse(`-o ${folder}: ${problem}`);
  const taken = new Map<string, Input>();
  for (const input of inputs) {
    const other = taken.get(input.stem);
    if (other !== undefined) {
      return refuse(
        `-o ${folder}: ${other.name} and ${input.name} would both become ${input.stem}.o; optimise them apart`,
      );
    }
    taken.set(input.stem, input);
  }
  return {
    ok: true,
    outputFor: (input) => ({ path: join(folder, `${input.stem}.o`), as: "object" }),
  };
}

/** Tries it: permissions alone do not tell of read-only mounts, of /proc, or of what root may do. */
function unwritableFolder(folder: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return `the folder ${folder} does not exist`;
  if (!stats.isDirectory()) return `${folder} is not a folder`;
  const probe = join(folder, `.llmc-probe.${process.pid}.tmp`);
  try {
    writeFileSync(probe, "");
    rmSync(probe);
    return undefined;
  } catch (error) {
    return `cannot write in ${folder}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function readOnlyFile(path: string): string | undefined {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return undefined;
  } catch {
    return `no permission to write ${path}`;
  }
}

const refuse = (message: string): Outputs => ({ ok: false, message });
