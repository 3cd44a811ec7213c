import { expect, test } from "vitest";
import { constructorRenames } from "./constructors.ts";

const object = (...names: string[]): Buffer => Buffer.from(`\x7fELF\0${names.join("\0")}\0`);

test("constructorRenames asks nothing for an object without static constructors", () => {
  expect(constructorRenames(object(".text", ".init_array"))).toEqual([]);
});

test("constructorRenames turns the descending numbers into priorities", () => {
  expect(constructorRenames(object(".ctors", ".ctors.65434", ".dtors", ".ctors"))).toEqual([
    "--rename-section",
    ".ctors=.init_array",
    "--rename-section",
    ".ctors.65434=.init_array.101",
    "--rename-section",
    ".dtors=.fini_array",
  ]);
});
