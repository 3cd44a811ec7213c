// How an unpacked source tree is most likely built, as lists of shell commands tried in order until one of
// them gets modules recorded. Debian's own rules come late: without hundreds of build dependencies they stop at once.

import { RECORDS_VARIABLE } from "./shims.ts";

const MAKE = "make -k";
const CONFIGURE_OPTIONS = "--disable-nls --disable-dependency-tracking";
// No common name turns a project's tests off; a name that a project does not know is only warned about.
const CMAKE_OPTIONS = [
  "-DCMAKE_BUILD_TYPE= -DBUILD_SHARED_LIBS=OFF -DFETCHCONTENT_FULLY_DISCONNECTED=ON",
  "-DBUILD_TESTING=OFF -DBUILD_TESTS=OFF -DENABLE_TESTS=OFF -DFMT_TEST=OFF -DSNAPPY_BUILD_TESTS=OFF",
  "-DLEVELDB_BUILD_TESTS=OFF -DBOX2D_BUILD_UNIT_TESTS=OFF -DBOX2D_BUILD_TESTBED=OFF",
].join(" ");

// Debian takes manuals under other licences out of the sources, and config.status stops at their Makefile.in.
const MAKE_UP_MISSING_INPUTS = [
  "for i in 1 2 3 4 5; do ./config.status >config.status.log 2>&1 && break",
  'f=$(sed -n "s/.*cannot find input file: .\\(.*\\).$/\\1/p" config.status.log | head -n 1)',
  '[ -n "$f" ] || break',
  'mkdir -p "$(dirname "$f")"; printf "all:\\n%%:\\n\\t@:\\n" > "$f"; done',
].join("; ");

// FFmpeg and its like have a configure of their own that refuses options it does not know. Others are not asked twice:
// what they miss the first time they miss the second, after minutes.
const CONFIGURE = [
  `./configure ${CONFIGURE_OPTIONS} >configure.said 2>&1; said=$?; cat configure.said`,
  '[ "$said" = 0 ] || ! grep -Eqi "(unknown|invalid|bad|illegal) option|x86asm" configure.said ||',
  "./configure || ./configure --disable-x86asm --disable-doc || ./configure --disable-asm",
].join("\n");
const CONFIGURE_AND_MAKE = [
  CONFIGURE,
  `[ ! -x config.status ] || { ${MAKE_UP_MISSING_INPUTS}; }`,
  MAKE,
].join("\n");

const MAX_SOURCES = 1_500;
const MAX_INCLUDE_FOLDERS = 60;
// What is left when nothing else works: each source by itself that is not recorded yet, with every folder of headers to find them in, the
// configuration in which nothing is there, and empty files in place of headers that are made by the build or belong to
// other packages. Sources that need more than that do not compile, and are not recorded.
const EACH_SOURCE = String.raw`
find . -name '*.h.in' | while read -r h; do [ -e "$\{h%.in}" ] || cp "$h" "$\{h%.in}"; done
folders=$(find . -name '*.h' -not -path './debian/*' | sed 's|/[^/]*$||' | sort | uniq -c | sort -rn)
recorded=$(cat "$${RECORDS_VARIABLE}"/*.json 2>/dev/null)
I=$(echo "$folders" | head -n ${MAX_INCLUDE_FOLDERS} | sed 's|^ *[0-9]* |-I|')
compile() {
  for try in 1 2 3 4 5 6; do
    "$1" -I. $I -idirafter made-up -c "$2" -o /dev/null 2>said && return
    h=$(sed -n "s/.*fatal error: '\(.*\)' file not found.*/\1/p" said | head -n 1)
    case "$h" in ""|/*|*..*) cat said; return;; esac
    mkdir -p "made-up/$(dirname "$h")"; : >"made-up/$h"
  done
}
find . '(' -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.cxx' ')' -not -path './debian/*' | sort |
head -n ${MAX_SOURCES} | while read -r f; do
  case "$recorded" in *"\"path\":\"$\{f#./}\""*) continue;; esac
  case "$f" in *.c) compile "$CC" "$f";; *) compile "$CXX" "$f";; esac
done`.replaceAll("\\{", "{");

export interface Attempt {
  name: string;
  /** Shell commands, run in the tree's root. */
  script: string;
}

/** The attempts worth making, judged by the names of the files in the tree's root. */
export function buildAttempts(rootFiles: readonly string[]): Attempt[] {
  const has = (...names: string[]) => names.some((name) => rootFiles.includes(name));
  const attempts: Attempt[] = [];
  const add = (name: string, script: string) => attempts.push({ name, script });
  if (has("Kconfig", "Config.in") && has("Makefile")) add("kconfig", `make defconfig && ${MAKE}`);
  if (has("CMakeLists.txt")) {
    add(
      "cmake",
      `cmake -S . -B recorded -G 'Unix Makefiles' ${CMAKE_OPTIONS} && ${MAKE} -C recorded`,
    );
  }
  // After cmake, which asks the compiler far fewer questions before it begins.
  if (has("configure")) add("configure", CONFIGURE_AND_MAKE);
  else if (has("Configure") && has("config")) {
    // OpenSSL, which shares only the name with the next.
    add("config", `./config no-asm no-tests && make build_generated; ${MAKE}`);
  } else if (has("Configure")) add("Configure", `sh ./Configure -des -Dcc="$CC"; ${MAKE}`);
  if (has("meson.build")) add("meson", "meson setup recorded && ninja -C recorded -j1 -k0");
  if (has("configure.ac", "configure.in") && !has("configure")) {
    const make = "NOCONFIGURE=1 ./autogen.sh || ./bootstrap --skip-po --no-git || ./bootstrap";
    add("autoreconf", `autoreconf -fi || ${make}\n${CONFIGURE_AND_MAKE}`);
  }
  if (has("Makefile", "makefile", "GNUmakefile")) add("make", MAKE);
  const other = rootFiles.find((name) => /^makefile[.-](linux|unix|gcc|gnu)/i.test(name));
  if (other !== undefined) add("make for unix", `${MAKE} -f ${other}`);
  if (has("src")) add("make in src", `${MAKE} -C src`);
  if (has("debian")) {
    add("debian rules", "DEB_BUILD_OPTIONS='nocheck nodoc noopt' debian/rules build");
  }
  return attempts;
}

/** The last thing to try, for trees of which almost nothing was recorded. */
export const LAST_ATTEMPT: Attempt = { name: "each source alone", script: EACH_SOURCE };
