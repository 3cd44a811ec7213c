import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evalKit } from "../../test/support/eval.ts";
import { bitcodeOfC, testPool, tool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { chooseListed } from "./programs-choice.ts";
import { corpusPrograms, folderPrograms } from "./programs.ts";

const SAMPLE = join(import.meta.dirname, "../../test/corpus/sample.parquet");
const kit = evalKit(testPool(2));
const ALL = { count: 1000, seed: 1, perPackage: 1000, minBytes: 0, maxBytes: 1e9 };
const GOOD = "int f(int x) { return x * 3 + 1; }";

const someListed = fc.uniqueArray(
  fc.record({ id: fc.string(), package: fc.constantFrom("a", "b", "c", "d") }),
  { selector: ({ id }) => id },
);

test("chooseListed gives the same whatever order they come in, few of each package, more behind fewer", () => {
  fc.assert(
    fc.property(
      someListed,
      fc.nat(20),
      fc.integer({ min: 1, max: 4 }),
      (all, count, perPackage) => {
        const how = { seed: 7, count, perPackage };
        const chosen = chooseListed(all, how);
        expect(chooseListed(all.toReversed(), how)).toEqual(chosen);
        expect(chooseListed(all, { ...how, count: count + 3 }).slice(0, count)).toEqual(chosen);
        const most = Math.max(
          0,
          ...[...Map.groupBy(chosen, (p) => p.package).values()].map((p) => p.length),
        );
        expect(most).toBeLessThanOrEqual(perPackage);
        const packages = new Set(all.map((each) => each.package)).size;
        expect(new Set(chosen.map((each) => each.package)).size).toBe(Math.min(count, packages));
      },
    ),
  );
});

test("chooseListed gives others for another seed", () => {
  const all = Array.from({ length: 50 }, (_, n) => ({ id: `${n}`, package: `${n % 5}` }));
  const idsOf = (seed: number): string[] =>
    chooseListed(all, { seed, count: 10, perPackage: 9 }).map(({ id }) => id);
  expect(idsOf(1)).not.toEqual(idsOf(2));
});

test("corpusPrograms gives programs of the test split, within the bounds, the same each time", async () => {
  const choice = { ...ALL, count: 7, perPackage: 2, maxBytes: 9_000 };
  const { programs, unusable } = await corpusPrograms(SAMPLE, choice, { kit });
  expect(unusable).toEqual([]);
  expect(programs).toHaveLength(7);
  for (const { bytes, bitcode, id, hash, package: from, language } of programs) {
    expect(["box2d", "expat", "openjpeg2", "opus", "wavpack"]).toContain(from); // the sample's test packages
    expect(language).toBe(from === "box2d" ? "c++" : "c");
    expect(bytes).toBe(bitcode.byteLength);
    expect(bytes).toBeLessThanOrEqual(9_000);
    expect(id).toMatch(new RegExp(`^${from}/.+#${hash.slice(0, 8)}$`));
  }
  const again = await corpusPrograms(SAMPLE, choice, { kit: evalKit(kit.pool) });
  expect(again).toEqual({ programs, unusable });
});

test("corpusPrograms gives those of another split when asked", async () => {
  const { programs } = await corpusPrograms(SAMPLE, { ...ALL, split: "valid", count: 2 }, { kit });
  expect(programs.map((program) => program.package)).toEqual(["libtommath", "libtommath"]);
});

test("folderPrograms gives what compiles, and counts what does not", async () => {
  const folder = tempFolder({
    "top.c": GOOD,
    "zlib/src/good.c": GOOD.replace("3", "5"),
    "zlib/broken.c": "int f( {",
    "zlib/empty.c": "int x;",
    "boxes/box.cpp": "struct B { int a; int g() const; }; int B::g() const { return a; }",
    "boxes/ready.bc": bitcodeOfC(GOOD.replace("3", "7")),
    "boxes/text.ll": tool("llvm-dis", ["-o", "-"], bitcodeOfC(GOOD.replace("3", "9"))),
    "boxes/torn.bc": "BC no bitcode",
    "notes.txt": "no program",
  });
  const found = await folderPrograms(folder, ALL, { kit });
  if (!found.ok) throw new Error(found.message);
  const named = found.programs.map((p) => [p.id, p.package, p.language]);
  expect(named.toSorted()).toEqual([
    ["boxes/box.cpp", "boxes", "c++"],
    ["boxes/ready.bc", "boxes", "ir"],
    ["boxes/text.ll", "boxes", "ir"],
    ["top.c", folder.split("/").at(-1), "c"],
    ["zlib/src/good.c", "zlib", "c"],
  ]);
  const problems = new Map(found.unusable.map(({ id, problem }) => [id, problem]));
  expect([...problems.keys()].toSorted()).toEqual([
    "boxes/torn.bc",
    "zlib/broken.c",
    "zlib/empty.c",
  ]);
  expect(problems.get("zlib/broken.c")).toContain("broken.c:1:8: error");
  expect(problems.get("zlib/empty.c")).toContain("no function");
});

test("folderPrograms takes a compile_commands.json with its flags", async () => {
  const folder = tempFolder({ "src/a.c": "int f(void) { return N; }" });
  const entry = (define: string) => ({
    directory: folder,
    file: "src/a.c",
    arguments: ["cc", "-c", ...(define === "" ? [] : [define]), "src/a.c"],
  });
  const database = JSON.stringify([entry("-DN=1"), entry("-DN=2"), entry("")]);
  const path = join(tempFolder({ "compile_commands.json": database }), "compile_commands.json");
  const found = await folderPrograms(path, ALL, { kit });
  if (!found.ok) throw new Error(found.message);
  expect(found.programs).toHaveLength(2);
  expect(new Set(found.programs.map(({ hash }) => hash)).size).toBe(2);
  expect(found.unusable).toHaveLength(1);
  expect(found.unusable[0]?.problem).toContain("use of undeclared identifier 'N'");
});

test("folderPrograms counts entries of a compile_commands.json that cannot be used, and gives the others", async () => {
  const entry = (file: string, command: string) => ({ directory: ".", file, command });
  const folder = tempFolder({
    "a.c": GOOD,
    "compile_commands.json": JSON.stringify([
      entry("gone.c", "cc -c gone.c"),
      entry("a.c", ""),
      7,
      entry("a.c", "cc -c a.c"),
    ]),
  });
  const found = await folderPrograms(folder, ALL, { kit });
  if (!found.ok) throw new Error(found.message);
  expect(found.programs.map(({ id }) => id)).toEqual(["a.c"]);
  expect(Object.fromEntries(found.unusable.map(({ id, problem }) => [id, problem]))).toEqual({
    "compile_commands.json": expect.stringContaining("entry 2: a.c: no command"),
    "compile_commands.json#2": expect.stringContaining("entry 3: "),
    "gone.c": "invalid: no such file",
  });
});

test("folderPrograms counts a program beyond the bounds, and says so of a folder without any", async () => {
  const folder = tempFolder({ "a.c": GOOD });
  const found = await folderPrograms(folder, { ...ALL, maxBytes: 100 }, { kit });
  expect(found).toMatchObject({ ok: true, programs: [], unusable: [{ id: "a.c" }] });
  const none = await folderPrograms(tempFolder({ "a.txt": "" }), ALL, { kit });
  expect(none.ok ? "" : none.message).toContain("nothing to optimise in it");
});

test("folderPrograms names a program the same from wherever it is read", async () => {
  const files = { "p/a.c": GOOD, "p/b.ll": tool("llvm-dis", ["-o", "-"], bitcodeOfC(GOOD)) };
  const hashesIn = async (folder: string): Promise<string[]> => {
    const found = await folderPrograms(folder, ALL, { kit });
    return found.ok ? found.programs.map(({ hash }) => hash) : [];
  };
  const [first, second] = [tempFolder(files), tempFolder(files)];
  const hashes = await hashesIn(first);
  expect(hashes).toHaveLength(2);
  expect(await hashesIn(second)).toEqual(hashes);
});
