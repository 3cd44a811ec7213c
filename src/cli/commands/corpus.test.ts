/** `llmc corpus` as a user runs it. */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { tempFolder } from "../../../test/support/temp.ts";

const SUM = `define i32 @sum(i32 %a, i32 %b) {
  %c = add i32 %a, %b
  %d = mul i32 %c, 3
  %e = xor i32 %d, %a
  ret i32 %e
}
`;
const FILES = {
  "one/a.ll": SUM,
  "one/b.ll": `${SUM}define void @nothing() {\n  ret void\n}\n`,
  "one/data.ll": "@x = global i32 7\n",
  "two/c.ll": SUM.replaceAll(/%[cde]/g, (name) => `${name}x`).replace("@sum", "@total"),
  "two/d.ll": "define i32 @_Z1fi(i32 %x) {\n  %y = sdiv i32 %x, 7\n  ret i32 %y\n}\n",
};

/** Bytes of bitcode and text differ between versions of LLVM, seconds from run to run. */
const masked = (text: string): string =>
  text
    .replaceAll(/^(modules a second.*?)[\d.]+$/gm, "$1…")
    .replaceAll(/^((?:bitcode bytes|characters of the normal form) +).*$/gm, "$1…")
    .replaceAll(/ +[\d,]+$/gm, (number) => number.trimEnd().replace(/ +/, " "))
    .replaceAll(/ +/g, " ")
    .replaceAll(/^((?:train|c|c\+\+|two)(?: \d+){5}) \d+$/gm, "$1 …");

async function filled(): Promise<string> {
  const folder = tempFolder(FILES);
  const corpus = join(folder, "corpus");
  const args = ["corpus", "add", "one", "two", "-c", corpus, "--licence", "MIT"];
  const { code, stderr } = await llmc(args, { cwd: folder });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^\[1\/2\] \w+: [23] modules, \d+ s\n/),
  ]);
  return corpus;
}

describe("llmc corpus", () => {
  test("add tells what was added, and stats what is kept and why the rest is not", async () => {
    const corpus = await filled();
    const { code, stdout } = await llmc(["corpus", "stats", "-c", corpus]);
    expect(code).toBe(0);
    expect(masked(stdout)).toMatchInlineSnapshot(`
      "packages 2
      modules 2 kept of 5
      functions 2, 2 distinct
      instructions 6
      characters of the normal form …
      bitcode bytes …
      test functions that training has too 0 of 0
      modules a second, last run …

      splits
      split packages modules functions distinct instructions characters
      train 1 2 2 2 6 …

      languages
      language packages modules functions distinct instructions characters
      c 1 1 1 1 4 …
      c++ 1 1 1 1 2 …

      removed
      why modules functions
      exact duplicate 1 1
      near duplicate 1 2
      no function 1 0

      sizes
       min 10 % median 90 % 99 % max
      bitcode bytes …
      characters of the normal form …
      instructions 2 2 3 4 4 4
      functions 1 1 1 1 1 1
      instructions of a function 2 2 3 4 4 4

      packages
      package packages modules functions distinct instructions characters
      two 1 2 2 2 6 …
      "
    `);
  });

  test("stats gives one JSON object, and a page with plots that needs nothing else", async () => {
    const corpus = await filled();
    const html = join(corpus, "../stats.html");
    const { stdout, stderr } = await llmc([
      "corpus",
      "stats",
      "-c",
      corpus,
      "--json",
      "--html",
      html,
    ]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      total: { packages: 2, modules: 5, kept: 2, functions: 2, distinctFunctions: 2 },
      leak: { functions: 0 },
    });
    const page = readFileSync(html, "utf8");
    expect(page.match(/<figure>/g)).toHaveLength(6);
    expect(page.match(/<svg/g)).toHaveLength(6);
    expect(page).not.toMatch(/<script|<link|src=|NaN/);
  });

  test("export writes kept modules and a manifest, and a corpus is made of them again", async () => {
    const corpus = await filled();
    const out = join(corpus, "../out");
    const { code, stdout } = await llmc(["corpus", "export", out, "-c", corpus, "--as", "ll"]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^2 modules, \d+ bytes, written to /),
    ]);
    const lines = readFileSync(join(out, "manifest.jsonl"), "utf8").trim().split("\n");
    const files = lines.map((line): string => JSON.parse(line).file);
    expect(files.every((file) => readFileSync(join(out, file), "utf8").includes("define"))).toBe(
      true,
    );
    const again = await llmc(["corpus", "add", out, "-c", join(corpus, "../again"), "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      packages: [{ package: "out", status: "added", modules: 2, functions: 2 }],
    });
  });

  test("export --sample writes one file that opens as a corpus", async () => {
    const corpus = await filled();
    const sample = join(corpus, "../sample.parquet");
    const first = await llmc(["corpus", "export", "--sample", sample, "-c", corpus]);
    expect(first.stdout).toMatch(/^0 modules/); // too small to be worth showing
    const limits = ["--sample", sample, "-c", corpus, "--min-bytes", "1", "--limit", "1"];
    expect((await llmc(["corpus", "export", ...limits])).stdout).toMatch(/^1 modules/);
    const { stdout } = await llmc(["corpus", "stats", "-c", sample, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ total: { modules: 1, kept: 1 } });
  });

  test("add refuses held-out packages, each with its reason, and takes the others", async () => {
    const folder = tempFolder({ "recipe.txt": "bzip2 # held out\nlame\n", "mine/a.ll": SUM });
    const { code, stdout, stderr } = await llmc(
      ["corpus", "add", "mine", "deb:libjpeg-turbo", "--recipe", "recipe.txt", "-c", "c"],
      { cwd: folder },
    );
    expect(code).toBe(1);
    for (const name of ["bzip2", "lame", "libjpeg-turbo"])
      expect(stderr).toContain(
        `${name}: refused, 0 s (${name} is kept apart for published comparisons`,
      );
    expect(stdout).toMatch(/^1 of 4 packages added: 1 modules, 1 functions$/m);
    expect(readdirSync(join(folder, "c/packages"))).toEqual(["mine.parquet"]);
    expect(existsSync(join(folder, "c/manifest.parquet"))).toBe(false); // made when it is first asked for
  });

  test("add takes what was harvested before, once, and builds nothing", async () => {
    const harvest = (name: string, records: object): Record<string, string> => ({
      [`h/packages/${name}/done.json`]: JSON.stringify({
        package: name,
        version: "1-1",
        how: "make: exit 0",
        ...records,
      }),
      [`h/packages/${name}/records/1.ll`]: SUM,
    });
    const folder = tempFolder({
      ...harvest("dash", { records: 1 }),
      ...harvest("expat", { records: 1 }),
      "h/packages/unfinished/records/1.ll": SUM,
    });
    const add = () =>
      llmc(["corpus", "add", "--harvest", "h", "-c", "c", "--json"], { cwd: folder });
    const row = (name: string, status: string) => ({ package: name, status });
    const by = (text: string): object =>
      JSON.parse(text).packages.toSorted((a: { package: string }, b: { package: string }) =>
        a.package < b.package ? -1 : 1,
      );
    const first = await add();
    expect(first.code).toBe(0);
    expect(by(first.stdout)).toMatchObject([
      { ...row("dash", "added"), split: "train", modules: 1, note: "make: exit 0" },
      { ...row("expat", "added"), split: "test" },
    ]);
    expect(by((await add()).stdout)).toMatchObject([
      row("dash", "present"),
      row("expat", "present"),
    ]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["nothing to add", ["add"], /nothing to add; want deb:NAME, a folder/],
    ["a path that is not there", ["add", "none"], /none: no such file or folder/],
    ["a recipe that is not there", ["add", "--recipe", "none"], /--recipe none: no such file/],
    ["an empty harvest", ["add", "--harvest", "none"], /nothing is built in /],
    ["a name that leads elsewhere", ["add", ".", "--package", "../x"], /want letters, digits/],
    ["a corpus that is not there", ["stats", "-c", "none"], /none: no corpus here/],
    ["two ways to export", ["export", "out", "--sample", "x"], /want a folder, or --sample FILE/],
    [
      "a split that is none",
      ["export", "out", "--split", "tset"],
      /want some of train, valid, test/,
    ],
  ])("ends with 2 at once for %s", async (_, args, message) => {
    const folder = tempFolder();
    const { code, stderr } = await llmc(["corpus", ...args], { cwd: folder });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });
});
