import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseRecipe } from "./recipe.ts";
import { HELD_OUT, pathIsHeldOut, refuseHeldOut } from "./held-out.ts";

const SHARED = new URL("../../../shared/held-out.txt", import.meta.url);

test.skipIf(!existsSync(SHARED))(
  "HELD_OUT equals the shared list when that lies beside the checkout",
  () => {
    const lines = readFileSync(SHARED, "utf8")
      .split("\n")
      .map((line) => line.trim());
    expect(HELD_OUT).toEqual(lines.filter((line) => line !== "" && !line.startsWith("#")));
  },
);

test("refuseHeldOut names the reason when the package is held out", () => {
  for (const name of ["bzip2", "libjpeg-turbo", "LAME", "libmad", "libtiff"]) {
    expect(refuseHeldOut(name)).toContain("published comparisons");
  }
  expect(refuseHeldOut("zopfli")).toBeNull();
});

test("no package of the recipe is held out", () => {
  const recipe = readFileSync(new URL("./recipe.txt", import.meta.url), "utf8");
  const packages = parseRecipe(recipe);
  expect(packages.length).toBeGreaterThan(10);
  expect(packages.filter((name) => refuseHeldOut(name))).toEqual([]);
});

test("pathIsHeldOut finds a bundled copy when a file or folder carries the name", () => {
  expect(pathIsHeldOut("blowfish-bcrypt.c")).toBe(true);
  expect(pathIsHeldOut("lib/bzip2/decompress.c")).toBe(true);
  expect(pathIsHeldOut("src/nomadic.c")).toBe(false);
  expect(pathIsHeldOut("layout/flame.c")).toBe(false);
  expect(pathIsHeldOut("libtomcrypt/src/ciphers/aes/aes.c")).toBe(false);
  expect(pathIsHeldOut("libtomcrypt/src/ciphers/blowfish.c")).toBe(true);
  expect(pathIsHeldOut("libmcrypt/aes.c")).toBe(true);
});
