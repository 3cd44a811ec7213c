/** Where results go: one file whose suffix says what it is, or a folder with one file a module. Checked before any work. */

import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
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
  ".o": "object", ".obj": "object", ".s": "assembly", ".S": "assembly", ".ll": "ir", ".bc": "bitcode",
};

/** `target`: what follows -o; undefined writes nothing. Creates the folder, so that failing to is known now. */
export function planOutputs(target: string | undefined, inputs: readonly Input[]): Outputs {
  if (target === undefined) return { ok: true, outputFor: () => undefined };
  const isFolder = target.endsWith("/") || (statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false);
  return isFolder ? planFolder(target, inputs) : planFile(target, inputs);
}

function planFile(path: string, inputs: readonly Input[]): Outputs {
  const as = KIND_OF_SUFFIX[extname(path)];
  if (as === undefined) {
    return refuse(`-o ${path}: cannot tell what to write by its suffix; want .o, .s, .ll or .bc, or a folder (ending in "/")`);
  }
  if (inputs.length > 1) {
    return refuse(`-o ${path}: one file for ${inputs.length} modules; give a folder (ending in "/")`);
  }
  const source = inputs.find((input) => resolve(input.path) === resolve(path));
  if (source !== undefined) return refuse(`-o ${path}: would overwrite its own input`);
  const problem = unwritable(dirname(resolve(path))) ?? (existsSync(path) ? unwritable(path) : undefined);
  return problem === undefined ? { ok: true, outputFor: () => ({ path, as }) } : refuse(`-o ${path}: ${problem}`);
}

function planFolder(folder: string, inputs: readonly Input[]): Outputs {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return refuse(`-o ${folder}: cannot be created: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problem = unwritable(folder);
  if (problem !== undefined) return refuse(`-o ${folder}: ${problem}`);
  const taken = new Map<string, Input>();
  for (const input of inputs) {
    const other = taken.get(input.stem);
    if (other !== undefined) {
      return refuse(`-o ${folder}: ${other.name} and ${input.name} would both become ${input.stem}.o; optimise them apart`);
    }
    taken.set(input.stem, input);
  }
  return { ok: true, outputFor: (input) => ({ path: join(folder, `${input.stem}.o`), as: "object" }) };
}

function unwritable(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch {
    return existsSync(path) ? `no permission to write ${path}` : `the folder ${path} does not exist`;
  }
}

const refuse = (message: string): Outputs => ({ ok: false, message });
