/**
 * Which LLVM is used: its shared library and its programs. 22 is the default, 19 the fall-back; 17 to 22 are accepted.
 */

import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

export interface Toolchain {
  readonly major: number;
  /** The folder with clang, opt, llc, ld.lld and their like. */
  readonly bin: string;
  readonly library: string;
}

/** Tried in this order when nothing is asked for: 22 measured best, 19 is in Debian 12 itself. */
const PREFERENCE = [22, 19, 21, 20, 18, 17];
export const SUPPORTED_MAJORS: readonly number[] = PREFERENCE.toSorted((a, b) => a - b);

const INSTALL_HINT =
  "run `llmc doctor` to see what was looked for, or install it: apt install llvm-22 clang-22 lld-22";

export type Found =
  | { readonly status: "found"; readonly toolchain: Toolchain }
  | { readonly status: "missing"; readonly message: string };

/**
 * Finds LLVM. `wanted`: a major version ("22") or the root folder of an installation ("/usr/lib/llvm-22"); undefined
 * takes the best one installed. `roots` are the folders searched for `llvm-N`.
 */
export function findToolchain(wanted?: string, roots: readonly string[] = DEFAULT_ROOTS): Found {
  if (wanted === undefined || wanted === "") {
    const toolchain = firstFound(PREFERENCE, (major) => probeMajor(major, roots));
    return toolchain
      ? { status: "found", toolchain }
      : missing(`no LLVM ${PREFERENCE.join(", ")} found`);
  }
  if (!/^\d+(\.\d+)*$/.test(wanted)) {
    const toolchain = probeFolder(wanted);
    return toolchain
      ? { status: "found", toolchain }
      : missing(`no LLVM with opt and libLLVM under "${wanted}"`);
  }
  const major = Number.parseInt(wanted, 10);
  if (!SUPPORTED_MAJORS.includes(major)) {
    return missing(
      `LLVM ${wanted} is not a version this program knows; it knows ${SUPPORTED_MAJORS.join(", ")}`,
    );
  }
  const toolchain = probeMajor(major, roots);
  return toolchain ? { status: "found", toolchain } : missing(`LLVM ${major} is not installed`);
}

/** Every supported LLVM that is installed, newest first. */
export function installedToolchains(roots: readonly string[] = DEFAULT_ROOTS): Toolchain[] {
  return SUPPORTED_MAJORS.toReversed().flatMap((major) => probeMajor(major, roots) ?? []);
}

export const DEFAULT_ROOTS: readonly string[] = ["/usr/lib", "/usr/local/lib", "/opt"];

const missing = (what: string): Found => ({
  status: "missing",
  message: `${what}; ${INSTALL_HINT}`,
});

function probeMajor(major: number, roots: readonly string[]): Toolchain | undefined {
  return firstFound(roots, (root) => {
    const folder = join(root, `llvm-${major}`);
    return probe(folder, { major, libraryFolders: [join(folder, "lib"), ...multiarchFolders()] });
  });
}

/**
 * An installation whose version its own library tells; where the library lies elsewhere, as on Debian, the name of the
 * folder tells. Without that, any LLVM of the machine would be taken for this folder's.
 */
function probeFolder(folder: string): Toolchain | undefined {
  const own = firstFound(SUPPORTED_MAJORS.toReversed(), (major) =>
    probe(folder, { major, libraryFolders: [join(folder, "lib")] }),
  );
  const named = Number(/^llvm-(\d+)$/.exec(basename(resolve(folder)))?.[1]);
  if (own !== undefined || !SUPPORTED_MAJORS.includes(named)) return own;
  return probe(folder, { major: named, libraryFolders: multiarchFolders() });
}

function firstFound<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function probe(
  folder: string,
  { major, libraryFolders }: { major: number; libraryFolders: readonly string[] },
): Toolchain | undefined {
  const bin = join(folder, "bin");
  if (!existsSync(join(bin, "opt"))) return undefined;
  const library = libraryFolders.flatMap((lib) => libraryIn(lib, major))[0];
  return library === undefined ? undefined : { major, bin, library };
}

/** Debian puts the shared library into the multiarch folder, beside a link in llvm-N/lib that may be absent. */
function multiarchFolders(): string[] {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"].filter((path) =>
    existsSync(path),
  );
}

function libraryIn(folder: string, major: number): string[] {
  if (!existsSync(folder)) return [];
  // libLLVM.so.22.1 (18 and later), libLLVM-17.so.1, libLLVM-17.so
  const name = new RegExp(
    `^libLLVM(?:-${major})?\\.so\\.${major}(?:\\.\\d+)*$|^libLLVM-${major}\\.so(?:\\.1)?$`,
  );
  return readdirSync(folder)
    .filter((file) => name.test(file))
    .toSorted()
    .map((file) => join(folder, file));
}
