// How an unpacked source tree is most likely built, as lists of shell commands tried in order until one of
// them gets modules recorded. Debian's own rules are not used: they pull in hundreds of build dependencies.

const MAKE = "make -k";
const CONFIGURE_OPTIONS = "--disable-nls --disable-dependency-tracking";
// No common name turns a project's tests off; a name that a project does not know is only warned about.
const CMAKE_OPTIONS = [
  "-DCMAKE_BUILD_TYPE= -DBUILD_SHARED_LIBS=OFF -DFETCHCONTENT_FULLY_DISCONNECTED=ON",
  "-DBUILD_TESTING=OFF -DBUILD_TESTS=OFF -DENABLE_TESTS=OFF -DFMT_TEST=OFF -DSNAPPY_BUILD_TESTS=OFF",
  "-DLEVELDB_BUILD_TESTS=OFF -DBOX2D_BUILD_UNIT_TESTS=OFF -DBOX2D_BUILD_TESTBED=OFF",
].join(" ");

export interface Attempt {
  name: string;
  /** One shell line, run in the tree's root. */
  script: string;
}

/** The attempts worth making, judged by the names of the files in the tree's root. */
export function buildAttempts(rootFiles: readonly string[]): Attempt[] {
  const has = (...names: string[]) => names.some((name) => rootFiles.includes(name));
  const attempts: Attempt[] = [];
  const add = (name: string, script: string) => attempts.push({ name, script });
  const configure = `./configure ${CONFIGURE_OPTIONS} || ./configure; ${MAKE}`;
  if (has("Kconfig", "Config.in") && has("Makefile")) add("kconfig", `make defconfig && ${MAKE}`);
  if (has("CMakeLists.txt")) {
    add(
      "cmake",
      `cmake -S . -B recorded -G 'Unix Makefiles' ${CMAKE_OPTIONS} && ${MAKE} -C recorded`,
    );
  }
  // After cmake, which asks the compiler far fewer questions before it begins.
  if (has("configure")) add("configure", `sh -c '${configure}'`);
  if (has("meson.build")) add("meson", "meson setup recorded && ninja -C recorded -j1 -k0");
  if (has("configure.ac", "configure.in") && !has("configure")) {
    add("autoreconf", `(autoreconf -fi || ./autogen.sh) && sh -c '${configure}'`);
  }
  if (has("Makefile", "makefile", "GNUmakefile")) add("make", MAKE);
  if (has("src")) add("make in src", `${MAKE} -C src`);
  return attempts;
}
