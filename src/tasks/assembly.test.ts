import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programPath, tool } from "../../test/support/llvm.ts";
import { objectShape } from "../../test/support/object-shape.ts";
import { assemblyFunctions } from "./assembly-cut.ts";
import { cleanAssembly } from "./assembly.ts";
import { readAssembly } from "./assembly-text.ts";
import type { Architecture } from "./dialect.ts";

const BUILTIN = join(import.meta.dirname, "../verify/suites/builtin");
const GOLDEN = join(import.meta.dirname, "golden/assembly");
const golden = (name: string): string => readFileSync(join(GOLDEN, name), "utf8");
const ARCHITECTURES = ["x86_64", "aarch64"] as const;

const triple = (architecture: Architecture): string => `${architecture}-linux-gnu`;

/** Through IR: the headers of the C library may be there for one target only. */
function compiled(path: string, architecture: Architecture, level: string): string {
  const clang = path.endsWith(".c") ? "clang" : "clang++";
  const ir = tool(clang, [level, "-S", "-emit-llvm", "-o", "-", path]).toString();
  const plain = ir
    .replaceAll(/^target .*$/gm, "")
    .replaceAll(/"(?:target-cpu|target-features|tune-cpu)"="[^"]*"/g, "");
  const options = [`-mtriple=${triple(architecture)}`, "-relocation-model=pic", "-o", "-", "-"];
  return tool("llc", options, plain).toString();
}

/** Sections with their bytes, relocations and visible symbols, without unwind tables and the kinds and sizes of symbols. */
function shape(assembly: string, architecture: Architecture): string[] {
  const plain = assembly.replaceAll(/^\s*\.cfi_.*$/gm, "");
  const options = ["-filetype=obj", `-triple=${triple(architecture)}`, "-o", "-", "-"];
  return objectShape(tool("llvm-mc", options, plain)).map((line) =>
    line.replace(/^symbol (\S+) \d+ (\S+ .*) \d+$/, "symbol $1 $2"),
  );
}

const FILES: [name: string, level: string][] = [
  ["bytecode-interpreter.c", "-Oz"],
  ["computed-goto.c", "-O2"],
  ["exceptions-nested.cc", "-Oz"],
  ["weak-and-alias.c", "-Oz"],
  ["struct-returns.c", "-O2"],
];
const CASES = ARCHITECTURES.flatMap((architecture) =>
  FILES.map(([name, level]) => [architecture, name, level] as const),
);

describe("cleanAssembly", () => {
  test.each(CASES)(
    "%s of %s %s assembles to the same, shorter, and once is enough",
    (architecture, name, level) => {
      const assembly = compiled(join(BUILTIN, name), architecture, level);
      const clean = cleanAssembly(assembly, architecture);
      expect(shape(clean, architecture)).toEqual(shape(assembly, architecture));
      expect(clean.length).toBeLessThan(0.8 * assembly.length);
      expect(cleanAssembly(clean, architecture)).toBe(clean);
      expect(clean).not.toMatch(/^\s*\.cfi|^\s|\t|\.LBB|\.LCPI|\.LJTI|\.ident|\.addrsig/m);
    },
  );

  test("is the same with debug information, less its labels", () => {
    const options = (flags: string[]): string =>
      cleanAssembly(
        tool("clang", ["-Oz", "-S", ...flags, "-o", "-", programPath("table.c")]).toString(),
        "x86_64",
      );
    expect(options(["-g"])).toBe(options([]));
  });
});

describe("assemblyFunctions", () => {
  test.each(CASES)(
    "%s of %s %s cuts functions that assemble, with the bytes they had",
    (architecture, name, level) => {
      const assembly = compiled(join(BUILTIN, name), architecture, level);
      const { names, cut: cutOf } = assemblyFunctions(assembly, architecture);
      const functions = [...assembly.matchAll(/^\s*\.type\s+(\w+),@function/gm)]
        .map(([, symbol = ""]) => symbol)
        // An alias has a type too, but no label.
        .filter(
          (symbol) =>
            assembly.includes(`
${symbol}:`) && !symbol.startsWith("OUTLINED"),
        );
      expect(names).toEqual(functions);
      expect(names.length).toBeGreaterThan(2);
      for (const symbol of names.slice(0, 6)) {
        const cut = cutOf(symbol) ?? "";
        expect(cut, symbol).toContain(`${symbol}:`);
        expect(undefinedLocals(cut, architecture)).toEqual([]);
        const lines = instructions(cut, symbol);
        expect(lines).toEqual(instructions(cleanAssembly(assembly, architecture), symbol));
        expect(shape(cut, architecture).length).toBeGreaterThan(0);
      }
    },
  );

  test.each(
    readdirSync(GOLDEN)
      .filter((file) => file.endsWith(".cut.s"))
      .map((file) => file.split(".") as [string, string, Architecture]),
  )("golden/assembly: %s of %s.%s.s is as written there", (symbol, file, architecture) => {
    const assembly = golden(`${file}.${architecture}.s`);
    expect(assemblyFunctions(assembly, architecture).cut(symbol)).toBe(
      golden(`${symbol}.${file}.${architecture}.cut.s`),
    );
  });

  test("brings along the table of a computed goto, and outlined functions", () => {
    const goto = compiled(join(BUILTIN, "computed-goto.c"), "x86_64", "-O2");
    expect(assemblyFunctions(goto, "x86_64").cut("run")).toMatch(
      /run\.labels:\n(?:\.quad \.LT\d\n){10}$/,
    );
    const outlined = ".text\nf:\nb OUTLINED_FUNCTION_0\nOUTLINED_FUNCTION_0:\nret\n";
    expect(assemblyFunctions(outlined, "aarch64").names).toEqual(["f"]);
    expect(assemblyFunctions(outlined, "aarch64").cut("f")).toBe(outlined);
  });

  test("cuts nothing for a name that is no function there", () => {
    const { names, cut } = assemblyFunctions(".data\n.L0:\n.byte 1\nd:\n.byte 2\n", "x86_64");
    expect(names).toEqual([]);
    expect([cut("g"), cut("d"), cut(".L0")]).toEqual([undefined, undefined, undefined]);
  });
});

const undefinedLocals = (text: string, architecture: Architecture): string[] =>
  readAssembly(text, architecture)
    .flatMap((line) => line.match(/(?<![\w.$])\.L[A-Z]?\d+/g) ?? [])
    .filter((label) => !text.includes(`\n${label}:`) && !text.includes(`.comm ${label},`));

/** What a function consists of, its labels' numbers aside: it ends where another symbol or section begins. */
function instructions(text: string, symbol: string): string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(`${symbol}:`) + 1;
  const isEnd = (line: string): boolean =>
    /^(?:[\w$][\w.$]*:|\.(?:section|text|data|globl|weak|hidden|local|set))/.test(line);
  const length = lines.slice(start).findIndex(isEnd);
  return lines
    .slice(start, length < 0 ? undefined : start + length)
    .filter((line) => line !== "" && !line.startsWith(".p2align"))
    .map((line) => line.replaceAll(/\.L([A-Z]?)\d+/g, ".L$1"));
}
