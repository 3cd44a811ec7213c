import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolchain } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { LAST_ATTEMPT, buildAttempts } from "./attempts.ts";

test.each([
  [
    ["configure", "Makefile", "src"],
    ["configure", "make", "make in src"],
  ],
  [
    ["CMakeLists.txt", "configure"],
    ["cmake", "configure"],
  ],
  [
    ["CMakeLists.txt", "configure.ac"],
    ["cmake", "autoreconf"],
  ],
  [
    ["Config.in", "Makefile"],
    ["kconfig", "make"],
  ],
  [["meson.build"], ["meson"]],
  [["Configure", "config"], ["config"]],
  [["Configure", "Makefile.SH"], ["Configure"]],
  [
    ["Makefile.linux", "debian"],
    ["make for unix", "debian rules"],
  ],
  [["README"], []],
])("buildAttempts tries %j in order when the root holds them", (files, names) => {
  expect(buildAttempts(files).map((attempt) => attempt.name)).toEqual(names);
});

/** Runs a script with a compiler that notes the sources it was given. */
function runScript(folder: string, script: string): string[] {
  const log = join(folder, "compiled.log");
  const cc = join(folder, "cc.sh");
  writeFileSync(cc, `#!/bin/sh\n"${toolchain.bin}/clang" "$@" && echo "$@" >>"${log}"\n`, {
    mode: 0o755,
  });
  const env = { PATH: process.env["PATH"] ?? "", CC: cc, CXX: cc, LC_ALL: "C" };
  spawnSync("sh", ["-c", script], { cwd: folder, env, stdio: "ignore" });
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return lines.flatMap((line) => /-c (\S+)/.exec(line)?.[1] ?? []);
}

test("LAST_ATTEMPT compiles sources whose headers are elsewhere, made by the build, or not there", () => {
  const folder = tempFolder({
    "include/deep/a.h": "int a(void);\n",
    "config.h.in": "#undef HAVE_X\n",
    "src/a.c":
      '#include "config.h"\n#include "a.h"\n#include <no/such.h>\nint a(void) { return 1; }\n',
    "src/broken.c": "int b( {\n",
    "debian/left-out.c": "int c;\n",
  });
  expect(runScript(folder, LAST_ATTEMPT.script)).toEqual(["./src/a.c"]);
  expect(existsSync(join(folder, "made-up/no/such.h"))).toBe(true);
});

test("buildAttempts asks a configure once more only when it refused an option", () => {
  const configure = (words: string): string =>
    `#!/bin/sh\necho asked >>asked\n[ $# = 0 ] && exit 0\necho '${words}'; exit 1\n`;
  const asked = (words: string): number => {
    const folder = tempFolder({ configure: configure(words) });
    chmodSync(join(folder, "configure"), 0o755);
    runScript(folder, buildAttempts(["configure"])[0]?.script ?? "");
    return readFileSync(join(folder, "asked"), "utf8").split("\n").length - 1;
  };
  expect(asked("Unknown option --disable-nls")).toBe(2);
  expect(asked("error: libfoo not found")).toBe(1);
});

test("buildAttempts gives config.status the input files that are not there", () => {
  const status =
    "#!/bin/sh\nfor f in doc/Makefile.in man/Makefile.in; do\n" +
    '[ -e $f ] || { echo "config.status: error: cannot find input file: \\`$f\'" >&2; exit 1; }; done\necho made >made\n';
  const folder = tempFolder({ "configure": "#!/bin/sh\n", "config.status": status });
  for (const name of ["configure", "config.status"]) chmodSync(join(folder, name), 0o755);
  runScript(folder, buildAttempts(["configure"])[0]?.script ?? "");
  expect(existsSync(join(folder, "made"))).toBe(true);
});
