import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import { coresetHash, passesHash } from "../../tasks/provenance.ts";
import { loadCoreset } from "../../tuner/coreset.ts";

const registry = registryFor(22);
const OURS = {
  "llmc.dialect": "compact",
  "llmc.llvm.version": "22.1.8",
  "llmc.stage": "tune",
  "llmc.passes.hash": passesHash(registry),
  "llmc.coreset.hash": coresetHash(loadCoreset(registry).lists.map(printPassList)),
};

const folder = tempFolder({ "sub/broken.gguf": "GGUFnot really", "readme.txt": "" });
await writeTinyModel(join(folder, "ours.gguf"), { extra: OURS });
await writeTinyModel(join(folder, "other.gguf"), {
  extra: { ...OURS, "llmc.coreset.hash": "1234" },
});
const foreign = await writeTinyModel(join(folder, "foreign.gguf"));

test("llmc models list shows every file, the broken ones with the reason", async () => {
  const { code, stdout } = await llmc(["models", "list", folder]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/ours\.gguf +\S+ k +F32 +512 +compact +tune +22\.1\.8/);
  expect(stdout).toMatch(/foreign\.gguf .* foreign/);
  expect(stdout).toMatch(/broken\.gguf .*(version|cut off)/);
  const { stdout: json } = await llmc(["models", "list", folder, "--json"]);
  const { models } = JSON.parse(json) as { models: { file: string; problem?: string }[] };
  expect(models.map(({ file }) => file)).toEqual([
    "foreign.gguf",
    "other.gguf",
    "ours.gguf",
    "sub/broken.gguf",
  ]);
  expect(models.filter(({ problem }) => problem !== undefined)).toHaveLength(1);
});

test("llmc models list says that a folder has none, or is none", async () => {
  const empty = await llmc(["models", "list", tempFolder()]);
  expect([empty.code, empty.stdout]).toEqual([0, expect.stringContaining("no .gguf file")]);
  expect((await llmc(["models", "list", join(folder, "none")])).code).toBe(2);
});

test("llmc models inspect says what a file was made for and whether it fits", async () => {
  const ours = await llmc(["models", "inspect", join(folder, "ours.gguf"), "--json"]);
  expect(ours.code).toBe(0);
  expect(JSON.parse(ours.stdout)).toMatchObject({
    name: "tiny",
    architecture: "llama",
    quantization: "F32",
    contextTokens: 512,
    layers: 2,
    width: 32,
    fits: true,
    madeFor: { dialect: "compact", stage: "tune", llvmVersion: "22.1.8" },
  });
  const other = await llmc(["models", "inspect", join(folder, "other.gguf")]);
  expect(other.stdout).toMatch(/fits here +the model was made for the coreset 1234, here is/);
});

test("llmc models inspect reads a foreign file, and refuses one that is cut off", async () => {
  const { stdout } = await llmc(["models", "inspect", join(folder, "foreign.gguf")]);
  expect(stdout).toMatch(/dialect +not one of ours/);
  const cut = join(tempFolder(), "cut.gguf");
  writeFileSync(cut, foreign.bytes.subarray(0, foreign.bytes.length - 100));
  const { code, stderr } = await llmc(["models", "inspect", cut]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/cut off: the file has \d+ bytes/)]);
});
