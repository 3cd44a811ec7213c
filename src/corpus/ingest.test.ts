import { hash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bitcodeOfC, programBitcode, testPool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { WithBitcode } from "./corpus-module.ts";
import { ingest, moduleFiles } from "./ingest.ts";

const pool = testPool();
const FACTS = { package: "demo", version: "1-1", licence: "MIT" };

async function ingested(
  files: readonly string[],
): Promise<{ modules: WithBitcode[]; failures: string[] }> {
  const modules: WithBitcode[] = [];
  const failures: string[] = [];
  const onFailure = (path: string, why: string): number => failures.push(`${path}: ${why}`);
  for await (const module of ingest(files, { ...FACTS, pool, onFailure })) modules.push(module);
  return { modules, failures };
}

test("ingest takes recorded bitcode as it is, with what was noted beside it", async () => {
  const bitcode = programBitcode("tokens.c");
  const note = { path: "src/tokens.c", language: "c", flags: ["-DX"], cwd: "src" };
  const folder = tempFolder({ "1.bc": bitcode, "1.json": JSON.stringify(note) });
  const { modules, failures } = await ingested([join(folder, "1.bc")]);
  expect(failures).toEqual([]);
  const [module] = modules;
  expect(module).toMatchObject({
    ...FACTS,
    path: "src/tokens.c",
    language: "c",
    flags: ["-DX"],
    split: "train",
    hash: hash("sha256", bitcode),
    bitcodeBytes: bitcode.length,
  });
  expect(Buffer.from(module!.bitcode).equals(bitcode)).toBe(true);
  expect(module!.functions.length).toBeGreaterThan(3);
  expect(module!.functions.reduce((sum, fn) => sum + fn.instructions, 0)).toBe(
    module!.instructions,
  );
  expect(module!.textBytes).toBeGreaterThan(100);
});

test("ingest gives equal functions equal hashes when names, flags and files differ", async () => {
  const body = "(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }";
  const folder = tempFolder({
    "a.bc": bitcodeOfC(`int sum${body}`),
    "b.bc": bitcodeOfC(`int other(void) { return 7; }\nint total${body}`, ["-g"]),
  });
  const { modules } = await ingested([join(folder, "a.bc"), join(folder, "b.bc")]);
  const hashOf = (name: string): string | undefined =>
    modules.flatMap(({ functions }) => functions).find((fn) => fn.name === name)?.hash;
  expect(hashOf("sum")).toBe(hashOf("total"));
  expect(hashOf("sum")).not.toBe(hashOf("other"));
});

test("ingest reads IR text, tells C++ by its names, and goes on after files that LLVM refuses", async () => {
  const folder = tempFolder({
    "good.ll": "define i32 @_Z1fi(i32 %x) {\n  ret i32 %x\n}\n",
    "bad.ll": "define i32 @f() {\n  ret i33 0\n}\n",
    "torn.bc": programBitcode("table.c").subarray(0, 900),
  });
  const files = moduleFiles(folder);
  if (files.status !== "ok") throw new Error(files.message);
  const { modules, failures } = await ingested(files.value);
  expect(modules.map(({ path, language }) => [path, language])).toEqual([["good.ll", "c++"]]);
  expect(Buffer.from(modules[0]!.bitcode.subarray(0, 2)).toString()).toBe("BC");
  expect(failures.toSorted()).toEqual([
    expect.stringMatching(/bad\.ll: invalid: .*2:7/),
    expect.stringMatching(/torn\.bc: invalid: /),
  ]);
});

test("moduleFiles says what it wants when there is none", () => {
  const folder = tempFolder({ "a.txt": "", ".hidden.bc": "" });
  expect(moduleFiles(folder)).toMatchObject({ message: `${folder}: holds no .bc or .ll file` });
  const saying = (message: string) => ({ message: expect.stringContaining(message) });
  expect(moduleFiles(join(folder, "a.txt"))).toMatchObject(saying("want a .bc or .ll file"));
  expect(moduleFiles(join(folder, "none"))).toMatchObject(saying("no such file or folder"));
});
