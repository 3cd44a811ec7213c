import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { tinyModel, writeTinyModel } from "../../test/support/tiny-gguf.ts";
import { type GgufInfo, readGgufInfo } from "./gguf-info.ts";
import { checkModel, madeFor } from "./made-for.ts";

const folder = tempFolder();
const { bytes } = await tinyModel();

function fileOf(content: Uint8Array): string {
  const path = join(folder, "file.gguf");
  writeFileSync(path, content);
  return path;
}

function changed(at: number, patch: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(patch, at);
  return copy;
}

const messageOf = (path: string): string => {
  const outcome = readGgufInfo(path);
  return outcome.status === "ok" ? "ok" : outcome.message;
};

test("readGgufInfo reads metadata and tensors", async () => {
  const path = join(folder, "tiny.gguf");
  await writeTinyModel(path, { contextTokens: 640, layers: 3 });
  const outcome = readGgufInfo(path);
  if (outcome.status !== "ok") throw new Error(outcome.message);
  const { metadata, tensors, parameters, version } = outcome.value;
  expect(version).toBe(3);
  expect(metadata.get("general.architecture")).toBe("llama");
  expect(metadata.get("llama.context_length")).toBe(640);
  expect(metadata.get("tokenizer.ggml.add_bos_token")).toBe(false);
  expect(tensors).toHaveLength(2 + 3 * 9);
  expect(tensors[1]).toMatchObject({
    name: "output_norm.weight",
    shape: [32],
    type: "F32",
    bytes: 128,
  });
  expect(parameters).toBe(tensors.reduce((sum, tensor) => sum + tensor.bytes / 4, 0));
});

test("readGgufInfo tells a file that is cut off, wherever it is", () => {
  const path = fileOf(bytes);
  expect(messageOf(path)).toBe("ok");
  for (const length of [bytes.length - 1, bytes.length - 4000, 2000, 30, 5]) {
    truncateSync(fileOf(bytes), length);
    expect(messageOf(path)).toMatch(/cut off/);
  }
});

test.each([
  ["another magic", () => changed(0, Buffer.from("GGML")), /not a GGUF file/],
  ["an empty file", () => Buffer.alloc(0), /not a GGUF file/],
  ["a text", () => Buffer.from("version https://git-lfs.github.com/spec/v1\n"), /not a GGUF file/],
  ["version 1", () => changed(4, Uint8Array.of(1)), /version 1; want 2 or 3/],
  ["version 9", () => changed(4, Uint8Array.of(9)), /version 9/],
  ["too many tensors", () => changed(8, Buffer.alloc(8, 0x11)), /is no count|want at most/],
  ["too many entries", () => changed(16, Uint8Array.of(0, 0, 0, 1)), /metadata entries/],
])("readGgufInfo refuses %s", (_, content, message) => {
  expect(messageOf(fileOf(content()))).toMatch(message);
});

test("readGgufInfo refuses a path that is no file", () => {
  expect(messageOf(join(folder, "none.gguf"))).toMatch(/no such file/);
  expect(messageOf(folder)).toMatch(/a folder/);
});

test("readGgufInfo survives any damage to the header", () => {
  const headerBytes = bytes.indexOf("blk.1.ffn_down.weight");
  fc.assert(
    fc.property(
      fc.nat(headerBytes),
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
      (at, patch) => {
        const outcome = readGgufInfo(fileOf(changed(at, patch)));
        expect(["ok", "refused"]).toContain(outcome.status);
      },
    ),
    { numRuns: 200 },
  );
});

const infoWith = (entries: Readonly<Record<string, string>>): Pick<GgufInfo, "metadata"> => ({
  metadata: new Map(Object.entries(entries)),
});

const MADE = {
  "llmc.dialect": "compact",
  "llmc.llvm.version": "22.1.8",
  "llmc.passes.hash": "p1",
  "llmc.coreset.hash": "c1",
  "llmc.stage": "tune",
  "llmc.commit": "abc",
};

test("madeFor reads what the file says of itself", () => {
  expect(madeFor(infoWith(MADE))).toEqual({
    dialect: "compact",
    llvmVersion: "22.1.8",
    passesHash: "p1",
    coresetHash: "c1",
    stage: "tune",
    commit: "abc",
  });
  expect(madeFor(infoWith({ "general.name": "x" }))).toEqual({});
});

test("checkModel takes a model made for what is installed, and a foreign one", () => {
  const installed = { llvmVersion: "22.1.2", passesHash: "p1", coresetHash: "c1" };
  expect(checkModel(infoWith(MADE), installed).status).toBe("ok");
  expect(checkModel(infoWith({}), installed).status).toBe("ok");
  expect(checkModel(infoWith(MADE), {}).status).toBe("ok");
});

test.each([
  [{ llvmVersion: "19.1.7" }, /LLVM 22, here is 19/],
  [{ passesHash: "p2" }, /pass registry p1, here is p2/],
  [{ coresetHash: "c2" }, /coreset c1, here is c2/],
])("checkModel refuses a model where %j is installed", (installed, message) => {
  const outcome = checkModel(infoWith(MADE), installed);
  expect(outcome.status).toBe("refused");
  expect(outcome.status === "ok" ? "" : outcome.message).toMatch(message);
});

test("checkModel refuses a model for a task that it was not made for, and one that does not say for none", () => {
  const made = infoWith({ ...MADE, "llmc.tasks": "disassemble,emulate" });
  expect(checkModel(made, { task: "emulate" }).status).toBe("ok");
  expect(checkModel(infoWith(MADE), { task: "tune" }).status).toBe("ok");
  expect(checkModel(made, { task: "tune" })).toMatchObject({
    status: "refused",
    message: expect.stringContaining("the task disassemble and emulate, here it is tune"),
  });
});

test("checkModel refuses a dialect that is unknown here", () => {
  expect(checkModel(infoWith({ ...MADE, "llmc.dialect": "x" }), {}).status).toBe("refused");
});
