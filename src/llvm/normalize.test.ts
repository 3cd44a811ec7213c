import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bitcodeOfC, load, programPath, testPool, tool, value } from "../../test/support/llvm.ts";
import { objectShape } from "../../test/support/object-shape.ts";
import type { NormalForm } from "./normalize.ts";

const BUILTIN = join(import.meta.dirname, "../verify/suites/builtin");
const UNOPTIMISED = ["-Oz", "-Xclang", "-disable-llvm-passes"];
const OPTIMISED = ["-O2"];

/** What each is here for: block addresses, assembly, aliases, TLS, atomics, noalias, exceptions, constructors. */
const BUILTINS: [name: string, flags: string[]][] = [
  ["computed-goto.c", UNOPTIMISED],
  ["inline-assembly.c", UNOPTIMISED],
  ["weak-and-alias.c", UNOPTIMISED],
  ["thread-local.c", UNOPTIMISED],
  ["atomics-single.c", OPTIMISED],
  ["alias-restrict.c", OPTIMISED],
  ["constructors-order.c", UNOPTIMISED],
  ["exceptions-nested.cc", UNOPTIMISED],
  ["virtual-inheritance.cc", OPTIMISED],
  ["vector-shuffles.c", OPTIMISED],
];
const PROGRAMS: [path: string, flags: string[]][] = [
  ...BUILTINS.map(([name, flags]): [string, string[]] => [join(BUILTIN, name), flags]),
  [programPath("table.c"), UNOPTIMISED],
  [programPath("tokens.c"), UNOPTIMISED],
  [programPath("shapes.cpp"), UNOPTIMISED],
  [programPath("shapes.cpp"), [...UNOPTIMISED, "--target=aarch64-linux-gnu"]],
];

function compiled(path: string, flags: readonly string[]): Buffer {
  const clang = path.endsWith(".c") ? "clang" : "clang++";
  return tool(clang, [...flags, "-emit-llvm", "-c", "-o", "-", path]);
}

const pool = testPool();

async function normal(bytes: Uint8Array | string): Promise<NormalForm> {
  const module = await load(pool, bytes);
  const form = value(await pool.normalize(module));
  pool.unload(module);
  return form;
}

async function shape(bytes: Uint8Array | string, passes: string): Promise<string[]> {
  const module = await load(pool, bytes);
  const object = value(await pool.emit(module, passes, "object"));
  pool.unload(module);
  return objectShape(object);
}

const hashesOf = ({ functions }: NormalForm): string[] => functions.map(({ hash }) => hash);
const functionOf = (form: NormalForm, name: string) =>
  form.functions.find((fn) => fn.name === name)!;

describe("normalize", () => {
  test.each(PROGRAMS)("of %s %j compiles to the same object and is stable", async (path, flags) => {
    const bitcode = compiled(path, flags);
    const once = await normal(bitcode);
    expect(once.text.length).toBeLessThan(tool("llvm-dis", ["-o", "-", "-"], bitcode).length);
    const twice = await normal(once.text);
    expect(twice.text).toBe(once.text);
    expect(hashesOf(twice)).toEqual(hashesOf(once));
    for (const passes of ["", "default<Oz>"]) {
      const before = await shape(bitcode, passes);
      expect(before.length).toBeGreaterThan(3);
      expect(await shape(once.text, passes), passes).toEqual(before);
    }
  });

  test("is the same with debug info and without", async () => {
    for (const name of ["tokens.c", "shapes.cpp"] as const) {
      const plain = await normal(compiled(programPath(name), UNOPTIMISED));
      const debug = await normal(compiled(programPath(name), [...UNOPTIMISED, "-g"]));
      expect(debug).toEqual(plain);
    }
  });

  test("counts instructions and blocks of every defined function, in order", async () => {
    const module = await load(
      pool,
      bitcodeOfC(
        "int g(int); static int h(int x) { return g(x); } int f(int x) { return x ? h(x) : 3; }",
      ),
    );
    const form = value(await pool.normalize(module));
    expect(form.functions.map(({ name }) => name)).toEqual(["f", "h"]);
    expect(form.instructions).toBe(module.info.instructions);
    expect(form.functions.reduce((sum, fn) => sum + fn.instructions, 0)).toBe(form.instructions);
    expect(form.functions.map(({ blocks }) => blocks)).toEqual([4, 1]);
  });

  test("hashes a function alike under other names, in another module, with other strings' names", async () => {
    const body = 'const char *s = "one"; while (x-- > 3) x = h(x); return s;';
    const one = await normal(
      bitcodeOfC(`static int h(int a) { return a + 1; } const char *f(int x) { ${body} }`),
    );
    const other = await normal(
      bitcodeOfC(
        `const char *t(int k) { return k ? "zero" : "two"; } static int helper(int a) { return a + 1; }` +
          `const char *other(int x) { ${body.replace("h(x)", "helper(x)")} }`,
        ["-g"],
      ),
    );
    expect(functionOf(other, "other").hash).toBe(functionOf(one, "f").hash);
    expect(functionOf(other, "helper").hash).toBe(functionOf(one, "h").hash);
    expect(functionOf(other, "t").hash).not.toBe(functionOf(one, "f").hash);
  });

  test("hashes functions apart that call other symbols", async () => {
    const caller = async (callee: string): Promise<string> =>
      functionOf(
        await normal(bitcodeOfC(`int ${callee}(void); int f(void) { return ${callee}(); }`)),
        "f",
      ).hash;
    expect(await caller("open_it")).not.toBe(await caller("close_it"));
  });
});

test("objectShape tells a changed constant, relocation and symbol apart", async () => {
  const source = (constant: string, callee: string, own: string): Buffer =>
    bitcodeOfC(`int ${callee}(int); int ${own}(void) { return ${callee}(${constant}); }`);
  const shapes = await Promise.all(
    [
      source("1", "g", "f"),
      source("2", "g", "f"),
      source("1", "h", "f"),
      source("1", "g", "e"),
    ].map((bitcode) => shape(bitcode, "")),
  );
  expect(new Set(shapes.map((lines) => lines.join("\n"))).size).toBe(4);
});
