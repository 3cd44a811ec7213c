/** A user's programs: what lies in a folder or is named by a compile_commands.json, not yet compiled. */

import { basename, dirname, extname, relative, resolve } from "node:path";
import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { resolveInputs } from "../optimize/inputs.ts";
import { loadInput } from "../optimize/load.ts";

export interface FolderSource {
  /** Path below the folder; with a number behind it where a database compiles a file twice. */
  readonly id: string;
  /** The first folder below the one given, or that one's name. */
  readonly package: string;
  readonly language: string;
  /** Before any pass; who asks unloads it. */
  readonly load: (pool: Pool) => Promise<Outcome<LoadedModule>>;
  /**
   * Of what was loaded, SHA-256 of a bitcode file's bitcode, as labels name modules; else of the normal form: what is made of a source or
   * of text tells by which path that was read, and cases are drawn by the hash.
   */
  readonly hash: (pool: Pool, module: LoadedModule) => Promise<Outcome<string>>;
}

export type FolderSources =
  | { readonly ok: true; readonly sources: readonly FolderSource[] }
  | { readonly ok: false; readonly message: string };

export function folderSources(path: string): FolderSources {
  const inputs = resolveInputs([path], []);
  if (!inputs.ok) return inputs;
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = resolve(isFolder ? path : dirname(path));
  const seen = new Map<string, number>();
  const sources = inputs.inputs.map((input): FolderSource => {
    const below = relative(folder, resolve(input.path));
    const nth = (seen.get(below) ?? 0) + 1;
    seen.set(below, nth);
    return {
      id: nth === 1 ? below : `${below}#${nth}`,
      package: packageOf(below, folder),
      language: LANGUAGE_OF_SUFFIX[extname(below)] ?? "c++",
      load: (pool) => loadInput(pool, input),
      hash: extname(input.path) === ".bc" ? hashOfBitcode : hashOfNormalForm,
    };
  });
  return { ok: true, sources };
}

/** Every other suffix that `resolveInputs` takes is of C++. */
const LANGUAGE_OF_SUFFIX: Readonly<Record<string, string>> = {
  ".c": "c",
  ".ll": "ir",
  ".bc": "ir",
};

function packageOf(below: string, folder: string): string {
  const [first = "", ...rest] = below.split("/");
  return rest.length === 0 || first === ".." ? basename(folder) : first;
}

const hashOfBitcode: FolderSource["hash"] = async (_, { info }) => ok(hash("sha256", info.bitcode));

const hashOfNormalForm: FolderSource["hash"] = async (pool, module) => {
  const normal = await pool.normalize(module);
  return normal.status === "ok" ? ok(hash("sha256", normal.value.text)) : normal;
};
