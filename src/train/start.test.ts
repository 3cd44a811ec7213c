import { copyFileSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { unpackModel } from "../model/gguf/unpack.ts";
import { placeStart } from "./start.ts";

const MODEL = resolve(import.meta.dirname, "../../models/tuner-q8_0.gguf");
const folder = join(tempFolder(), "tuner");
await unpackModel(MODEL, folder);
const tokenizer = readFileSync(join(folder, "tokenizer.json"), "utf8");
const weightsIn = (of: string): Buffer => readFileSync(join(of, "model.safetensors"));

describe("placeStart", () => {
  test("puts a GGUF file and a Hugging Face folder into the run as the same weights", async () => {
    const [a, b] = [tempFolder(), tempFolder()];
    expect(await placeStart({ from: MODEL, out: a, tokenizer })).toBeUndefined();
    expect(await placeStart({ from: folder, out: b, tokenizer })).toBeUndefined();
    expect(weightsIn(join(a, "from")).equals(weightsIn(join(b, "from")))).toBe(true);
    expect(readdirSync(b)).toEqual(["from"]);
  });

  test("takes what is there when the run goes on, wherever it came from", async () => {
    const out = tempFolder();
    await placeStart({ from: MODEL, out, tokenizer });
    expect(await placeStart({ from: "gone.gguf", out, tokenizer })).toBeUndefined();
  });

  test("says what is wrong and leaves nothing when the tokenizer is another, or a file is missing", async () => {
    const out = tempFolder();
    const faultOf = (from: string, wanted = tokenizer) =>
      placeStart({ from, out, tokenizer: wanted });
    expect(await faultOf(MODEL, "{}")).toContain("another tokenizer than the dataset");
    expect(await faultOf("gone.gguf")).toContain("no such file or folder");
    const bare = tempFolder();
    copyFileSync(join(folder, "config.json"), join(bare, "config.json"));
    expect(await faultOf(bare)).toContain("lacks model.safetensors");
    expect(readdirSync(out)).toEqual([]);
    rmSync(bare, { recursive: true });
  });
});
