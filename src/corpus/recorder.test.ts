import { expect, test } from "vitest";
import {
  LENIENT_FLAGS,
  levelOf,
  parseCompile,
  portableFlags,
  recordArguments,
} from "./recorder.ts";

test("parseCompile keeps what shapes the module when the command compiles one file", () => {
  const args =
    "-std=gnu11 -DX=1 -D Y -I ../inc -fPIC -O2 -g3 -flto=auto -Wall -Werror -MD -MF a.d -MT a.o " +
    "-Wp,-MD,.a.d -fsanitize=address -march=native -mavx -include config.h -c -o a.o src/a.c";
  expect(parseCompile(args.split(" "))).toEqual({
    source: "src/a.c",
    language: "c",
    flags: "-std=gnu11 -DX=1 -D Y -I ../inc -fPIC -mavx -include config.h".split(" "),
  });
});

test.each([
  ["links", "a.o b.o -o prog"],
  ["preprocesses", "-E -c a.c"],
  ["compiles two files", "-c a.c b.c"],
  ["assembles", "-c a.S"],
  ["reads a response file", "-c a.c @flags"],
  ["already makes bitcode", "-emit-llvm -c a.c"],
  ["names an unknown language", "-x objective-c -c a.c"],
])("parseCompile gives null when the command %s", (_, line) => {
  expect(parseCompile(line.split(" "))).toBeNull();
});

test("parseCompile takes the language from -x before the suffix", () => {
  expect(parseCompile(["-x", "c++", "-c", "a.c"])?.language).toBe("c++");
  expect(parseCompile(["-c", "a.cpp"])?.language).toBe("c++");
});

test("recordArguments asks for an unoptimised -Oz module when given a compile", () => {
  const compile = parseCompile(["-DA", "-O3", "-c", "/w/pkg/src/a.c"]);
  expect(compile).not.toBeNull();
  if (!compile) return;
  const args = recordArguments(compile, { cwd: "/w/pkg/b", root: "/w/pkg", bitcode: "r/1.bc" });
  expect(args).toEqual([
    "-DA",
    ...LENIENT_FLAGS,
    "-ffile-prefix-map=/w/pkg/=",
    "-Oz",
    "-g0",
    "-Xclang",
    "-disable-llvm-passes",
    "-emit-llvm",
    "-c",
    "-x",
    "c",
    "../src/a.c",
    "-o",
    "r/1.bc",
  ]);
});

test("portableFlags names no machine folder when a flag holds the package's root", () => {
  expect(portableFlags(["-I/w/pkg/inc", "-DA"], "/w/pkg")).toEqual(["-I./inc", "-DA"]);
});

test("recordArguments keeps the user's level and paths when told the level and no root", () => {
  const compile = parseCompile(["-O2", "-c", "/w/a.c", "-o/w/a.o"]);
  if (!compile) throw new Error("no compile");
  const args = recordArguments(compile, { cwd: "/w", bitcode: "1.bc", level: "-O2" });
  expect(args).toContain("-O2");
  expect(args).toContain("/w/a.c");
  expect(args.join(" ")).not.toMatch(/-Oz|prefix-map|a\.o/);
});

test("recordArguments leaves functions open to passes when the level is -O0", () => {
  const compile = parseCompile(["-c", "a.c"]);
  if (!compile) throw new Error("no compile");
  const args = recordArguments(compile, { cwd: "/w", bitcode: "1.bc", level: "-O0" });
  expect(args.join(" ")).toContain("-Xclang -disable-O0-optnone");
});

test.each([
  ["-O2 -Oz", "-Oz"],
  ["-O", "-O1"],
  ["-DX", "-O0"],
])("levelOf gives what clang would take when the flags are %s", (line, level) => {
  expect(levelOf(line.split(" "))).toBe(level);
});
