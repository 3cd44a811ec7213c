import { readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { convertModel } from "./convert.ts";
import { unpackModel } from "./unpack.ts";

const MODELS = resolve(import.meta.dirname, "../../../models");

async function messageFor(path: string): Promise<string> {
  const parent = tempFolder();
  const outcome = await unpackModel(path, join(parent, "out"));
  expect(readdirSync(parent)).toEqual([]);
  return outcome.status === "invalid" ? outcome.message : outcome.status;
}

describe("unpackModel", () => {
  test.each(["tuner", "emulator"])(
    "gives a folder that makes the same file again when it is the shipped %s",
    async (name) => {
      const path = join(MODELS, `${name}-q8_0.gguf`);
      const folder = tempFolder();
      const unpacked = await unpackModel(path, join(folder, "model"));
      expect(unpacked).toMatchObject({ status: "ok" });
      const again = join(folder, "again.gguf");
      await convertModel(join(folder, "model"), again, { type: "q8_0" });
      expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
    },
  );

  test("keeps F16 weights when they are converted, unpacked and converted again", async () => {
    const folder = tempFolder();
    const [first, second] = [join(folder, "first.gguf"), join(folder, "second.gguf")];
    await unpackModel(join(MODELS, "tuner-q8_0.gguf"), join(folder, "a"));
    await convertModel(join(folder, "a"), first, { type: "f16" });
    expect(await unpackModel(first, join(folder, "b"))).toMatchObject({ status: "ok" });
    await convertModel(join(folder, "b"), second, { type: "f16" });
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  });

  test("says what is wrong and writes nothing when the file is none of ours, cut off, or of another type", async () => {
    const folder = tempFolder({ "text.gguf": "no model" });
    expect(await messageFor(join(folder, "text.gguf"))).toContain("not a GGUF file");
    expect(await messageFor(join(folder, "none.gguf"))).toContain("no such file");
    await writeTinyModel(join(folder, "foreign.gguf"));
    expect(await messageFor(join(folder, "foreign.gguf"))).toContain("is it one of ours?");
    const bytes = readFileSync(join(MODELS, "tuner-q8_0.gguf"));
    const cut = join(folder, "cut.gguf");
    writeFileSync(cut, bytes);
    truncateSync(cut, bytes.length - 1000);
    expect(await messageFor(cut)).toContain("cut off");
  });

  test("leaves a folder alone when it is there already", async () => {
    const folder = tempFolder({ "model/mine.txt": "keep" });
    const outcome = await unpackModel(join(MODELS, "tuner-q8_0.gguf"), join(folder, "model"));
    expect(outcome).toMatchObject({ status: "invalid" });
    expect(readdirSync(join(folder, "model"))).toEqual(["mine.txt"]);
  });
});
