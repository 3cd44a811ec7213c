/**
 * GCC's torture tests (gcc/testsuite/gcc.c-torture/execute) out of Debian's gcc source package, fetched once. The
 * builtins/ folder is not taken: its tests are several files each and replace parts of the C library.
 */

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../../base/run-command.ts";
import type { Program, Suite, SuiteContext } from "../suite.ts";
import { dropAptFiles, fetchTarball } from "./debian-source.ts";

/** In Debian 12; its .orig.tar.gz (87 MB) holds gcc-12.2.0-dfsg.tar.xz, of which 7 MB are these tests. */
const PACKAGE = "gcc-12";
const TESTS = "gcc/testsuite/gcc.c-torture/execute";
const TIME_LIMIT_SECONDS = 5;
const LIMITS = { timeoutMs: 600_000, maxOutputBytes: 16 << 20 };
const FOLDERS = ["", "ieee"];

/** Old C: clang makes errors of what these programs were allowed to do. */
const FLAGS = [
  "-std=gnu17", "-w", "-Wno-implicit-function-declaration", "-Wno-implicit-int", "-Wno-int-conversion",
  "-Wno-incompatible-pointer-types", "-Wno-incompatible-function-pointer-types", "-Wno-return-type",
];
/** A test asks for these in a comment; what else it asks for is about GCC itself. */
const HEEDED = /^(?:-fwrapv|-fno-strict-aliasing|-fno-builtin\S*|-fno-delete-null-pointer-checks|-fsigned-char|-funsigned-char|-fno-strict-overflow|-std=\S+|-fcommon|-fnon-call-exceptions|-ffast-math|-fno-math-errno|-frounding-math|-D\S+)$/;

export const gccTorture: Suite = {
  name: "gcc-torture",
  about: "the c-torture execute programs of GCC, from Debian's source package",
  async programs(context) {
    const folder = join(context.cache, "gcc-torture", PACKAGE);
    const problem = existsSync(folder) ? undefined : await fetchTests(context, folder);
    if (problem !== undefined) return { status: "unavailable", why: `gcc-torture: ${problem.message}` };
    return { status: "available", programs: FOLDERS.flatMap((sub) => programsIn(folder, sub)) };
  },
};

async function fetchTests({ cache, onProgress }: SuiteContext, folder: string): Promise<Error | undefined> {
  const work = join(cache, "gcc-torture", "fetching");
  mkdirSync(work, { recursive: true });
  onProgress?.("gcc-torture: fetching GCC's source package (87 MB)");
  const tarball = await fetchTarball(PACKAGE, work);
  if (tarball instanceof Error) return tarball;
  onProgress?.("gcc-torture: unpacking");
  const unpacked = await unpackTests(tarball, work);
  dropAptFiles(work);
  if (unpacked instanceof Error) return unpacked;
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(unpacked, folder);
  rmSync(work, { recursive: true, force: true });
  return undefined;
}

/** A tarball in a tarball; gives the folder of the tests. */
async function unpackTests(tarball: string, work: string): Promise<string | Error> {
  const outer = await tar(["-xf", tarball, "-C", work, "--wildcards", "*/gcc-*-dfsg.tar.*"]);
  if (outer !== undefined) return outer;
  const inner = findBelow(work, (name) => /^gcc-.*-dfsg\.tar\.\w+$/.test(name));
  if (inner === undefined) return new Error(`no gcc-*-dfsg.tar.* inside ${tarball}`);
  const failed = await tar(["-xf", inner, "-C", work, "--wildcards", `*/${TESTS}/*`]);
  if (failed !== undefined) return failed;
  const root = readdirSync(work).map((name) => join(work, name, TESTS)).find((path) => existsSync(path));
  return root ?? new Error(`no ${TESTS} inside ${inner}`);
}

async function tar(args: readonly string[]): Promise<Error | undefined> {
  const run = await runCommand("tar", args, LIMITS);
  if (run.status === "exited" && run.code === 0) return undefined;
  return new Error(`tar: ${run.status === "failed" ? run.message : run.stderr.trim()}`);
}

function findBelow(folder: string, isWanted: (name: string) => boolean): string | undefined {
  const entry = readdirSync(folder, { recursive: true, withFileTypes: true }).find(({ name }) => isWanted(name));
  return entry === undefined ? undefined : join(entry.parentPath, entry.name);
}

function programsIn(folder: string, sub: string): Program[] {
  const names = readdirSync(join(folder, sub)).filter((name) => name.endsWith(".c")).toSorted();
  return names.map((name) => {
    const path = join(folder, sub, name);
    return {
      name: join(sub, name), path, language: "c", flags: [...FLAGS, ...askedFlags(readFileSync(path, "latin1"))],
      includes: "", timeLimitSeconds: TIME_LIMIT_SECONDS,
    };
  });
}

/** From `{ dg-options "..." }` and `{ dg-additional-options "..." }` without a condition on the target. */
export function askedFlags(source: string): string[] {
  const asked = [...source.matchAll(/\{\s*dg-(?:additional-)?options\s+"([^"]*)"\s*\}/g)];
  return asked.flatMap(([, flags = ""]) => flags.split(/\s+/)).filter((flag) => HEEDED.test(flag));
}
