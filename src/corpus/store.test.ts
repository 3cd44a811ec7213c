import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { madeUpModule } from "../../test/support/corpus.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { WithBitcode } from "./corpus-module.ts";
import { type Corpus, type ModuleFilter, openCorpus } from "./store.ts";

async function all(corpus: Corpus, filter?: ModuleFilter): Promise<WithBitcode[]> {
  const found: WithBitcode[] = [];
  for await (const module of corpus.modules(filter)) found.push(module);
  return found;
}

const plain = (module: WithBitcode): object => ({ ...module, bitcode: [...module.bitcode] });

const byHash = (modules: readonly WithBitcode[]): WithBitcode[] =>
  modules.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));

describe("openCorpus", () => {
  test("gives back what was added, in the order of hashes, after it was closed", async () => {
    const folder = join(tempFolder(), "new");
    const modules = Array.from({ length: 40 }, (_, i) =>
      madeUpModule(`${i} "é" 'q'.c`, { [`f${i}`]: i + 1, [`g\u0001${i}`]: 3 }),
    );
    const first = await openCorpus(folder);
    await first.addPackage("made-up", modules);
    first.close();
    const second = await openCorpus(folder);
    expect(second.mended).toEqual([]);
    expect((await all(second)).map(plain)).toEqual(byHash(modules).map(plain));
    second.close();
  });

  test("gives back any strings and bytes", async () => {
    const corpus = await openCorpus(tempFolder());
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.array(fc.string({ unit: "grapheme" })),
        fc.uint8Array(),
        async (path, flags, bitcode) => {
          const module = madeUpModule(`x${path}`, { f: 9 }, { flags, bitcode });
          await corpus.addPackage("made-up", [module]);
          expect((await all(corpus)).map(plain)).toEqual([plain(module)]);
        },
      ),
      { numRuns: 10 },
    );
    corpus.close();
  });

  test("filters by split, size and package, and keeps to a limit", async () => {
    const corpus = await openCorpus(tempFolder());
    const of = (name: string, count: number): WithBitcode[] =>
      Array.from({ length: count }, (_, i) =>
        madeUpModule(`${i}.c`, { [`${name}${i}`]: 5 }, { package: name, bitcodeBytes: 100 * i }),
      );
    await corpus.addPackage("brotli", of("brotli", 5)); // train
    await corpus.addPackage("expat", of("expat", 4)); // test
    expect(await all(corpus)).toHaveLength(9);
    expect(await all(corpus, { splits: ["test"] })).toHaveLength(4);
    expect(await all(corpus, { splits: [] })).toEqual([]);
    expect(await all(corpus, { maxBitcodeBytes: 200 })).toHaveLength(6);
    expect(await all(corpus, { packages: ["brotli"] })).toHaveLength(5);
    expect(await all(corpus, { limit: 3 })).toEqual((await all(corpus)).slice(0, 3));
    expect(await all(corpus, { limit: 0 })).toEqual([]);
    corpus.close();
  });

  test("replaces a package that is added again, and sees packages that others add", async () => {
    const folder = tempFolder();
    const [one, other] = [await openCorpus(folder), await openCorpus(folder)];
    await one.addPackage("made-up", [madeUpModule("a.c", { f: 5 }), madeUpModule("b.c", { g: 5 })]);
    expect(await all(other)).toHaveLength(2);
    await other.addPackage("made-up", [madeUpModule("c.c", { h: 5 })]);
    expect((await all(one)).map(({ path }) => path)).toEqual(["c.c"]);
    expect(one.writtenAt("made-up")).toBeTypeOf("number");
    expect(one.writtenAt("none")).toBeUndefined();
    one.close();
    other.close();
  });

  test("gives the same manifest whatever the order in which packages were added", async () => {
    const packages = ["zlib", "expat", "dash"].map((name, i) => ({
      name,
      modules: [
        madeUpModule("shared.c", { common: 50, [name]: 5 }, { package: name }),
        madeUpModule("own.c", { [`own${i}`]: 10 }, { package: name }),
      ],
    }));
    const manifests: object[] = [];
    for (const order of [packages, packages.toReversed()]) {
      const corpus = await openCorpus(tempFolder());
      for (const { name, modules } of order) await corpus.addPackage(name, modules);
      manifests.push(await corpus.query("FROM manifest"));
      corpus.close();
    }
    expect(manifests[0]).toEqual(manifests[1]);
    expect(manifests[0]).toHaveLength(6);
  });

  test("reads an empty corpus as no modules", async () => {
    const corpus = await openCorpus(tempFolder());
    expect(await all(corpus)).toEqual([]);
    expect(await corpus.query("SELECT count(*)::INT AS n FROM manifest")).toEqual([{ n: 0 }]);
    corpus.close();
  });

  test.each([
    ["bzip2", /bzip2 is kept apart for published comparisons/],
    ["../up", /"\.\.\/up" is no package name/],
    [".hidden", /no package name/],
    ["", /no package name/],
  ])("refuses the package %j with the reason", async (name, reason) => {
    const folder = tempFolder();
    const corpus = await openCorpus(folder);
    await expect(corpus.addPackage(name, [madeUpModule("a.c", { f: 1 })])).rejects.toThrow(reason);
    corpus.close();
    expect(readdirSync(join(folder, "packages"))).toEqual([]);
  });
});

describe("openCorpus after a run that was cut off", () => {
  async function filled(): Promise<string> {
    const folder = tempFolder();
    const corpus = await openCorpus(folder);
    await corpus.addPackage("brotli", [madeUpModule("a.c", { f: 5 }, { package: "brotli" })]);
    await corpus.addPackage("dash", [madeUpModule("b.c", { g: 5 }, { package: "dash" })]);
    expect(await all(corpus)).toHaveLength(2);
    corpus.close();
    return folder;
  }
  const GONE = 2 ** 22 - 3; // above the kernel's largest process id

  test("removes temporary files of processes that are gone, and no others", async () => {
    const folder = await filled();
    const left = [`.dash.parquet.${GONE}.1.tmp`, `.manifest.parquet.${GONE}.7.tmp`];
    const other = `.zlib.parquet.${process.ppid}.1.tmp`;
    for (const name of [...left, other]) writeFileSync(join(folder, "packages", name), "half");
    mkdirSync(join(folder, `.spill.${GONE}.tmp`));
    const corpus = await openCorpus(folder);
    expect(corpus.mended).toHaveLength(3);
    expect(readdirSync(join(folder, "packages"))).toEqual([
      other,
      "brotli.parquet",
      "dash.parquet",
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(["manifest.parquet", "packages"]);
    expect(await all(corpus)).toHaveLength(2);
    corpus.close();
  });

  test.each([0, 3, 40, 0.5])("puts a package file cut at %d aside and says so", async (at) => {
    const folder = await filled();
    const path = join(folder, "packages/dash.parquet");
    truncateSync(path, at < 1 ? Math.floor(at * readFileSync(path).length) : at);
    const corpus = await openCorpus(folder);
    expect(corpus.mended).toEqual([
      expect.stringMatching(/dash\.parquet is torn.*add the package dash/),
    ]);
    expect((await all(corpus)).map((module) => module.package)).toEqual(["brotli"]);
    expect(corpus.writtenAt("dash")).toBeUndefined();
    await corpus.addPackage("dash", [madeUpModule("b.c", { g: 5 }, { package: "dash" })]);
    expect(await all(corpus)).toHaveLength(2);
    corpus.close();
  });

  test("makes a torn or missing manifest anew", async () => {
    const folder = await filled();
    truncateSync(join(folder, "manifest.parquet"), 100);
    const corpus = await openCorpus(folder);
    expect(await all(corpus)).toHaveLength(2);
    corpus.close();
  });

  test("leaves the old package in place when the new one's modules fail to come", async () => {
    const folder = await filled();
    const corpus = await openCorpus(folder);
    const failing = async function* (): AsyncGenerator<WithBitcode> {
      yield madeUpModule("new.c", { h: 5 });
      await Promise.reject(new Error("cut off"));
    };
    await expect(corpus.addPackage("dash", failing())).rejects.toThrow("cut off");
    expect((await all(corpus)).map(({ path }) => path).toSorted()).toEqual(["a.c", "b.c"]);
    expect(readdirSync(join(folder, "packages"))).toEqual(["brotli.parquet", "dash.parquet"]);
    corpus.close();
  });
});

test("several processes that write to one corpus at once lose nothing", async () => {
  const folder = tempFolder();
  const writer = `
    const { openCorpus } = await import(${JSON.stringify(join(import.meta.dirname, "store.ts"))});
    const { madeUpModule } = await import(${JSON.stringify(join(import.meta.dirname, "../../test/support/corpus.ts"))});
    const corpus = await openCorpus(${JSON.stringify(folder)});
    const [me] = process.argv.slice(-1);
    for (let i = 0; i < 8; i++) {
      for (const name of ["both" + i, "p" + me + i])
        await corpus.addPackage(name, [madeUpModule("a.c", { [name]: 5 }, { package: name })]);
      for await (const module of corpus.modules({ limit: 2 })) module.hash; // makes the manifest, too
    }
    corpus.close();`;
  const run = promisify(execFile);
  await Promise.all(
    ["x", "y"].map((me) => run(process.execPath, ["--input-type=module", "-e", writer, me])),
  );
  const corpus = await openCorpus(folder);
  expect(corpus.mended).toEqual([]);
  const names = (await all(corpus)).map((module) => module.package).toSorted();
  const each = (prefix: string): string[] => Array.from({ length: 8 }, (_, i) => `${prefix}${i}`);
  expect(names).toEqual([...each("both"), ...each("px"), ...each("py")].toSorted());
  corpus.close();
});

test("openCorpus opens one package's file as a corpus that cannot grow", async () => {
  const folder = tempFolder();
  const corpus = await openCorpus(folder);
  await corpus.addPackage("made-up", [
    madeUpModule("a.c", { f: 5 }),
    madeUpModule("b.c", { g: 5 }),
  ]);
  corpus.close();
  const file = await openCorpus(join(folder, "packages/made-up.parquet"));
  expect(await all(file, { limit: 1 })).toHaveLength(1);
  expect(await all(file, { splits: ["train", "valid", "test"] })).toHaveLength(2);
  expect(await file.query("SELECT count(*)::INT AS n FROM manifest WHERE kept")).toEqual([
    { n: 2 },
  ]);
  await expect(file.addPackage("more", [])).rejects.toThrow("want a folder");
  file.close();
});
