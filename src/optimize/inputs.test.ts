import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { MAX_INPUT_BYTES } from "../base/limits.ts";
import { splitCommand } from "./compile-commands.ts";
import { type Input, resolveInputs } from "./inputs.ts";
import { planOutputs } from "./outputs.ts";

function inputsOf(paths: readonly string[], flags: readonly string[] = []): readonly Input[] {
  const resolved = resolveInputs(paths, flags);
  if (!resolved.ok) throw new Error(resolved.message);
  return resolved.inputs;
}
const refusal = (paths: readonly string[], flags: readonly string[] = []): string => {
  const resolved = resolveInputs(paths, flags);
  return resolved.ok ? "" : resolved.message;
};
const C = "int x;";

describe("resolveInputs", () => {
  test("takes sources and IR by their suffixes, with the flags", () => {
    const folder = tempFolder({ "a.c": C, "b.cc": C, "c.cpp": C, "d.ll": "", "e.bc": "" });
    const inputs = inputsOf(
      ["a.c", "b.cc", "c.cpp", "d.ll", "e.bc"].map((name) => join(folder, name)),
      ["-DX", "-O3", "-c"],
    );
    expect(inputs.map(({ kind, stem }) => [kind, stem])).toEqual([
      ["source", "a"],
      ["source", "b"],
      ["source", "c"],
      ["ir", "d"],
      ["ir", "e"],
    ]);
    expect(inputs[0]?.flags).toEqual(["-DX"]);
  });

  test("takes a folder's files in alphabetical order, hidden ones and node_modules left out", () => {
    const folder = tempFolder({
      "z.c": C,
      "sub/a.cpp": C,
      "sub/deep/b.ll": "",
      ".git/c.c": C,
      "node_modules/d.c": C,
      "notes.txt": "",
    });
    expect(inputsOf([folder]).map(({ stem }) => stem)).toEqual(["sub/a", "sub/deep/b", "z"]);
  });

  test.each([
    [["none.c"], [], /none\.c: no such file or folder/],
    [["notes.txt"], [], /cannot tell what this is by its suffix; want \.c, \.cc/],
    [["empty"], [], /nothing to optimise in it/],
    [["a.c"], ["-fsanitize=address"], /-fsanitize=address needs passes of clang's own pipeline/],
    [["a.c"], ["-fprofile-generate"], /needs passes of clang's own pipeline/],
    [["a.c"], ["-E"], /-E compiles nothing/],
    [["broken.json"], [], /broken\.json: no compilation database/],
    [["shape.json"], [], /shape\.json: no compilation database/],
    [["fortran.json"], [], /no C or C\+\+ file in it/],
  ])("refuses %j with %j, saying why", (names, flags, message) => {
    const folder = tempFolder({
      "notes.txt": "",
      "empty/x.txt": "",
      "a.c": C,
      "broken.json": "[{",
      "shape.json": '{"file": 1}',
      "fortran.json": '[{"directory": ".", "file": "a.f90", "arguments": ["f95", "a.f90"]}]',
    });
    expect(
      refusal(
        names.map((name) => join(folder, name)),
        flags,
      ),
    ).toMatch(message);
  });

  test("refuses a file over the limit at once, without reading it", () => {
    const path = join(tempFolder({ "big.ll": "" }), "big.ll");
    truncateSync(path, MAX_INPUT_BYTES + 1);
    expect(refusal([path])).toBe(
      `${path}: ${MAX_INPUT_BYTES + 1} bytes; the largest file taken is ${MAX_INPUT_BYTES} bytes`,
    );
  });

  test("notes that LTO is left out", () => {
    const folder = tempFolder({ "a.c": C });
    expect(inputsOf([join(folder, "a.c")], ["-flto=thin"])[0]).toMatchObject({
      flags: [],
      notes: [expect.stringContaining("not LTO")],
    });
  });

  test("reads a compile_commands.json: both forms, relative folders, compiler caches, other spellings of the file", () => {
    const folder = tempFolder({ "src/a.c": C, "src/b.cpp": C, "lib/c.c": C, "x.s": "" });
    const database = [
      {
        directory: "build",
        file: "../src/a.c",
        arguments: ["cc", "-Iinc", "-O2", "-MD", "-MF", "a.d", "-o", "a.o", "-c", "../src/a.c"],
      },
      {
        directory: join(folder, "build"),
        file: join(folder, "src/b.cpp"),
        command: `ccache c++ -DNAME="\\"b c\\"" -oout.o -c '../src/b.cpp'`,
      },
      { directory: ".", file: "lib/c.c", command: "cc -c ./lib/c.c -MFc.d" },
      { directory: ".", file: "x.s", command: "cc -c x.s" },
    ];
    writeFileSync(join(folder, "compile_commands.json"), JSON.stringify(database));
    const wanted = [
      [join(folder, "src/a.c"), ["-Iinc", "-DMORE"], join(folder, "build"), "src/a"],
      [join(folder, "src/b.cpp"), ['-DNAME="b c"', "-DMORE"], join(folder, "build"), "src/b"],
      [join(folder, "lib/c.c"), ["-DMORE"], folder, "lib/c"],
    ];
    for (const given of [folder, join(folder, "compile_commands.json")]) {
      expect(
        inputsOf([given], ["-DMORE"]).map(({ path, flags, cwd, stem }) => [path, flags, cwd, stem]),
      ).toEqual(wanted);
    }
  });

  test("keeps what of a compile_commands.json cannot be used as inputs with their problems", () => {
    const folder = tempFolder({ "a.c": C, "b.c": C, "c.c": C, "d.c": C, "here/e.c": C });
    const cc = (file: string, more: object = {}): object => ({
      directory: ".",
      file,
      command: `cc -c ${file}`,
      ...more,
    });
    const entries = [
      [cc("a.c"), undefined],
      [cc("b.c", { command: "cc -fsanitize=thread -c b.c" }), /^-fsanitize=thread needs/],
      [cc("gone.c"), /^no such file$/],
      [cc("here"), undefined], // no C or C++ by its name: left out
      [
        cc("here/e.c", { directory: "gone" }),
        /^the folder it is compiled in, .*gone, is not there/,
      ],
      [cc("a.c/x.c"), /^no such file$/],
      [cc("nul\0.c"), /^no such file$/],
      [cc("c.c", { command: "" }), /^entry 8: c\.c: no command/],
      [cc("c.c", { command: "ccache" }), /^entry 9: c\.c: no command/],
      [cc("c.c", { command: undefined }), /^entry 10: c\.c: no command/],
      [cc("c.c", { arguments: "cc -c c.c" }), /^entry 11: arguments: .*expected array/],
      [cc("c.c", { directory: 7 }), /^entry 12: directory: .*expected string/],
      ["c.c", /^entry 13: .*expected object/],
      [null, /^entry 14: .*expected object/],
      [cc("d.c"), undefined],
    ] as const;
    const database = JSON.stringify(entries.map(([entry]) => entry));
    writeFileSync(join(folder, "compile_commands.json"), database);
    const problems = inputsOf([folder]).map(({ problem }) => problem ?? "none");
    const wanted = entries.filter((_, index) => index !== 3).map(([, problem]) => problem);
    expect(problems).toEqual(
      wanted.map((problem) => (problem ? expect.stringMatching(problem) : "none")),
    );
  });

  test("keeps a file of a folder that is over the limit as an input with its problem", () => {
    const folder = tempFolder({ "a.c": C, "big.ll": "" });
    truncateSync(join(folder, "big.ll"), MAX_INPUT_BYTES + 1);
    expect(inputsOf([folder]).map(({ stem, problem }) => [stem, problem])).toEqual([
      ["a", undefined],
      ["big", expect.stringContaining(`${MAX_INPUT_BYTES + 1} bytes; the largest file taken`)],
    ]);
  });
});

test("splitCommand gives back the words that a shell was told", () => {
  const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
  const words = fc.array(
    fc.string({ minLength: 1 }).filter((word) => !/[\0]/.test(word)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(words, (all) => {
      expect(splitCommand(all.map(quote).join(" "))).toEqual(all);
    }),
  );
  expect(splitCommand(String.raw`cc  -DA=\"x\" "b \$c"d 'e f' g\ h`)).toEqual([
    "cc",
    '-DA="x"',
    "b $cd",
    "e f",
    "g h",
  ]);
});

describe("planOutputs", () => {
  const folder = tempFolder({ "a.c": C, "b.c": C, "sub/a.c": C, "a.bc": "", "taken": "" });
  const inputs = (...names: string[]): readonly Input[] =>
    inputsOf(names.map((name) => join(folder, name)));
  const plan = (target: string, ...names: string[]): string => {
    const planned = planOutputs(
      target.startsWith("/") ? target : join(folder, target),
      inputs(...names),
    );
    return planned.ok
      ? inputs(...names)
          .map((input) => JSON.stringify(planned.outputFor(input)))
          .join()
      : planned.message;
  };

  test.each([
    ["x.o", "object"],
    ["x.obj", "object"],
    ["x.s", "assembly"],
    ["x.ll", "ir"],
    ["x.bc", "bitcode"],
  ])("writes into %s as %s", (name, as) =>
    expect(plan(name, "a.c")).toBe(JSON.stringify({ path: join(folder, name), as })),
  );

  test("puts objects into a folder that it creates", () => {
    expect(plan("new/deep/", "a.c", "b.c")).toBe(
      ["a", "b"]
        .map((stem) => JSON.stringify({ path: join(folder, `new/deep/${stem}.o`), as: "object" }))
        .join(),
    );
    expect(plan("sub", "a.c")).toContain(join(folder, "sub/a.o"));
  });

  test.each([
    [
      "x",
      ["a.c"],
      /cannot tell what to write by its suffix; want \.o, \.s, \.ll or \.bc, or a folder/,
    ],
    ["x.o", ["a.c", "b.c"], /one file for 2 modules; give a folder/],
    ["a.bc", ["a.bc"], /would overwrite its own input/],
    ["none/x.o", ["a.c"], /the folder .*none does not exist/],
    ["taken/x.o", ["a.c"], /taken is not a folder/],
    ["taken/", ["a.c"], /cannot be created|not a folder/],
    ["out/", ["a.c", "sub/a.c"], /a\.c and .*sub\/a\.c would both become a\.o/],
    ["/proc/x.o", ["a.c"], /cannot write in \/proc/],
    ["/proc/no/such/", ["a.c"], /cannot be created/],
  ])("refuses -o %s for %j", (target, names, message) =>
    expect(plan(target, ...names)).toMatch(message),
  );

  test("gives no place to an input that has a problem", () => {
    const entries = ["a.c", "gone.c"].map((file) => ({ directory: folder, file, command: "cc" }));
    const path = join(tempFolder({ "two.json": JSON.stringify(entries) }), "two.json");
    const planned = planOutputs(join(folder, "x.o"), inputsOf([path]));
    expect(planned.ok || planned.message).toBe(true);
  });

  test("writes nothing when no target is given", () => {
    const planned = planOutputs(undefined, inputs("a.c"));
    expect(planned.ok && inputs("a.c").map(planned.outputFor)).toEqual([undefined]);
  });
});
