/** A Hugging Face folder (config.json, safetensors, tokenizer.json, training.json if there is one) as a GGUF file. */

import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { type GgufEntry, ggufVocabulary, TOKEN_TYPE } from "../../tokenizer/gguf.ts";
import { parseTokenizer } from "../../tokenizer/file.ts";
import { MADE_FOR_KEYS } from "../made-for.ts";
import { readConfig } from "./config.ts";
import { InvalidModel } from "./invalid-model.ts";
import { llamaTensors } from "./llama-tensors.ts";
import { type FileType, modelEntries } from "./metadata.ts";
import { provenanceEntries } from "./provenance.ts";
import { openWeights } from "./safetensors.ts";
import { type WriteOptions, writeGguf } from "./write.ts";

export interface Converted {
  readonly tensors: number;
  readonly bytes: number;
  /** Whether training.json said what the model was made for. */
  readonly hasProvenance: boolean;
}

export type ConvertOutcome =
  | { readonly status: "ok"; readonly value: Converted }
  | { readonly status: "invalid"; readonly message: string };

export interface ConvertOptions extends WriteOptions {
  readonly type?: FileType;
  /** What the model may be asked, where that is not everything. */
  readonly tasks?: readonly string[] | undefined;
}

/** Writes `out` whole or not at all. What the file system throws (a full disk) and an abort go through. */
export async function convertModel(
  folder: string,
  out: string,
  options: ConvertOptions = {},
): Promise<ConvertOutcome> {
  const { type = "f16", tasks, ...writeOptions } = options;
  try {
    const config = readConfig(join(folder, "config.json"));
    const vocabulary = readVocabulary(join(folder, "tokenizer.json"), config.vocabulary);
    const training = readTraining(join(folder, "training.json"));
    await using weights = await openWeights(folder);
    const tensors = llamaTensors(weights, config);
    const provenance = provenanceEntries({
      ...training?.provenance,
      ...(tasks && { [MADE_FOR_KEYS.tasks]: tasks.join(",") }),
    });
    const entries = [
      ...modelEntries(config, type, training?.run ?? basename(resolve(folder))),
      ...provenance,
      ...vocabulary,
    ];
    const bytes = await writeGguf(out, { entries, tensors, type }, writeOptions);
    return {
      status: "ok",
      value: { tensors: tensors.length, bytes, hasProvenance: provenance.length > 0 },
    };
  } catch (error) {
    if (error instanceof InvalidModel) return { status: "invalid", message: error.message };
    throw error;
  }
}

/** The tokenizer's keys, filled up to the `size` of the model's vocabulary. */
function readVocabulary(path: string, size: number): GgufEntry[] {
  return parseEntries(path).map((entry) => {
    if (entry.key === "tokenizer.ggml.tokens" && entry.type === "string[]") {
      if (entry.value.length > size)
        throw new InvalidModel(
          `${path}: has ${entry.value.length} tokens, the model only ${size}; it belongs to another model`,
        );
      const value = filled(entry.value, size, (id) => `[PAD${id}]`);
      return { key: entry.key, type: entry.type, value };
    }
    if (entry.key === "tokenizer.ggml.token_type" && entry.type === "int32[]") {
      const value = filled(entry.value, size, () => TOKEN_TYPE.unused);
      return { key: entry.key, type: entry.type, value };
    }
    return entry;
  });
}

const filled = <T>(values: readonly T[], size: number, make: (index: number) => T): T[] =>
  Array.from({ length: size }, (_, index) => values[index] ?? make(index));

function parseEntries(path: string): readonly GgufEntry[] {
  try {
    return ggufVocabulary(parseTokenizer(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidModel(
      `${path}: ${why}; want the tokenizer.json that the model was trained with`,
    );
  }
}

const trainingSchema = z.object({ run: z.string(), provenance: z.record(z.string(), z.unknown()) });

function readTraining(path: string): z.infer<typeof trainingSchema> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return trainingSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new InvalidModel(
      `${path}: is not what the trainer's export writes; mend it or remove it`,
    );
  }
}
