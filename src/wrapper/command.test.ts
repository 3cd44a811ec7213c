import { expect, test } from "vitest";
import { backEndArguments, backEndFlags, frontEndArguments, parseUnit } from "./command.ts";

const words = (line: string): string[] => line.split(" ");
const unitOf = (line: string) => parseUnit(words(line), "/w");

test.each([
  ["-Oz -c a.c", "a.o"],
  ["-O2 -Oz -c dir/a.b.c", "a.b.o"],
  ["-Os -c a.cc -o out/x.o", "out/x.o"],
  ["-Os -oout/x.o -c a.c", "out/x.o"],
  ["-Oz -g -fPIC -MD -MF a.d -Wall -Wa,--noexecstack -c a.c", "a.o"],
])("parseUnit takes %s for the cache and knows that it makes %s", (line, output) => {
  expect(unitOf(line)).toMatchObject({ isForSize: true, output });
});

test.each(
  words(
    "-O2 -flto -flto=thin -fsanitize=address -fprofile-generate --coverage -pg -save-temps -gsplit-dwarf " +
      "-Xclang -mllvm -Wa,-al -fno-integrated-as -Rpass=inline -ftime-report -fplugin=x.so -v -m32 -target " +
      "--target=arm-linux -fmodules -finstrument-functions -grecord-command-line -dM -MJ",
  ),
)("parseUnit leaves an -Oz command to clang when it holds %s", (flag) => {
  expect(parseUnit(["-Oz", flag, "x", "-c", "a.c"], "/w")?.isForSize ?? false).toBe(false);
  expect(parseUnit(["-Oz", "-c", "a.c", flag], "/w")?.isForSize ?? false).toBe(false);
});

test.each([
  "-Oz a.c -o a",
  "-Oz -E -c a.c",
  "-Oz -S a.c",
  "-Oz -c a.c b.c",
  "-Oz -c -",
  "-Oz -c a.S",
  "-Oz -c -- a.c",
  "-Oz -c -x assembler a.c",
  "-Oz -c conftest.c",
  "-Oz -c t.c -o CMakeFiles/CMakeTmp/t.o",
  "",
])("parseUnit is null when the command is '%s'", (line) => {
  expect(unitOf(line)).toBeNull();
});

test("parseUnit is null where a build system tries its compiler", () => {
  expect(parseUnit(words("-Oz -c testfile.c"), "/b/meson-private/tmp1")).toBeNull();
});

function frontEnd(line: string): string {
  const unit = unitOf(line);
  if (unit === null) throw new Error(`no unit: ${line}`);
  return frontEndArguments(words(line), unit).join(" ");
}

test("frontEndArguments names the dependency file and target of the user's object when the command leaves them out", () => {
  const tail = "-Xclang -disable-llvm-passes -emit-llvm -o";
  expect(frontEnd("-Oz -MMD -c a.c -o o/a.x.o")).toBe(
    `-Oz -MMD -c a.c -MF o/a.x.d -MQ o/a.x.o ${tail}`,
  );
  expect(frontEnd("-Oz -MD -MF d -MT t -c a.c")).toBe(`-Oz -MD -MF d -MT t -c a.c ${tail}`);
  expect(frontEnd("-Oz -Wp,-MD,d -c a.c")).toBe(`-Oz -Wp,-MD,d -c a.c -MQ a.o ${tail}`);
  expect(frontEnd("-Oz -Wa,--noexecstack -c a.c -oa.o")).toBe(`-Oz -c a.c ${tail}`);
});

test("backEndFlags keeps what shapes the object and drops what shaped the module", () => {
  const line =
    "-std=c11 -Oz -g -gz -DX -D Y -I i -include c.h -isystem s -Wall -Werror -w -MD -MF d " +
    "-fPIC -ffunction-sections -mcmodel=large -Wa,--noexecstack -c a.c -o a.o";
  const unit = unitOf(line);
  expect(unit && backEndFlags(words(line), unit)).toEqual(
    words("-Oz -g -gz -fPIC -ffunction-sections -mcmodel=large -Wa,--noexecstack"),
  );
});

test("backEndArguments runs no pass on bitcode that is optimised already", () => {
  const args = backEndArguments(["-Oz"], { bitcode: "a.bc", object: "a.o" });
  expect(args.join(" ")).toContain("-Xclang -disable-llvm-passes");
  expect(args.slice(-5)).toEqual(words("-x ir a.bc -o a.o"));
});
