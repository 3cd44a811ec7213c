/**
 * Whole Debian packages built with `llmc cc` beside `clang -Oz`: what is linked and stripped, what the builds take with
 * a cold and a warm cache, and what the packages' own tests say of the result.
 *   node bench/wrapper-packages.ts [WORK FOLDER [PACKAGE...]]
 * Sources come through the apt folder of `llmc corpus add`, upstream tarballs only.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../src/base/files.ts";
import { median, savedPercent, sum } from "../src/base/stats.ts";
import { cacheFolder } from "../src/cli/cache-folder.ts";
import { aptOptions, aptPlace } from "../src/corpus/debian.ts";
import type { Summary } from "../src/wrapper/events.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

interface Package {
  readonly name: string;
  /** The build system, and what of it is a trap for a compiler wrapper. */
  readonly about: string;
  /** Shell text, run in the unpacked source; $CC is the compiler, $JOBS how many at once. */
  readonly build: string;
  readonly test: string;
  /** Linked files, as globs of the shell. */
  readonly binaries: string;
}

const PACKAGES: readonly Package[] = [
  {
    name: "zlib",
    about: "its own configure script, make",
    build: "CFLAGS=-Oz ./configure && make -j$JOBS all",
    test: "make test",
    binaries: "libz.so.1.2.13 example minigzip",
  },
  {
    name: "expat",
    about: "CMake, ninja",
    build:
      "cmake -G Ninja -S expat -B build -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-Oz -DCMAKE_CXX_FLAGS=-Oz -DEXPAT_BUILD_DOCS=OFF && ninja -C build -j$JOBS",
    test: "ctest --test-dir build --output-on-failure",
    binaries: "build/libexpat.so.*.*.* build/xmlwf/xmlwf build/tests/runtests",
  },
  {
    name: "tinyxml2",
    about: "C++, Meson, ninja",
    build:
      "CXXFLAGS=-Oz meson setup --buildtype=plain -Dtests=true build && ninja -C build -j$JOBS",
    test: "meson test -C build --print-errorlogs",
    binaries: "build/libtinyxml2.so.9 build/xmltest",
  },
  {
    name: "cjson",
    about: "CMake, make",
    build:
      "cmake -S . -B build -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-Oz -DENABLE_CJSON_UTILS=On && make -C build -j$JOBS",
    test: "ctest --test-dir build --output-on-failure",
    binaries:
      "build/libcjson.so.*.*.* build/libcjson_utils.so.*.*.* build/cJSON_test build/tests/parse_examples",
  },
  {
    name: "xz-utils",
    about: "autoconf, libtool",
    build: "./configure CFLAGS=-Oz --disable-static --disable-nls --disable-doc && make -j$JOBS",
    test: "make check",
    binaries:
      "src/liblzma/.libs/liblzma.so.*.*.* src/xz/.libs/xz src/xzdec/.libs/xzdec src/xzdec/.libs/lzmadec src/lzmainfo/.libs/lzmainfo",
  },
  {
    name: "libpng1.6",
    about: "autoconf, libtool",
    build:
      "./configure CFLAGS=-Oz --disable-static && make -j$JOBS all && make -j$JOBS check TESTS=",
    test: "make check",
    binaries: ".libs/libpng16.so.*.*.* .libs/pngtest .libs/pngvalid .libs/pngfix .libs/pngstest",
  },
  {
    name: "busybox",
    about: "Kbuild; defconfig without tc, which needs kernel headers of its time",
    build:
      'make defconfig >/dev/null && sed -i \'s/CONFIG_TC=y/# CONFIG_TC is not set/; s/CONFIG_EXTRA_CFLAGS=""/CONFIG_EXTRA_CFLAGS="-Oz"/\' .config && make -j$JOBS CC="$CC" busybox',
    test: "cd testsuite && SKIP_KNOWN_BUGS=1 ./runtest",
    binaries: "busybox",
  },
];

const JOBS = 2;
const ROOT = join(import.meta.dirname, "..");
const CLANG = "/usr/lib/llvm-22/bin/clang";
/** Where `llmc corpus add` keeps apt's lists. */
const APT = join(cacheFolder(), "corpus/apt");
/** The order of the builds: clang before and after ours, so that a machine that slows down shows. */
const BUILDS = ["clang", "cold", "warm", "clang", "warm"] as const;
type Kind = (typeof BUILDS)[number];

interface Timing {
  readonly wall: number;
  /** User and system time of all processes, seconds: other jobs on the machine disturb it less. */
  readonly cpu: number;
}

interface Row {
  readonly name: string;
  readonly about: string;
  /** Bytes of all stripped binaries together: what `size` counts as text + data, and the files. */
  readonly clang: Bytes;
  readonly ours: Bytes;
  readonly times: Record<Kind, Timing[]>;
  readonly tests: { readonly clang: TestRun; readonly ours: TestRun };
  /** After the cold build and both warm ones. */
  readonly stats: Summary;
  /** Whether the warm build linked the same bytes as the cold one. */
  readonly isReproducible: boolean;
}

interface Bytes {
  readonly loaded: number;
  readonly files: number;
  readonly hash: string;
}

interface TestRun {
  readonly code: number;
  /** The lines of the test's own summary. */
  readonly summary: readonly string[];
}

function shell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): { code: number; output: string; timing: Timing } {
  const times = join(cwd, ".times");
  // TIMEFORMAT: wall, user and system seconds of everything in the braces.
  const text = `TIMEFORMAT='%R %U %S'; { time { ${script}; } >.output 2>&1; } 2>"${times}"`;
  const { status } = spawnSync("bash", ["-c", text], { cwd, env: { ...process.env, ...env } });
  const [wall = 0, user = 0, system = 0] = readFileSync(times, "utf8")
    .trim()
    .split(/\s+/)
    .map(Number);
  const output = readFileSync(join(cwd, ".output"), "latin1");
  return { code: status ?? -1, output, timing: { wall, cpu: user + system } };
}

function fetch(name: string, folder: string): string {
  makeFolder(folder);
  const find = (): string | undefined =>
    readdirSync(folder).find(
      (file) => file.startsWith(`${name}_`) && file.includes(".orig.tar") && !file.endsWith(".asc"),
    );
  if (find() === undefined) {
    const apt = aptOptions(aptPlace(APT));
    const options = apt.map((option) => `'${option}'`).join(" ");
    const script = `apt-get ${options} source --download-only --tar-only ${name}`;
    const { code, output } = shell(script, folder, {});
    if (code !== 0) throw new Error(`${name}: apt cannot get its source: ${output}`);
  }
  return join(folder, find() ?? "");
}

/** The same path each time: it is in the objects where a program says __FILE__. */
function unpack(tarball: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder);
  execFileSync("tar", ["xf", tarball, "-C", folder, "--strip-components=1", "--no-same-owner"]);
}

function strippedBytes(item: Package, folder: string): Bytes {
  const script = `rm -rf .stripped; mkdir .stripped; for f in ${item.binaries}; do strip -o .stripped/$(basename $f) $f || exit 1; done; cd .stripped; sha256sum * | sha256sum; size *`;
  const { code, output } = shell(script, folder, {});
  if (code !== 0) throw new Error(`${item.name}: a binary is missing: ${output}`);
  const [hash = "", , ...rows] = output.trim().split("\n");
  const loaded = sum(
    rows
      .map((row) => row.trim().split(/\s+/).map(Number))
      .map(([text = 0, data = 0]) => text + data),
  );
  const stripped = join(folder, ".stripped");
  const files = sum(readdirSync(stripped).map((file) => statSync(join(stripped, file)).size));
  return { loaded, files, hash };
}

function runTests(item: Package, folder: string, env: Readonly<Record<string, string>>): TestRun {
  const { code, output } = shell(item.test, folder, env);
  const summary = output
    .split("\n")
    .filter((line) =>
      /^# (?:TOTAL|PASS|SKIP|XFAIL|FAIL|XPASS|ERROR)|tests passed|test OK|^FAIL|^Ok:|^Fail:|Checks: /i.test(
        line,
      ),
    );
  writeFileAtomic(join(folder, `../${item.name}.test.log`), output);
  return { code, summary: [...new Set(summary)] };
}

function measure(item: Package, work: string): Row {
  const folder = join(work, "build", item.name);
  const cache = join(work, "cache", item.name);
  const tarball = fetch(item.name, join(work, "sources"));
  rmSync(cache, { recursive: true, force: true });
  const env = (kind: Kind): Record<string, string> => ({
    CC: kind === "clang" ? CLANG : `${join(ROOT, "llmc")} cc`,
    CXX: kind === "clang" ? `${CLANG}++` : `${join(ROOT, "llmc")} c++`,
    JOBS: `${JOBS}`,
    LLMC_CACHE: cache,
    LLMC_LLVM: "22",
  });
  const times: Record<Kind, Timing[]> = { clang: [], cold: [], warm: [] };
  const bytes = new Map<Kind, Bytes>();
  const tests = new Map<Kind, TestRun>();
  for (const kind of BUILDS) {
    unpack(tarball, folder);
    const { code, output, timing } = shell(item.build, folder, env(kind));
    writeFileAtomic(join(folder, `../${item.name}.${kind}.log`), output);
    if (code !== 0)
      throw new Error(`${item.name} ${kind}: the build failed:\n${output.slice(-2000)}`);
    times[kind].push(timing);
    say(`${item.name} ${kind}: ${timing.wall.toFixed(1)} s, CPU ${timing.cpu.toFixed(1)} s`);
    const size = strippedBytes(item, folder);
    if (!tests.has(kind) && kind !== "warm") tests.set(kind, runTests(item, folder, env(kind)));
    if (kind === "warm" && size.hash !== bytes.get("cold")?.hash)
      say(`${item.name}: warm differs from cold`);
    bytes.set(kind, size);
  }
  const stats = JSON.parse(
    execFileSync(join(ROOT, "llmc"), ["cc", "--stats", "--json"], {
      env: { ...process.env, ...env("cold") },
      encoding: "utf8",
    }),
  ) as Summary;
  const [clang, ours] = [bytes.get("clang"), bytes.get("cold")];
  const [clangTests, ourTests] = [tests.get("clang"), tests.get("cold")];
  if (
    clang === undefined ||
    ours === undefined ||
    clangTests === undefined ||
    ourTests === undefined
  )
    throw new Error(`${item.name}: a build is missing`);
  return {
    name: item.name,
    about: item.about,
    clang,
    ours,
    times,
    tests: { clang: clangTests, ours: ourTests },
    stats,
    isReproducible: bytes.get("warm")?.hash === ours.hash,
  };
}

const percent = (value: number): string => value.toFixed(2);
const ratio = (timings: readonly Timing[], to: readonly Timing[], of: keyof Timing): string =>
  `${(100 * (median(timings.map((t) => t[of])) / median(to.map((t) => t[of])) - 1)).toFixed(0)} %`;
const seconds = (timings: readonly Timing[]): string =>
  `${median(timings.map(({ wall }) => wall)).toFixed(1)} / ${median(timings.map(({ cpu }) => cpu)).toFixed(1)}`;

function report(rows: readonly Row[]): string {
  const sizes = markdownTable(
    [
      "package",
      "clang -Oz, loaded B",
      "llmc cc, loaded B",
      "saved %",
      "clang -Oz, file B",
      "llmc cc, file B",
      "saved %",
      "modules smaller",
      "fall-backs",
    ],
    rows.map(({ name, clang, ours, stats }) => [
      name,
      clang.loaded,
      ours.loaded,
      percent(savedPercent(clang.loaded, ours.loaded)),
      clang.files,
      ours.files,
      percent(savedPercent(clang.files, ours.files)),
      `${((100 * stats.smaller) / Math.max(1, stats.modules)).toFixed(0)} %`,
      stats.fallbacks,
    ]),
  );
  const times = markdownTable(
    [
      "package",
      "clang -Oz",
      "warm",
      "warm over clang, wall",
      "warm over clang, CPU",
      "cold, wall",
      "warm gives the same bytes as cold",
    ],
    rows.map(({ name, times: t, isReproducible }) => [
      name,
      seconds(t.clang),
      seconds(t.warm),
      ratio(t.warm, t.clang, "wall"),
      ratio(t.warm, t.clang, "cpu"),
      median(t.cold.map(({ wall }) => wall)).toFixed(1),
      isReproducible ? "yes" : "no",
    ]),
  );
  const tests = rows
    .map(({ name, about, tests: { clang, ours } }) => {
      const same = clang.code === ours.code && clang.summary.join() === ours.summary.join();
      return `- **${name}** (${about}): exit ${ours.code}; ${ours.summary.join("; ")}. With clang -Oz: ${same ? "the same" : `exit ${clang.code}; ${clang.summary.join("; ")}`}.`;
    })
    .join("\n");
  return (
    `Upstream sources of Debian 12's packages, built whole with \`-j${JOBS}\` and 10 pass lists a module, stripped. *Loaded*: text + data of \`size\`, all binaries of the package together.\n\n` +
    `${sizes}\nSeconds, wall / user + system, configure and make together; medians. Other jobs kept the machine busy, by turns more and less, so only CPU times compare. A cold build has no CPU time here: the search's workers are ended, not waited for, and nobody counts theirs.\n\n${times}\n` +
    `Their own tests, on what \`llmc cc\` built:\n\n${tests}\n`
  );
}

const [work = join(tmpdir(), "llmc-wrapper-packages"), ...names] = process.argv.slice(2);
const chosen = PACKAGES.filter(({ name }) => names.length === 0 || names.includes(name));
if (!existsSync(join(APT, "debian.sources")))
  throw new Error(`no apt lists in ${APT}; run \`llmc corpus add deb:zlib\` first`);
// One file a package, so that a run that is cut off keeps what it has.
const partial = (name: string): string => join(work, `${name}.json`);
for (const item of chosen) writeFileAtomic(partial(item.name), JSON.stringify(measure(item, work)));
const rows = PACKAGES.flatMap(({ name }) =>
  existsSync(partial(name)) ? [JSON.parse(readFileSync(partial(name), "utf8")) as Row] : [],
);
writeResults("wrapper-packages", { provenance: provenance("22.1.8"), rows }, report(rows));
