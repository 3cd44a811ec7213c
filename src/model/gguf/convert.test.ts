import { cpSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGgufFileInfo } from "node-llama-cpp";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { readGgufInfo } from "../gguf-info.ts";
import { convertModel } from "./convert.ts";

const HIDDEN = 64;
const CONFIG = {
  model_type: "llama",
  vocab_size: 1500,
  max_position_embeddings: 128,
  hidden_size: HIDDEN,
  intermediate_size: 96,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_act: "silu",
  rms_norm_eps: 1e-5,
  rope_theta: 50_000,
  tie_word_embeddings: true,
};
const LAYER = "model.layers.0.";
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  "model.embed_tokens.weight": [1500, HIDDEN],
  "model.norm.weight": [HIDDEN],
  [`${LAYER}input_layernorm.weight`]: [HIDDEN],
  [`${LAYER}post_attention_layernorm.weight`]: [HIDDEN],
  [`${LAYER}self_attn.q_proj.weight`]: [HIDDEN, HIDDEN],
  [`${LAYER}self_attn.k_proj.weight`]: [HIDDEN / 2, HIDDEN],
  [`${LAYER}self_attn.v_proj.weight`]: [HIDDEN / 2, HIDDEN],
  [`${LAYER}self_attn.o_proj.weight`]: [HIDDEN, HIDDEN],
  [`${LAYER}mlp.gate_proj.weight`]: [96, HIDDEN],
  [`${LAYER}mlp.up_proj.weight`]: [96, HIDDEN],
  [`${LAYER}mlp.down_proj.weight`]: [HIDDEN, 96],
};
const TOKENIZER = join(import.meta.dirname, "../../tokenizer/golden/tokenizer.json");

type Shapes = Readonly<Record<string, readonly number[]>>;

/** A file of safetensors in float32; every value is `value`. */
function safetensors(shapes: Shapes, { dtype = "F32", value = 0.5 } = {}): Buffer {
  let at = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    at += bytes;
    return [name, { dtype, shape, data_offsets: [at - bytes, at] }] as const;
  });
  const json = Buffer.from(
    JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(header) }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(new Float32Array(at / 4).fill(value).buffer)]);
}

function modelFolder(weights: Buffer = safetensors(SHAPES), config: object = CONFIG): string {
  const folder = tempFolder();
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "model.safetensors"), weights);
  cpSync(TOKENIZER, join(folder, "tokenizer.json"));
  return folder;
}

async function messageFor(folder: string): Promise<string> {
  const out = join(tempFolder(), "model.gguf");
  const outcome = await convertModel(folder, out);
  expect(readdirSync(join(out, ".."))).toEqual([]);
  return outcome.status === "invalid" ? outcome.message : outcome.status;
}

describe("convertModel", () => {
  test("writes what llama.cpp's reader and ours find again when the type is q8_0", async () => {
    const folder = modelFolder();
    const provenance = { "llmc.dialect": "compact", "llmc.stage": "tune", "recipe": "nano" };
    writeFileSync(join(folder, "training.json"), JSON.stringify({ run: "r", step: 3, provenance }));
    const out = join(tempFolder(), "new/model.gguf");
    const outcome = await convertModel(folder, out, { type: "q8_0" });
    expect(outcome).toEqual({
      status: "ok",
      value: { tensors: 11, bytes: readFileSync(out).length, hasProvenance: true },
    });
    const theirs = await readGgufFileInfo(out);
    expect(theirs.metadata.general).toMatchObject({
      architecture: "llama",
      name: "r",
      file_type: 7,
    });
    expect(theirs.architectureMetadata).toMatchObject({ context_length: 128, block_count: 1 });
    const types = new Map(theirs.fullTensorInfo?.map(({ name, ggmlType }) => [name, ggmlType]));
    expect(types.get("blk.0.attn_norm.weight")).toBe(0);
    expect(types.get("token_embd.weight")).toBe(8);
    const ours = readGgufInfo(out);
    if (ours.status !== "ok") throw new Error(ours.message);
    expect(ours.value.metadata.get("llmc.stage")).toBe("tune");
    expect(ours.value.metadata.get("llama.rope.freq_base")).toBe(50_000);
    expect(ours.value.metadata.get("recipe")).toBeUndefined();
    expect(ours.value.tensors.length).toBe(11);
  });

  test("keeps a matrix as F16 when its rows are no whole number of Q8_0 blocks", async () => {
    const shapes = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [name, shape.map((n) => (n === 96 ? 80 : n))]),
    );
    const out = join(tempFolder(), "model.gguf");
    await convertModel(
      modelFolder(safetensors(shapes), { ...CONFIG, intermediate_size: 80 }),
      out,
      { type: "q8_0" },
    );
    const info = readGgufInfo(out);
    const types =
      info.status === "ok" ? info.value.tensors.map(({ name, type }) => [name, type]) : [];
    expect(Object.fromEntries(types)).toMatchObject({
      "blk.0.ffn_down.weight": "F16",
      "blk.0.ffn_up.weight": "Q8_0",
    });
  });

  test("reads several files when there is an index", async () => {
    const folder = modelFolder();
    const names = Object.keys(SHAPES);
    const part = (from: number, to: number): Shapes =>
      Object.fromEntries(Object.entries(SHAPES).slice(from, to));
    writeFileSync(join(folder, "a.safetensors"), safetensors(part(0, 5)));
    writeFileSync(join(folder, "b.safetensors"), safetensors(part(5, names.length)));
    const map = names.map((name, i) => [name, i < 5 ? "a.safetensors" : "b.safetensors"]);
    const index = { weight_map: Object.fromEntries(map) };
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
    const [one, many] = [join(folder, "one.gguf"), join(folder, "many.gguf")];
    await convertModel(folder, many);
    await convertModel(modelFolder(), one);
    const tensors = (path: string): unknown => {
      const info = readGgufInfo(path);
      return info.status === "ok" ? info.value.tensors : info.message;
    };
    expect(tensors(many)).toEqual(tensors(one));
  });

  test("says what is wrong and writes nothing when the weights are no safetensors", async () => {
    expect(await messageFor(modelFolder(Buffer.from("PK\u0003\u0004")))).toMatch(
      /is no safetensors file/,
    );
    expect(await messageFor(modelFolder(Buffer.alloc(64, 0x20)))).toMatch(/is no safetensors file/);
    const garbled = safetensors(SHAPES).fill("x", 9, 30);
    expect(await messageFor(modelFolder(garbled))).toMatch(/header is not the JSON/);
  });

  test.each([100, 5000])(
    "says that the weights are cut off when %i bytes are left",
    async (bytes) => {
      const folder = modelFolder();
      truncateSync(join(folder, "model.safetensors"), bytes);
      expect(await messageFor(folder)).toMatch(/cut off: \d+ bytes, want at least \d+/);
    },
  );

  test("names the tensor when it is missing, of another shape, one too many or of a strange type", async () => {
    const { "model.norm.weight": _, ...lacking } = SHAPES;
    expect(await messageFor(modelFolder(safetensors(lacking)))).toMatch(/lack "model.norm.weight"/);
    const bent = { ...SHAPES, "model.norm.weight": [HIDDEN + 1] };
    expect(await messageFor(modelFolder(safetensors(bent)))).toMatch(
      /"model.norm.weight" is \[65\]; .* \[64\]/,
    );
    const biased = { ...SHAPES, [`${LAYER}self_attn.q_proj.bias`]: [HIDDEN] };
    expect(await messageFor(modelFolder(safetensors(biased)))).toMatch(/have ".*q_proj.bias"/);
    expect(await messageFor(modelFolder(safetensors(SHAPES, { dtype: "I32" })))).toMatch(
      /is of type I32/,
    );
  });

  test("names the tensor and leaves no file when a value is not finite", async () => {
    const weights = safetensors(SHAPES, { value: Number.NaN });
    expect(await messageFor(modelFolder(weights))).toMatch(
      /"model.embed_tokens.weight" has values that are not finite/,
    );
  });

  test("says what config.json or tokenizer.json lacks when they do not fit", async () => {
    const phi = { ...CONFIG, model_type: "phi" };
    expect(await messageFor(modelFolder(undefined, phi))).toMatch(/config.json: model_type: /);
    const small = { ...CONFIG, vocab_size: 300 };
    expect(await messageFor(modelFolder(undefined, small))).toMatch(/tokens, the model only 300/);
    const folder = modelFolder();
    writeFileSync(join(folder, "tokenizer.json"), "{}");
    expect(await messageFor(folder)).toMatch(/tokenizer.json: .*want the tokenizer.json/s);
    const empty = join(tempFolder(), "empty");
    mkdirSync(empty);
    expect(await messageFor(empty)).toMatch(/want a Hugging Face folder with config.json/);
  });

  test("leaves nothing behind when it is aborted", async () => {
    const out = join(tempFolder(), "model.gguf");
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const convert = convertModel(modelFolder(), out, { onProgress, signal: controller.signal });
    await expect(convert).rejects.toThrow(/abort/);
    expect(readdirSync(join(out, ".."))).toEqual([]);
  });
});
